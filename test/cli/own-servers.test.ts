import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findServerUser } from "../../sample-data/server/server-user.js";
import { type Server, startServer } from "../../sample-data/server/start-server.js";
import type { VerifyResult } from "../../src/index.js";
import { query } from "../support/database.js";
import { detour } from "../support/detour.js";
import { newFolder } from "../support/folder.js";
import { type Databases, makePlan, type Planned } from "../support/incident.js";
import { pgmend, type Run } from "../support/program.js";

/** What takes servers with settings, disks and followers of their own. */
let primary: Server;
let standby: Server;
let full: Server | undefined;

beforeAll(async () => {
  primary = await startServer({ settings: { track_commit_timestamp: "on", wal_keep_size: "256MB" } });
  const settings = { wal_receiver_status_interval: "1s", hot_standby: "on" };
  standby = await startServer({ standbyOf: primary, settings });
}, 120_000);

afterAll(async () => {
  await standby?.stop();
  await primary?.stop();
  await full?.stop();
  if (disk === undefined) return;
  spawnSync("umount", [disk]);
  rmdirSync(disk);
});

/** Every write to the tables is counted, once the incident is over. */
async function play(name: string, server: Server, tablespace = "pg_default"): Promise<Databases> {
  const url = (role: string) => server.url(`${name}_${role}`);
  const create = (role: string, template: string) =>
    query(server.url("postgres"), `CREATE DATABASE ${name}_${role} TEMPLATE ${template}`);
  await create("pre", "template0");
  await query(
    url("pre"),
    `CREATE TABLE device (id integer PRIMARY KEY, owner text, notes text) TABLESPACE ${tablespace};
    ALTER TABLE device ALTER notes SET STORAGE PLAIN;
    CREATE TABLE note (id integer PRIMARY KEY, text text);
    CREATE TABLE written (id bigint GENERATED ALWAYS AS IDENTITY, row text);
    CREATE FUNCTION count_it() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN INSERT INTO public.written (row) VALUES (TG_TABLE_NAME || NEW.id); RETURN NULL; END';
    INSERT INTO device SELECT n, 'ann', repeat('x', 2000) FROM generate_series(1, 300) AS n;
    INSERT INTO note SELECT n, 'kept' FROM generate_series(1, 20) AS n`,
  );
  await create("post", `${name}_pre`);
  await query(url("post"), "UPDATE device SET owner = NULL; UPDATE note SET text = NULL");
  // No room is left over from the incident.
  await query(url("post"), "VACUUM FULL device");
  await create("current", `${name}_post`);
  for (const table of ["device", "note"])
    await query(
      url("current"),
      `CREATE TRIGGER count_it AFTER UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION count_it()`,
    );
  return { pre: url("pre"), post: url("post"), current: url("current"), mode: "undo" };
}

const planOf = (databases: Databases) => makePlan(databases, { words: ["--exclude-tables", "written"] });

function apply(
  { folder }: Planned,
  url: string,
  words: readonly string[] = [],
  onTalk: (text: string) => void = () => undefined,
): Promise<Run> {
  const always = ["apply", folder, "--yes", "--batch-rows", "50", "--current", url];
  return pgmend([...always, ...words], { cwd: newFolder(), onTalk });
}

const countOf = async (url: string, sql: string) =>
  Number((await query(url, `SELECT count(*) FROM ${sql}`))[0]?.["count"]);

describe("a server that keeps commit times", () => {
  it("tells between which moments the damage was written, and when one row was", async () => {
    const url = (role: string) => primary.url(`times_${role}`);
    const copy = (role: string, template: string) =>
      query(primary.url("postgres"), `CREATE DATABASE times_${role} TEMPLATE ${template}`);
    await copy("pre", "template0");
    await query(
      url("pre"),
      `CREATE TABLE device (id integer PRIMARY KEY, pin text);
      INSERT INTO device SELECT n, 'a' FROM generate_series(1, 200) AS n`,
    );
    await copy("post", "times_pre");
    const clock = async () => {
      const [row] = await query(
        url("pre"),
        "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS at",
      );
      return row?.["at"] ?? "";
    };
    const before = await clock();
    await query(url("post"), "UPDATE device SET pin = NULL WHERE id <= 100");
    await sleep(1100);
    await query(url("post"), "UPDATE device SET pin = NULL WHERE id > 100");
    const after = await clock();
    await copy("current", "times_post");
    const databases = { pre: url("pre"), post: url("post"), current: url("current"), mode: "undo" as const };
    const { summary, folder } = await makePlan(databases);
    const [signature] = summary.signatures;
    const { from = "", to = "" } = signature?.transactions ?? {};
    expect([before <= from, from < to, to <= after]).toEqual([true, true, true]);
    expect(signature?.words).toMatch(
      /^200 devices: pin → NULL, in 2 transactions between \d{4}-\d\d-\d\d \d\d:\d\d:\d\d and [\d :-]+$/,
    );
    const run = await pgmend(["explain", "device", "1", folder, "--json"], { cwd: newFolder() });
    expect(JSON.parse(run.stdout).transaction.committedAt).toBe(from);
  }, 60_000);
});

async function expectDone(url: string): Promise<void> {
  expect(await countOf(url, "device WHERE owner = 'ann'")).toBe(300);
  expect(await countOf(url, "note WHERE text = 'kept'")).toBe(20);
  expect(await countOf(url, "written")).toBe(320);
  expect(await countOf(url, "(SELECT DISTINCT row FROM written) AS rows")).toBe(320);
}

const LONG = 120_000;

describe("verify, of a row that somebody changed since,", () => {
  const verify = async ({ folder }: Planned, url: string, words: readonly string[] = []) =>
    (await pgmend(["verify", folder, "--current", url, ...words], { cwd: newFolder() })).stdout;

  it("says when that was, and by which transaction", { timeout: LONG }, async () => {
    const databases = await play("drifted", primary);
    const plan = await planOf(databases);
    expect(await apply(plan, databases.current)).toMatchObject({ exitCode: 0 });
    await query(databases.current, "UPDATE device SET owner = 'bob' WHERE id = 7");
    const [row] = await query(
      databases.current,
      `SELECT xmin AS transaction, to_char(pg_xact_commit_timestamp(xmin) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
      FROM device WHERE id = 7`,
    );
    const [transaction, at] = [row?.["transaction"], row?.["at"]];
    expect(at).toMatch(/^20\d\d-/);
    expect((JSON.parse(await verify(plan, databases.current, ["--json"])) as VerifyResult).rows).toEqual([
      {
        table: "public.device",
        key: { id: "7" },
        state: "moved",
        writtenBy: { transaction, committedAt: at },
      },
    ]);
    expect(await verify(plan, databases.current)).toContain(
      `  moved: public.device {"id":"7"}, written by transaction ${transaction} at ${at}\n`,
    );
  });
});

describe("a standby that falls behind", () => {
  const lag = "pg_stat_replication WHERE replay_lag > interval '0.5 s' AND replay_lsn < pg_current_wal_lsn()";

  it("is waited for, and it goes on when that has caught up", { timeout: LONG }, async () => {
    const databases = await play("lagging", primary);
    const plan = await planOf(databases);
    await expect
      .poll(() => countOf(standby.url("postgres"), "pg_database WHERE datname = 'lagging_current'"), {
        timeout: 30_000,
      })
      .toBe(1);
    await query(standby.url("postgres"), "SELECT pg_wal_replay_pause()");
    await query(databases.pre, "CREATE TABLE something AS SELECT 1");
    await expect.poll(() => countOf(databases.pre, lag), { timeout: 30_000 }).toBe(1);
    let heard = "";
    const running = apply(plan, databases.current, ["--max-replication-lag", "500ms"], (text) => {
      heard += text;
    });
    await expect.poll(() => heard, { timeout: 30_000 }).toContain("waiting: standby");
    await sleep(500);
    expect(await countOf(databases.current, "written")).toBe(0);
    expect(
      await countOf(
        databases.current,
        "pg_stat_activity WHERE application_name = 'pgmend apply' AND xact_start IS NOT NULL",
      ),
    ).toBe(0);
    await query(standby.url("postgres"), "SELECT pg_wal_replay_resume()");
    expect(await running).toMatchObject({ exitCode: 0 });
    expect(heard).toMatch(/waiting: standby \S+ is \d+\.\d s behind \(--max-replication-lag 0\.5 s\)/);
    await expectDone(databases.current);
  });
});

describe("a failover in the middle, to a standby that takes no writes yet,", () => {
  it("ends it in a sentence, and the same command finishes it", { timeout: LONG }, async () => {
    const databases = await play("demoted", primary);
    const plan = await planOf(databases);
    const there = standby.url("demoted_current");
    await expect.poll(() => countOf(there, "device").catch(() => 0), { timeout: 30_000 }).toBe(300);
    const address = await detour(databases.current);
    const other = new pg.Client({ connectionString: databases.current });
    await other.connect();
    await other.query("BEGIN; SELECT FROM device WHERE id = 3 FOR UPDATE");
    const words = ["--batch-rows", "1", "--reconnect-for", "1s"];
    const run = await apply(plan, address.url, words, (text) => {
      if (text.includes("in the way of others")) address.leadTo(there);
    });
    expect(run).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(
        "error: current: the connection was lost, and this server is a standby: it takes no writes, for 1 s",
      ),
    });
    expect(run.stderr).toContain("what was written is safe and in the journal; run the same command again");
    await other.end();
    expect(await query(databases.current, "SELECT row FROM written ORDER BY id")).toEqual([
      { row: "device1" },
      { row: "device2" },
    ]);
    address.leadTo(databases.current);
    expect(await apply(plan, address.url)).toMatchObject({ exitCode: 0 });
    await expectDone(databases.current);
    address.close();
  });
});

/** A disk that is full soon. @returns undefined where we may not have one */
function smallDisk(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "pgmend-disk-"));
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", folder]);
  if (status === 0) return folder;
  rmdirSync(folder);
  return undefined;
}

const disk = smallDisk();

describe.skipIf(disk === undefined)("a disk that is full (needs root, who may mount one)", () => {
  it("ends it in a sentence, and the same command finishes it", { timeout: LONG }, async () => {
    const folder = disk ?? "";
    const user = await findServerUser();
    chownSync(folder, user?.uid ?? 0, user?.gid ?? 0);
    full = await startServer();
    await query(full.url("postgres"), `CREATE TABLESPACE small LOCATION '${folder}'`);
    const databases = await play("full", full, "small");
    const plan = await planOf(databases);
    const rest = spawnSync("df", ["--output=avail", folder], { encoding: "utf8" }).stdout.trim().split("\n");
    const filler = join(folder, "filler");
    writeFileSync(filler, Buffer.alloc((Number(rest.at(-1)) - 300) * 1024));
    const run = await apply(plan, databases.current);
    expect(run, run.stderr).toMatchObject({ exitCode: 1 });
    expect(run.stderr).toContain("error: current: the server's disk is full");
    expect(run.stderr).toContain(
      "make room there; what was written before is safe: run the same command again",
    );
    const written = await countOf(databases.current, "written");
    expect(written).toBeGreaterThan(0);
    expect(written).toBeLessThan(300);
    rmSync(filler);
    expect(await apply(plan, databases.current)).toMatchObject({ exitCode: 0 });
    await expectDone(databases.current);
  });
});

/** The last one: the primary does not come back. */
describe("a standby that takes over without the last batches", () => {
  it("is found out, and what is missing is written again", { timeout: LONG }, async () => {
    const databases = await play("failover", primary);
    const plan = await planOf(databases);
    expect(await apply(plan, databases.current, ["--tables", "public.device"])).toMatchObject({
      exitCode: 0,
    });
    const there = standby.url("failover_current");
    await expect.poll(() => countOf(there, "written").catch(() => 0), { timeout: 30_000 }).toBe(300);
    await query(standby.url("postgres"), "ALTER SYSTEM SET primary_conninfo = ''");
    await query(standby.url("postgres"), "SELECT pg_reload_conf()");
    await expect.poll(() => countOf(databases.pre, "pg_stat_replication"), { timeout: 30_000 }).toBe(0);
    expect(await apply(plan, databases.current)).toMatchObject({ exitCode: 0 });
    await expectDone(databases.current);
    const readOnly = await apply(plan, there);
    expect(readOnly).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("this server is a standby"),
    });
    await primary.stop();
    await query(standby.url("postgres"), "SELECT pg_promote()");
    const run = await apply(plan, there);
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toContain("20 rows that had been written are not there, and will be written again");
    await expectDone(there);
  });
});
