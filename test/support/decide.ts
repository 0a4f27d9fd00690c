import { cpSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Summary } from "../../src/index.js";
import { newFolder } from "./folder.js";
import type { Databases, Planned } from "./incident.js";
import { pgmend, type Run } from "./program.js";

/** `pgmend resolve` in the folder of a plan, by Ann unless the words say otherwise. */
export function resolve(
  { current }: Pick<Databases, "current">,
  { folder }: Pick<Planned, "folder">,
  words: readonly string[],
  input?: string | Uint8Array,
): Promise<Run> {
  const by = words.includes("--by") ? [] : ["--by", "ann"];
  return pgmend(["resolve", ...words, ...by, "--quiet"], {
    cwd: dirname(folder),
    env: { PGMEND_CURRENT: current },
    ...(input === undefined ? {} : { input }),
  });
}

/** The same, and the summary of the plan it makes. @throws when it does not get that far */
export async function resolved(
  databases: Pick<Databases, "current">,
  planned: Pick<Planned, "folder">,
  words: readonly string[],
  input?: string | Uint8Array,
): Promise<Summary> {
  const run = await resolve(databases, planned, [...words, "--json"], input);
  if (run.exitCode !== 0 && run.exitCode !== 3)
    throw new Error(`resolve: exit code ${run.exitCode}\n${run.stderr}`);
  return JSON.parse(run.stdout) as Summary;
}

/** The same plan in a folder of its own, to decide it otherwise. */
export function copyOf<P extends Pick<Planned, "folder">>(planned: P): P {
  const folder = join(newFolder(), "recovery");
  cpSync(planned.folder, folder, { recursive: true });
  return { ...planned, folder };
}

/** Everything in a recovery folder that is text, by name. */
export function filesOf({ folder }: Pick<Planned, "folder">): Readonly<Record<string, string>> {
  // What begins with a dot is no file of it: somebody was killed making it.
  const names = readdirSync(folder).filter((name) => !/^(plan\.duckdb|\.)/.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
