import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Summary } from "../../src/index.js";
import { createDatabase, query } from "./database.js";
import { newFolder } from "./folder.js";
import { pgmend, type Run } from "./program.js";

/** What happened, told in SQL. Each part goes on from what was there before it. */
export interface Story {
  /** Schema and rows from before the incident. */
  readonly pre: string;
  /** What happened in the window: the incident, and people's work meanwhile. */
  readonly post?: string;
  /** What happened since: on a copy of `post`, or in mode replay of `pre`. */
  readonly current?: string;
  readonly mode?: "undo" | "replay";
}

export interface Databases {
  readonly pre: string;
  readonly post: string;
  readonly current: string;
  readonly mode: "undo" | "replay";
}

/** Plays the story: three databases, each a physical copy of the one it goes on from. */
export async function play({ pre, post = "", current = "", mode = "undo" }: Story): Promise<Databases> {
  const databases = { pre: await createDatabase("pre") };
  await query(databases.pre, pre);
  const after = await createDatabase("post", databases.pre);
  await query(after, post);
  const now = await createDatabase("current", mode === "undo" ? after : databases.pre);
  await query(now, current);
  return { ...databases, post: after, current: now, mode };
}

export interface Wishes {
  /** The content of pgmend.yaml. */
  readonly config?: string;
  readonly words?: readonly string[];
}

export interface Planned extends Run {
  /** The recovery folder. */
  readonly folder: string;
  readonly summary: Summary;
}

/** `pgmend plan`, as a person would run it in a folder of its own. */
export async function makePlan(databases: Databases, wishes: Wishes = {}): Promise<Planned> {
  const cwd = newFolder();
  const { pre, post, current, mode } = databases;
  writeFileSync(join(cwd, "pgmend.yaml"), wishes.config ?? "");
  const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
  const words = ["plan", "--json", "--mode", mode, ...(wishes.words ?? [])];
  const run = await pgmend(words, { cwd, env });
  if (run.exitCode !== 0 && run.exitCode !== 3)
    throw new Error(`plan: exit code ${run.exitCode}\n${run.stderr}`);
  return { ...run, folder: join(cwd, "recovery"), summary: JSON.parse(run.stdout) as Summary };
}

/** The lines of a `.jsonl` file of the recovery folder. */
export function readLines(folder: string, name: string): readonly Record<string, unknown>[] {
  const lines = readFileSync(join(folder, name), "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
