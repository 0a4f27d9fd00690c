import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { copyOf, filesOf, resolve, resolved } from "../support/decide.js";
import { type Databases, makePlan, type Planned, play } from "../support/incident.js";
import { ended, Program } from "../support/program.js";

const program = new Program();
const words = ["--table", "*", "--take", "incoming", "--by", "ann"];

let databases: Databases;
let planned: Planned;
/** The texts of the folder once it is decided. */
let after: ReturnType<typeof filesOf>;

beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE device (id integer PRIMARY KEY, owner text);
      INSERT INTO device SELECT id, 'ada ' || id FROM generate_series(1, 2000) AS id`,
    post: "UPDATE device SET owner = NULL",
    current: "UPDATE device SET owner = 'bob'",
  });
  planned = await makePlan(databases);
  const done = copyOf(planned);
  await resolved(databases, done, words);
  after = filesOf(done);
});

/** Everything in the folder but the plan, once whoever comes next has opened it. */
async function found(plan: Planned): Promise<ReturnType<typeof filesOf>> {
  expect((await resolve(databases, plan, ["--list", "--kind", "check"])).exitCode).not.toBe(1);
  return filesOf(plan);
}

test("killed at any moment, all files are the old ones or the new ones", { timeout: 120_000 }, async () => {
  const states = new Set<string>();
  for (const told of ["", "applying the decisions", "checking constraints", "writing the recovery folder"]) {
    for (const later of [0, 40, 150]) {
      const plan = copyOf(planned);
      const cwd = dirname(plan.folder);
      const child = program.start(["resolve", ...words], {
        cwd,
        env: { PGMEND_CURRENT: databases.current },
      });
      let heard = "";
      child.stderr?.on("data", (text: Buffer) => {
        heard += text.toString();
        if (heard.includes(told)) setTimeout(() => child.kill("SIGKILL"), later);
      });
      await ended(child);
      const files = await found(plan);
      const isOld = JSON.stringify(files) === JSON.stringify(filesOf(planned));
      if (!isOld) expect(files).toEqual(after);
      states.add(isOld ? "old" : "new");
      // What was told to be decided is: nothing needs to be said again.
      const summary = await resolved(databases, plan, heard.includes("decided") ? [] : words);
      expect(summary.totals.open).toBe(0);
      expect(filesOf(plan)).toEqual(after);
      expect(readdirSync(plan.folder).filter((name) => name.startsWith("."))).toEqual([]);
    }
  }
  expect(states).toContain("old");
});

/** A folder in which somebody was killed after so many of the new files were in place. */
async function halfMoved(moved: number, name = ".ready"): Promise<Planned> {
  const [plan, done] = [copyOf(planned), copyOf(planned)];
  await resolved(databases, done, words);
  const ready = join(plan.folder, name);
  mkdirSync(ready);
  const names = readdirSync(done.folder).sort(
    (a, b) => Number(a === "plan.duckdb") - Number(b === "plan.duckdb"),
  );
  for (const [at, file] of names.entries())
    cpSync(join(done.folder, file), join(at < moved ? plan.folder : ready, file));
  return plan;
}

const hidden = ({ folder }: Planned) => readdirSync(folder).filter((name) => name.startsWith("."));

describe("killed while the new files were put in place", () => {
  test.each([0, 1, 5, 8, 9])("after %s of them, whoever comes next puts the others there", async (moved) => {
    const plan = await halfMoved(moved);
    expect(await found(plan)).toEqual(after);
    expect(hidden(plan)).toEqual([]);
    expect((await resolved(databases, plan, [])).totals.open).toBe(0);
  });

  test("several come next, at once: one of them does it, and all find it done", {
    timeout: 60_000,
  }, async () => {
    for (const moved of [0, 5]) {
      const plan = await halfMoved(moved);
      const list = () => program.run(["resolve", "--list", "--json"], { cwd: dirname(plan.folder) });
      const runs = await Promise.all([list(), list(), list(), list()]);
      for (const run of runs) expect(run, run.stderr).toMatchObject({ exitCode: 0, stderr: "" });
      expect(new Set(runs.map(({ stdout }) => stdout)).size).toBe(1);
      expect(filesOf(plan)).toEqual(after);
      expect(hidden(plan)).toEqual([]);
    }
  });

  test("by somebody who had begun with it, too", async () => {
    const plan = await halfMoved(5, ".ready-999999999");
    expect(await found(plan)).toEqual(after);
    expect(hidden(plan)).toEqual([]);
  });

  test("while somebody is at it, one waits", async () => {
    const theirs = `.ready-${process.ppid}`;
    const plan = await halfMoved(5, theirs);
    const before = readdirSync(join(plan.folder, theirs));
    let isOver = false;
    const finding = found(plan).finally(() => {
      isOver = true;
    });
    await sleep(500);
    expect(isOver).toBe(false);
    expect(readdirSync(join(plan.folder, theirs))).toEqual(before);
    renameSync(join(plan.folder, theirs), join(plan.folder, ".ready"));
    expect(await finding).toEqual(after);
  });
});

test("what a process left that is gone is cleared away, and what one makes that runs is not", async () => {
  const plan = copyOf(planned);
  const [gone, runs] = [join(plan.folder, ".next-999999999"), join(plan.folder, `.next-${process.ppid}`)];
  for (const folder of [gone, runs]) {
    mkdirSync(folder);
    writeFileSync(join(folder, "patch.sql"), "half");
  }
  await resolved(databases, plan, words);
  expect([existsSync(gone), existsSync(runs)]).toEqual([false, true]);
});

test("interrupted, what was decided stays, and the files are as they were", async () => {
  const plan = copyOf(planned);
  const cwd = dirname(plan.folder);
  const child = program.start(["resolve", ...words], { cwd, env: { PGMEND_CURRENT: databases.current } });
  let heard = "";
  child.stderr?.on("data", (text: Buffer) => {
    heard += text.toString();
    if (heard.includes("checking constraints")) child.kill("SIGINT");
  });
  expect(await ended(child)).toMatchObject({ exitCode: 130, stdout: "" });
  const files = await found(plan);
  if (JSON.stringify(files) !== JSON.stringify(after)) expect(files).toEqual(filesOf(planned));
  expect((await resolved(databases, plan, [])).totals.open).toBe(0);
});
