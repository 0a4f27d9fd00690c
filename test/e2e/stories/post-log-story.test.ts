import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compareDatabases } from "../../../sample-data/compare-databases.js";
import type { PlayedStory } from "../../../sample-data/story.js";
import {
  type LoggedAction,
  playChangeLog,
  withoutMigration,
} from "../../../sample-data/truncate-cascade/change-log.js";
import { truncateCascade } from "../../../sample-data/truncate-cascade/story.js";
import type { Summary } from "../../../src/index.js";
import { createDatabase, databaseUrl } from "../../support/database.js";
import { newFolder } from "../../support/folder.js";
import { readLines } from "../../support/incident.js";
import { pgmend } from "../../support/program.js";
import { nameOf, runPatch } from "../../support/recovery.js";

const LIMIT = 120_000;

let played: PlayedStory;
let actions: readonly LoggedAction[];

beforeAll(async () => {
  const stage = { url: databaseUrl, scale: 0.2, seed: 5 };
  played = await truncateCascade.play(stage);
  actions = await playChangeLog(stage);
}, LIMIT);

async function planned(log?: readonly LoggedAction[]) {
  const cwd = newFolder();
  writeFileSync(join(cwd, "pgmend.yaml"), truncateCascade.config);
  const { pre, post, current } = played;
  if (log !== undefined)
    writeFileSync(join(cwd, "actions.jsonl"), log.map((action) => `${JSON.stringify(action)}\n`).join(""));
  const words = log === undefined ? ["--post", post] : ["--post-log", "actions.jsonl"];
  const run = await pgmend(["plan", "--json", "--quiet", "--pre", pre, "--current", current, ...words], {
    cwd,
  });
  if (run.exitCode !== 3) throw new Error(run.stderr);
  const folder = join(cwd, "recovery");
  return { folder, summary: JSON.parse(run.stdout) as Summary };
}

async function recovered(folder: string): Promise<string> {
  const patient = await createDatabase("patient", played.current);
  const patched = await runPatch(join(folder, "patch.sql"), patient, { pgmend_database: nameOf(patient) });
  expect(patched, patched.stderr).toMatchObject({ exitCode: 0 });
  return patient;
}

const keyed = (folder: string, name: string) =>
  readLines(folder, name)
    .map((line) => JSON.stringify({ ...line, causes: undefined, reason: undefined }))
    .toSorted();

describe("a change log in the place of post", () => {
  it("complete, it recovers the same as post does", { timeout: LIMIT }, async () => {
    const [byPost, byLog] = [await planned(), await planned(actions)];
    const { totals: expected, tables } = byPost.summary;
    const { rowsCompared: _, ...totals } = byLog.summary.totals;
    expect({ ...expected, ...totals }).toEqual(expected);
    expect(byLog.summary.tables.map(({ incident, apply }) => ({ incident, apply }))).toEqual(
      tables.map(({ incident, apply }) => ({ incident, apply })),
    );
    for (const name of ["changes.jsonl", "conflicts.jsonl", "skipped.jsonl"])
      expect(keyed(byLog.folder, name)).toEqual(keyed(byPost.folder, name));
    expect(readLines(byLog.folder, "log-problems.jsonl")).toEqual([]);
    const patient = await recovered(byLog.folder);
    expect(await compareDatabases(patient, await recovered(byPost.folder), { sequences: true })).toEqual([]);
    expect(await compareDatabases(patient, played.truth)).toEqual([]);
  });

  it("names who was at work last, as the log says", { timeout: LIMIT }, async () => {
    const log = actions.map((action) => ({ ...action, actor: `robot of ${action.table}` }));
    const { folder } = await planned(log);
    expect(readFileSync(join(folder, "affected.csv"), "utf8")).toContain("robot of public.issue");
  });

  it("without what a migration did, its damage is not there to be replayed, and work in vain comes back", {
    timeout: LIMIT,
  }, async () => {
    const { summary } = await planned(withoutMigration(actions));
    const comments = summary.tables.find(({ table }) => table === "public.comment");
    const lost = actions.filter(
      ({ table, operation, time }) =>
        table === "public.comment" && operation === "delete" && time.startsWith("2024-01-24T07:01:20"),
    );
    expect(lost.length).toBeGreaterThan(100);
    expect(comments?.incident.delete).toBeLessThan(20);
  });

  it("with actions missing, what depends on them is named, and nothing is guessed", {
    timeout: LIMIT,
  }, async () => {
    const inserts = actions.filter(
      ({ table, operation }) => table === "public.issue" && operation === "insert",
    );
    const edited = inserts.find(({ key }) =>
      actions.some(
        (action) =>
          action.table === "public.issue" && action.operation === "update" && action.key["id"] === key["id"],
      ),
    );
    const later = actions.filter(
      (action) =>
        action.table === "public.issue" &&
        action.operation !== "insert" &&
        action.key["id"] === edited?.key["id"],
    );
    expect(later.length).toBeGreaterThan(0);
    const { folder, summary } = await planned(actions.filter((action) => action !== edited));
    const problems = readLines(folder, "log-problems.jsonl");
    const orphans = problems.filter(({ problem }) => problem === "orphan");
    expect(orphans.map(({ table }) => table)).toContain("public.issue_label");
    expect(problems.filter(({ problem }) => problem !== "orphan")).toMatchObject(
      later.map(({ sequence, key }) => ({
        problem: "missing",
        replayed: false,
        sequence: String(sequence),
        key,
      })),
    );
    expect(summary.warnings.join()).toContain("speak of rows that neither pre nor the log has");
    await recovered(folder);
  });
});
