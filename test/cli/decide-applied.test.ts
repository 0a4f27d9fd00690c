import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { NextFiles } from "../../cli/resolve/next-files.js";
import { type ApplyResult, openPlanStore, openReview, type Review } from "../../src/index.js";
import { query } from "../support/database.js";
import { copyOf, filesOf, resolve, resolved } from "../support/decide.js";
import { newFolder } from "../support/folder.js";
import { type Databases, makePlan, type Planned, play, readLines } from "../support/incident.js";
import { pgmend } from "../support/program.js";
import { applyTo, cloneWith } from "../support/recovery.js";

let databases: Databases;
let planned: Planned;
let ids: readonly string[];

/** Devices 1 and 2 were changed since; two accounts exchanged their addresses, a third is gone with its note. */
beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE account (id integer PRIMARY KEY, email text UNIQUE);
      CREATE TABLE note (id integer PRIMARY KEY, account integer NOT NULL REFERENCES account);
      CREATE TABLE device (id integer PRIMARY KEY, owner text);
      INSERT INTO account VALUES (1, 'a'), (2, 'b'), (3, 'c'); INSERT INTO note VALUES (1, 3), (2, 2);
      INSERT INTO device SELECT n, 'ann' FROM generate_series(1, 5) AS n`,
    post: `UPDATE device SET owner = NULL; DELETE FROM note WHERE id = 1; DELETE FROM account WHERE id = 3;
      UPDATE account SET email = NULL WHERE id = 1; UPDATE account SET email = 'a' WHERE id = 2;
      UPDATE account SET email = 'b' WHERE id = 1; INSERT INTO device VALUES (6, 'noise')`,
    current: "UPDATE device SET owner = 'bob' WHERE id < 3",
  });
  planned = await makePlan(databases, { words: ["--damage", "insert,update,delete"] });
  ids = readLines(planned.folder, "conflicts.jsonl").map(({ conflict }) => conflict as string);
});

async function openReviewOf({ folder }: Planned): Promise<Review> {
  const store = await openPlanStore(join(folder, "plan.duckdb"));
  const now = () => new Date().toISOString();
  return openReview({ store, current: { url: databases.current }, by: "ann", now });
}

const take = (id: number, what = "incoming") => ["--conflict", ids[id] as string, "--take", what];
const told = (text: string) => JSON.parse(text) as ApplyResult;
const owners = (url: string) => query(url, "SELECT owner FROM device WHERE id < 3 ORDER BY id");

describe("when pgmend apply has written", () => {
  test("what is open can still be decided, and is written by the next apply, once", async () => {
    const [plan, url] = [copyOf(planned), await cloneWith(databases.current, "SELECT 1")];
    const first = await applyTo(url, plan.folder);
    expect(first.exitCode).toBe(3);
    expect(told(first.stdout).written).toBe(8);
    expect((await resolved(databases, plan, take(0))).totals.open).toBe(1);
    expect(told((await applyTo(url, plan.folder)).stdout)).toMatchObject({ written: 1, before: 8 });
    expect(await owners(url)).toEqual([{ owner: "ann" }, { owner: "bob" }]);
    // It was decided as it is: no harm in saying so again.
    expect((await resolve(databases, plan, take(0))).exitCode).toBe(3);
    expect(told((await applyTo(url, plan.folder, ["--rollback"])).stdout).written).toBe(9);
    expect(await owners(url)).toEqual([{ owner: "bob" }, { owner: "bob" }]);
  });

  test.each([
    ["decided otherwise", (replaced: string) => [...take(0, "current"), ...replaced.split(" ")]],
    ["left open again", () => ["--conflict", ids[0] as string, "--reopen"]],
  ])("a row that is written cannot be %s, until it is taken back", async (_, words) => {
    const [plan, url] = [copyOf(planned), await cloneWith(databases.current, "SELECT 1")];
    await resolved(databases, plan, take(0));
    await applyTo(url, plan.folder);
    const before = filesOf(plan);
    const refused = await resolve(databases, plan, words("--replace"));
    expect([1, 2]).toContain(refused.exitCode);
    expect(refused.stderr).toContain('public.device {"id":"1"}');
    expect(refused.stderr).toContain("pgmend apply");
    expect(refused.stderr).toContain("--rollback");
    expect(filesOf(plan)).toEqual(before);
    await applyTo(url, plan.folder, ["--rollback"]);
    expect((await resolve(databases, plan, words("--replace"))).exitCode).toBe(3);
    expect(told((await applyTo(url, plan.folder)).stdout).written).toBe(8);
    expect(await owners(url)).toEqual([{ owner: "bob" }, { owner: "bob" }]);
  });

  test("what was decided after the files were made, and before it wrote, is refused by resolve", async () => {
    const [plan, url] = [copyOf(planned), await cloneWith(databases.current, "SELECT 1")];
    await resolved(databases, plan, take(0));
    const review = await openReviewOf(plan);
    const { position = -1 } = (await review.conflicts({ decided: true }, 0, 1))[0]?.row ?? {};
    await review.decide({ positions: [position] }, { resolution: "current", reason: "after all" });
    await review.close();
    await applyTo(url, plan.folder);
    const before = filesOf(plan);
    const refused = await resolve(databases, plan, []);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain(
      'that pgmend apply has written: public.device {"id":"1"}; nothing was changed',
    );
    expect(filesOf(plan)).toEqual(before);
    expect(told((await applyTo(url, plan.folder, ["--rollback"])).stdout).written).toBe(9);
    await resolved(databases, plan, []);
    expect(told((await applyTo(url, plan.folder)).stdout).written).toBe(8);
  });

  test("a review refuses the same, and its undo", async () => {
    const [plan, url] = [copyOf(planned), await cloneWith(databases.current, "SELECT 1")];
    const first = await openReviewOf(plan);
    const { position = -1 } = (await first.conflicts({}, 0, 1))[0]?.row ?? {};
    const step = await first.decide({ positions: [position] }, { resolution: "incoming", reason: undefined });
    await first.close();
    await resolved(databases, plan, []);
    await applyTo(url, plan.folder);
    const second = await openReviewOf(plan);
    const refusal = /public\.device \{"id":"1"\}/;
    const current = { resolution: "current", reason: undefined } as const;
    await expect(second.decide({ positions: [position] }, current)).rejects.toThrow(refusal);
    await expect(second.withdraw({})).rejects.toThrow(refusal);
    await expect(second.undo(step)).rejects.toThrow(refusal);
    await second.close();
  });
});

describe("files made while pgmend apply was at work", () => {
  test("do not take the place of a plan in which it wrote", async () => {
    const [plan, url] = [copyOf(planned), await cloneWith(databases.current, "SELECT 1")];
    const next = await NextFiles.create(plan.folder);
    const copy = await openPlanStore(join(next.path, "plan.duckdb"), { readOnly: true });
    const mark = await copy.mark();
    await copy.close();
    await applyTo(url, plan.folder);
    expect(await next.commit(mark)).toBe(false);
    await next.discard();
    expect(told((await applyTo(url, plan.folder)).stdout)).toMatchObject({ written: 0, before: 8 });
  });

  test("are not begun while it writes", async () => {
    const plan = copyOf(planned);
    const atWork = await openPlanStore(join(plan.folder, "plan.duckdb"));
    await expect(NextFiles.create(plan.folder)).rejects.toThrow(/in use|open already/);
    await atWork.close();
  });
});

describe("somebody was killed while new files were put in place:", () => {
  const url = () => cloneWith(databases.current, "SELECT 1");
  test.each(["verify", "rehearse", "approve", "apply"])("%s works with the new ones", async (verb) => {
    const [plan, done] = [copyOf(planned), copyOf(planned)];
    await resolved(databases, done, take(0));
    const ready = join(plan.folder, ".ready");
    mkdirSync(ready);
    for (const name of ["plan.duckdb", "patch.sql"]) cpSync(join(done.folder, name), join(ready, name));
    const words = { approve: ["--by", "ann"], apply: ["--yes", "--allow-other-database"] }[verb] ?? [];
    const where = { rehearse: ["--on", await url()], approve: [] }[verb] ?? ["--current", await url()];
    const run = await pgmend([verb, plan.folder, "--json", ...where, ...words], { cwd: newFolder() });
    const rows = {
      verify: '"notWritten": 9',
      rehearse: '"written": 9',
      approve: '"update": 4',
      apply: '"written": 9',
    };
    expect(run.stdout, run.stderr).toContain(rows[verb as keyof typeof rows]);
    expect(existsSync(ready)).toBe(false);
    expect(readFileSync(join(plan.folder, "patch.sql"))).toEqual(
      readFileSync(join(done.folder, "patch.sql")),
    );
  });
});
