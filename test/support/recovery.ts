import { join } from "node:path";
import { expect } from "vitest";
import { compareDatabases } from "../../sample-data/compare-databases.js";
import {
  findPsql,
  runSqlFile,
  runSqlFileWithoutPsql,
  type SqlFileResult,
} from "../../sample-data/server/psql.js";
import { createDatabase, query } from "./database.js";
import { newFolder } from "./folder.js";
import type { Databases, Planned } from "./incident.js";
import { pgmend, type Run } from "./program.js";

/** The two ways to run a patch, which must not differ. */
export const runners = [
  ...(findPsql() === undefined ? [] : [["psql", runSqlFile] as const]),
  ["no psql", runSqlFileWithoutPsql] as const,
];

export type Runner = typeof runSqlFile;

/**
 * Runs a patch. What it says comes without psql's `psql:patch.sql:17: `, and what it prints without what the stand-in
 * for psql prints more: the name of every command.
 */
export async function runPatch(
  file: string,
  url: string,
  variables: Readonly<Record<string, string>> = {},
  run: Runner = runSqlFile,
): Promise<SqlFileResult> {
  const result = await run(url, file, variables);
  const rows = result.stdout.split("\n").filter((line) => line.includes("|"));
  return { ...result, stdout: rows.join("\n"), stderr: result.stderr.replace(/^psql:.*?:\d+: /gm, "") };
}

/** A copy of a database with this done to it. */
export async function cloneWith(url: string, sql: string): Promise<string> {
  const clone = await createDatabase("clone", url);
  await query(clone, sql);
  return clone;
}

export function nameOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

export interface Ending {
  /** What makes of `current` what it should have been; or a database that is so. */
  readonly truth: string | URL;
  /** Columns that triggers write as they like, such as `public.device.modified_at`. */
  readonly ignore?: readonly string[];
  /** Rows of a batch of `apply`; the smaller, the more is found out, and the longer it takes. Default 1. */
  readonly batchRows?: number;
}

/**
 * On copies of current, with each runner: the patch makes the truth of it, a second run does nothing, the rollback
 * brings back what was there, a second one does nothing. All runners say the same.
 *
 * @returns what the patch said when it ran first
 */
export async function expectRecovery(
  { current }: Pick<Databases, "current">,
  { folder }: Pick<Planned, "folder">,
  { truth, ignore = [], batchRows = 1 }: Ending,
): Promise<SqlFileResult> {
  const truthful = truth instanceof URL ? truth.href : await cloneWith(current, truth);
  const said: SqlFileResult[][] = [];
  for (const [, run] of runners) {
    const patient = await createDatabase("patient", current);
    const [patch, rollback] = [join(folder, "patch.sql"), join(folder, "rollback.sql")];
    const outcomes: SqlFileResult[] = [];
    for (const [file, expected] of [
      [patch, truthful],
      [patch, truthful],
      [rollback, current],
      [rollback, current],
    ] as const) {
      const outcome = await runPatch(file, patient, { pgmend_database: nameOf(patient) }, run);
      outcomes.push(outcome);
      expect(outcome).toMatchObject({ exitCode: 0 });
      expect(await compareDatabases(patient, expected, { ignore })).toEqual([]);
    }
    for (const again of [outcomes[1], outcomes[3]])
      expect(again?.stderr).toContain("pgmend: nothing was written");
    said.push(outcomes);
  }
  expect(said.at(-1)).toEqual(said[0]);
  await expectApplied({ current }, { folder }, truthful, { ignore, batchRows });
  return said[0]?.[0] as SqlFileResult;
}

/**
 * `apply` and `apply --rollback` on a copy of current: row by row where rows allow it, so that whatever must not be
 * committed alone is found out.
 */
async function expectApplied(
  { current }: Pick<Databases, "current">,
  { folder }: Pick<Planned, "folder">,
  truthful: string,
  { ignore, batchRows }: Required<Pick<Ending, "ignore" | "batchRows">>,
): Promise<void> {
  const patient = await createDatabase("patient", current);
  for (const [words, expected] of [
    [[], truthful],
    [["--rollback"], current],
  ] as const) {
    const run = await applyTo(patient, folder, ["--batch-rows", `${batchRows}`, ...words]);
    expect([0, 3], run.stderr).toContain(run.exitCode);
    expect(await compareDatabases(patient, expected, { ignore })).toEqual([]);
  }
}

/** `pgmend apply --json` on a copy, without questions. */
export function applyTo(url: string, folder: string, words: readonly string[] = []): Promise<Run> {
  const always = ["--yes", "--json", "--allow-other-database"];
  return pgmend(["apply", folder, "--current", url, ...always, ...words], { cwd: newFolder() });
}
