import { PassThrough, Writable } from "node:stream";
import pg from "pg";
import { beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "../../cli/program.js";
import { query } from "../support/database.js";
import { copyOf, resolved } from "../support/decide.js";
import { newFolder } from "../support/folder.js";
import { type Databases, makePlan, type Planned, play } from "../support/incident.js";
import { pgmend } from "../support/program.js";
import { applyTo, cloneWith } from "../support/recovery.js";

let databases: Databases;
let plan: Planned;

/** Device 1 was changed since. */
beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE device (id integer PRIMARY KEY, workspace_id integer, owner text);
      INSERT INTO device SELECT n, n % 3, 'ann' FROM generate_series(1, 30) AS n`,
    post: "UPDATE device SET owner = NULL",
    current: "UPDATE device SET owner = 'bob' WHERE id = 1",
  });
  plan = await makePlan(databases, { config: "tenant: { column: workspace_id }" });
});

const clone = () => cloneWith(databases.current, "SELECT 1");
const written = async (url: string) =>
  Number((await query(url, "SELECT count(*) FROM device WHERE owner = 'ann'"))[0]?.["count"]);

async function session(url: string, sql: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  return client;
}

describe("on a terminal", () => {
  it.each([
    ["y", 3, 29],
    ["n", 130, 0],
  ])("it asks, and %s counts", async (answer, exitCode, rows) => {
    const url = await clone();
    const input = Object.assign(new PassThrough(), { isTTY: true });
    let heard = "";
    const err = new Writable({
      write(chunk: Buffer, _, done) {
        heard += chunk.toString();
        if (chunk.toString().includes("[y/N]")) input.write(`${answer}\n`);
        done();
      },
    });
    const out = new PassThrough().resume();
    const { signal } = new AbortController();
    const words = ["apply", copyOf(plan).folder, "--current", url, "--allow-other-database"];
    const talk = { input, out, err, env: {}, cwd: newFolder(), signal };
    expect(await runProgram(words, talk), heard).toBe(exitCode);
    expect(heard).toContain("29 rows to go");
    expect(await written(url)).toBe(rows);
  });
});

it("counts the rows of the tenant that is asked for, those that are done too", async () => {
  const [url, { folder }] = [await clone(), copyOf(plan)];
  const words = ["apply", folder, "--current", url, "--yes", "--allow-other-database", "--tenant", "2"];
  const first = await pgmend(words, { cwd: newFolder() });
  expect(first.stderr).toContain("public.device: 10 updates\n10 rows to go");
  expect(await written(url)).toBe(10);
  expect((await pgmend(words, { cwd: newFolder() })).stderr).toContain("10 updates\n0 rows to go");
  expect((await pgmend(words.with(-1, "0"), { cwd: newFolder() })).stderr).toContain("\n10 rows to go");
});

it("refuses a plan that was changed after it was approved, and says what changed", async () => {
  const [url, own] = [await clone(), copyOf(plan)];
  await pgmend(["approve", own.folder, "--by", "ann"], { cwd: newFolder() });
  await resolved(databases, own, ["--table", "*", "--take", "incoming"]);
  const run = await applyTo(url, own.folder, ["--require-approval"]);
  expect(run.exitCode).toBe(1);
  expect(run.stderr).toMatch(
    /the plan has changed since ann approved it at .*: public\.device: 30 updates instead of 29/,
  );
  expect(await written(url)).toBe(0);
});

it("waits while more sessions are at work than it may disturb", async () => {
  const url = await clone();
  const client = await session(url, "SELECT 1");
  const busy = client.query("SELECT pg_sleep(60)").catch(() => undefined);
  const pid = (client as unknown as { processID: number }).processID;
  let heard = "";
  const onTalk = (text: string) => {
    heard += text;
    if (text.includes("--max-active 0")) void query(url, `SELECT pg_cancel_backend(${pid})`);
  };
  const words = ["apply", copyOf(plan).folder, "--current", url, "--yes", "--allow-other-database"];
  const run = await pgmend([...words, "--max-active", "0"], { cwd: newFolder(), onTalk });
  expect(run.exitCode, run.stderr).toBe(3);
  expect(heard).toContain("1 sessions are at work");
  await busy;
  await client.end();
  expect(await written(url)).toBe(29);
});

it("gives way in a deadlock, and goes on", async () => {
  const url = await clone();
  const hold = (id: number) => `SELECT FROM device WHERE id = ${id} FOR UPDATE`;
  const other = await session(url, `SET deadlock_timeout = '30s'; BEGIN; ${hold(30)}`);
  const words = ["apply", copyOf(plan).folder, "--current", url, "--yes", "--allow-other-database"];
  const running = pgmend([...words, "--lock-timeout", "20s"], { cwd: newFolder() });
  const waiting = `SELECT FROM pg_stat_activity WHERE application_name = 'pgmend apply' AND wait_event_type = 'Lock'`;
  await expect.poll(async () => (await query(url, waiting)).length, { timeout: 20_000 }).toBe(1);
  // Now each waits for the other; it is the server that says so.
  await other.query(hold(2));
  await other.query("COMMIT");
  await other.end();
  const run = await running;
  expect(run.exitCode, run.stderr).toBe(3);
  expect(run.stderr).toContain("deadlock");
  expect(await written(url)).toBe(29);
});
