import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compareDatabases } from "../../sample-data/compare-databases.js";
import { deviceUnpinning } from "../../sample-data/device-unpinning/story.js";
import type { Story } from "../../sample-data/story.js";
import { truncateCascade } from "../../sample-data/truncate-cascade/story.js";
import { createDatabase, databaseUrl, query } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { readLines } from "../support/incident.js";
import { Program } from "../support/program.js";
import { callOf, folderWithPgmend, runScript, type Scripted } from "../support/shell.js";

/** docs/runbook from a shell, unattended, on the two sample incidents. What it does at every exit code: test/meta. */
const LIMIT = 600_000;
const runbook = join(import.meta.dirname, "..", "..", "docs", "runbook");
const program = new Program();
const bin = folderWithPgmend(callOf(program.command([])));

const decided = { DECIDED_BY: "Ada Lovelace" };
const signed = { ...decided, REVIEWER: "Grace Hopper" };
/** The steps that write, where all goes well. */
const written = [
  ["rehearse", 0],
  ["approve", 0],
  ["apply", 0],
  ["verify", 0],
] as const;

describe("undo.sh", () => {
  it("mends the fleet, with two people asked; a row that moves is planned again; all of it is taken back", {
    timeout: LIMIT,
  }, async () => {
    const { played, clone, run, recovery } = await play(deviceUnpinning, "undo.sh");
    expect(told(await run({}))).toEqual([["check", 0], ["plan", 3], ["list", 3], 3]);
    expect(told(await run(decided))).toEqual([
      ["check", 0],
      ["list", 3],
      ["resolve", 3],
      ["resolve", 0],
      ["rehearse", 0],
      3,
    ]);
    expect(await compareDatabases(played.current, clone)).toEqual([]);

    // Somebody pins a device that is to get its old pin back.
    const changes = readLines(recovery, "changes.jsonl") as unknown as Change[];
    const pins = changes.map(({ key, columns: { is_pinned_on__release: pin } }) => [key.id, pin?.to ?? null]);
    const [pinned] = await query(
      played.current,
      `SELECT device.id, max(release.id) AS release FROM public.device JOIN public.release USING (belongs_to__application)
        JOIN json_array_elements($1) AS pin ON (pin ->> 0)::int = device.id AND (pin ->> 1)::int <> release.id
        GROUP BY device.id ORDER BY device.id LIMIT 1`,
      [JSON.stringify(pins)],
    );
    const move = `SET session_replication_role = replica; UPDATE public.device
      SET is_pinned_on__release = ${pinned?.["release"]}, modified_at = '2019-09-24 06:00+00' WHERE id = ${pinned?.["id"]}`;
    for (const url of [played.current, played.truth]) await query(url, move);
    const stopped = await run(signed);
    expect(told(stopped)).toEqual([
      ["check", 0],
      ["list", 0],
      ["rehearse", 0],
      ["approve", 0],
      ["apply", 4],
      4,
    ]);
    const again = await run({ ...signed, CLONE: "" }, "drifted");
    expect(told(again)).toEqual([
      ["apply", 4],
      ["plan", 3],
      ["list", 3],
      ["resolve", 0],
      ["resolve", 0],
      ...written,
      0,
    ]);
    expect(await compareDatabases(played.current, played.truth, { sequences: true })).toEqual([]);

    expect(told(await run({ OUT: "recovery-drifted" }, "back"))).toEqual([["rollback", 0], 0]);
    expect(told(await run({}, "back"))).toEqual([["rollback", 0], 0]);
    await query(clone, move);
    expect(await compareDatabases(played.current, clone)).toEqual([]);
  });
});

describe("replay.sh", () => {
  it("puts back the lost hours, once, leaves open what is meant to be, and takes it all back", {
    timeout: LIMIT,
  }, async () => {
    const { played, clone, run } = await play(truncateCascade, "replay.sh");
    const asked = [["check", 0], ["plan", 3], ["list", 3], ["resolve", 3], ["resolve", 3], 3];
    expect(told(await run(signed))).toEqual(asked);
    expect(await compareDatabases(played.current, clone)).toEqual([]);
    const write = [["rehearse", 3], ["approve", 0], ["apply", 3], ["verify", 0], 3];
    const left = await run({ ...signed, LEAVE_OPEN: "yes" });
    expect(told(left)).toEqual([["check", 0], ["list", 3], ["resolve", 3], ["resolve", 3], ...write]);
    expect(left.stderr).toContain("done: all that was planned is written");
    expect(await compareDatabases(played.current, played.truth, { sequences: true })).toEqual([]);
    expect(told(await run(signed))).toEqual([["check", 0], ["list", 3], ...write]);
    expect(await compareDatabases(played.current, played.truth, { sequences: true })).toEqual([]);
    expect(told(await run({}, "back"))).toEqual([["rollback", 0], 0]);
    expect(await compareDatabases(played.current, clone)).toEqual([]);
  });
});

describe("both", () => {
  it("write a first config where there is none, and wait for it to be read", { timeout: LIMIT }, async () => {
    const [pre, current] = await twoFleets();
    const cwd = newFolder();
    const env = { CONFIG: join(cwd, "own.yaml"), PGMEND_PRE: pre, PGMEND_CURRENT: current };
    const script = join(runbook, "undo.sh");
    expect(told(await runScript(script, [], { cwd, bin, env }))).toEqual([["init", 0], 3]);
    expect(readFileSync(env.CONFIG, "utf8")).toContain("mode: undo");
    expect(told(await runScript(script, [], { cwd, bin, env }))).toEqual([
      ["check", 0],
      ["plan", 0],
      ["list", 0],
      ["rehearse", 0],
      3,
    ]);
  });

  it("tell no password", async () => {
    const env = {
      PGMEND_PRE: "postgresql://ann:s3cret@127.0.0.1:1/a",
      CLONE: "postgresql://ann:s3cret@127.0.0.1:1/c",
    };
    const all = { ...env, PGMEND_CURRENT: env.PGMEND_PRE, PGMEND_POST: env.PGMEND_PRE };
    const run = await runScript(join(runbook, "undo.sh"), [], { cwd: newFolder(), bin, env: all });
    expect(told(run)).toEqual([["check", 1], 1]);
    expect(run.stderr + run.stdout).not.toContain("s3cret");
  });

  it("end with 2 at a word they do not know", async () => {
    const run = await runScript(join(runbook, "replay.sh"), ["forward"], { cwd: newFolder(), bin });
    expect(told(run)).toEqual([2]);
  });
});

describe("drill.sh", () => {
  it("succeeds with a backup that would do, keeps what was said, and writes nothing", {
    timeout: LIMIT,
  }, async () => {
    const { played, drill } = await playDrill();
    const before = await createDatabase("before", played.post);
    const { run, keep } = await drill({});
    expect(told(run)).toEqual([["check", 0], ["plan", 0], ["rehearse", 0], 0]);
    expect(readdirSync(keep).toSorted()).toEqual(["check.json", "plan.json", "rehearse.json"]);
    const summary = JSON.parse(readFileSync(join(keep, "plan.json"), "utf8"));
    expect(summary.totals).toMatchObject({ open: 0, conflict: 0 });
    expect(summary.totals.apply).toBeGreaterThan(100);
    expect(await compareDatabases(played.post, before)).toEqual([]);
  });

  it("fails with a backup that is empty, old, without a table, or not there", {
    timeout: LIMIT,
  }, async () => {
    const { played, drill } = await playDrill();
    const empty = await createDatabase("empty", played.pre);
    await query(empty, "TRUNCATE public.device CASCADE");
    expect(told((await drill({ PGMEND_PRE: empty })).run)).toEqual([
      ["check", 0],
      ["plan", 0],
      ["rehearse", 1],
      1,
    ]);
    const old = await drill({ BACKUP_NEWER_THAN: "2019-09-24" });
    expect(told(old.run)).toEqual([["check", 0], ["plan", 0], ["rehearse", 1], 1]);
    expect(existsSync(join(old.keep, "recovery", "report.html"))).toBe(true);
    const nowhere = await drill({ PGMEND_PRE: "postgresql://ann@127.0.0.1:1/backup" });
    expect(told(nowhere.run)).toEqual([["check", 1], 1]);
    const lacking = await createDatabase("lacking", played.pre);
    await query(lacking, "DROP TABLE public.device_tag");
    expect((await drill({ PGMEND_PRE: lacking })).run.exitCode).not.toBe(0);
  });
});

interface Change {
  readonly key: { readonly id: string };
  readonly columns: { readonly is_pinned_on__release?: { readonly to: string | null } };
}

/** What ran, and the code of the script last. */
function told({ steps, exitCode }: Scripted): readonly unknown[] {
  return [...steps, exitCode];
}

/** A story with a clone of its live database, and its script in a folder of its own. */
async function play(story: Story, name: string) {
  plays += 1;
  const prefix = `${plays}_`;
  const url = (database: string) => databaseUrl(database === "postgres" ? database : `${prefix}${database}`);
  const played = await story.play({ url, scale: 0.15, seed: 7 });
  const clone = await createDatabase("clone", played.current);
  const cwd = newFolder();
  const { pre, post, current } = played;
  const surroundings = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current, CLONE: clone };
  const run = (env: Readonly<Record<string, string>>, ...words: string[]) =>
    runScript(join(runbook, name), words, { cwd, bin, env: { ...surroundings, ...env } });
  return { played, clone, run, recovery: join(cwd, "recovery") };
}

let plays = 0;

async function twoFleets() {
  const pre = await createDatabase("two");
  await query(
    pre,
    "CREATE TABLE device (id integer PRIMARY KEY, owner text); INSERT INTO device VALUES (1, 'ann')",
  );
  const current = await createDatabase("two", pre);
  await query(current, "UPDATE device SET owner = NULL");
  return [pre, current] as const;
}

/** Last night's backup, and the live database a while later. */
async function playDrill() {
  const { played } = await play(deviceUnpinning, "undo.sh");
  const drill = async (env: Readonly<Record<string, string>>) => {
    const cwd = newFolder();
    const keep = join(cwd, "kept");
    const databases = { PGMEND_PRE: played.pre, PGMEND_CURRENT: played.post };
    const all = { ...databases, KEEP: keep, BACKUP_NEWER_THAN: "2019-09-22", ...env };
    return { keep, run: await runScript(join(runbook, "drill.sh"), [], { cwd, bin, env: all }) };
  };
  return { played, drill };
}
