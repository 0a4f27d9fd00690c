import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Server, startServer } from "../../sample-data/server/start-server.js";
import { query } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { pgmend, type Run } from "../support/program.js";

/**
 * Nothing is written to any database, as the server's own log of writes tells. This server writes nothing there by
 * itself: no vacuum, no checkpoint, no snapshots for standbys. So what is logged meanwhile was us.
 */
let server: Server;

const quiet = { autovacuum: "off", checkpoint_timeout: "1d", wal_level: "minimal", max_wal_senders: "0" };
const databases = ["pre", "post", "current"] as const;

beforeAll(async () => {
  server = await startServer({ settings: quiet });
  const admin = server.url("postgres");
  await query(admin, "CREATE ROLE reader LOGIN PASSWORD 'only reads'");
  await query(admin, "CREATE DATABASE pre");
  await query(server.url("pre"), schema);
  for (const [original, copy, sql] of [
    [
      "pre",
      "post",
      "UPDATE device SET release = NULL; DELETE FROM note WHERE id > 40; INSERT INTO note VALUES (99, 9)",
    ],
    ["post", "current", "UPDATE device SET release = 70 WHERE id = 7; DELETE FROM device WHERE id = 800"],
  ] as const) {
    await query(admin, `CREATE DATABASE ${copy} TEMPLATE ${original}`);
    await query(server.url(copy), sql);
  }
  for (const name of databases) {
    await query(
      admin,
      `REVOKE ALL ON DATABASE ${name} FROM PUBLIC; GRANT CONNECT ON DATABASE ${name} TO reader`,
    );
    await query(server.url(name), "REVOKE ALL ON FUNCTION pg_catalog.pg_control_system() FROM PUBLIC");
    // Readers tidy up behind writers, and that is logged: let nothing be left to tidy up, in the catalog neither.
    for (const tidy of ["ANALYZE", "VACUUM (FREEZE)"]) await query(server.url(name), tidy);
  }
}, 60_000);

afterAll(() => server?.stop());

const schema = `
  CREATE TABLE device (id integer PRIMARY KEY, release integer, modified_at timestamptz DEFAULT '2019-09-23+00');
  CREATE TABLE note (id integer PRIMARY KEY, device integer REFERENCES device, text text DEFAULT repeat('note ', 1000));
  CREATE TABLE secret (id integer PRIMARY KEY);
  CREATE SEQUENCE ticket;
  CREATE FUNCTION stamp(id integer) RETURNS boolean LANGUAGE plpgsql
    AS 'BEGIN INSERT INTO public.secret VALUES (id); RETURN true; END';
  INSERT INTO device SELECT n, n FROM generate_series(1, 2500) AS n;
  INSERT INTO note SELECT n, n FROM generate_series(1, 50) AS n;
  REVOKE ALL ON SCHEMA public FROM PUBLIC;
  GRANT USAGE ON SCHEMA public TO reader;
  GRANT SELECT ON device, note TO reader`;

/** Where the log of writes ends, and the number of the next transaction that writes. */
async function logPosition(): Promise<unknown> {
  const sql = "SELECT pg_current_wal_insert_lsn() AS log, pg_snapshot_xmax(pg_current_snapshot()) AS next";
  return (await query(server.url("postgres"), sql))[0];
}

interface Asked extends Run {
  readonly cwd: string;
}

async function run(words: readonly string[], config = "", who?: readonly [string, string]): Promise<Asked> {
  const cwd = newFolder();
  writeFileSync(join(cwd, "pgmend.yaml"), config);
  const url = (name: string) => server.url(name, ...(who ?? []));
  const env = { PGMEND_PRE: url("pre"), PGMEND_POST: url("post"), PGMEND_CURRENT: url("current") };
  return { ...(await pgmend(words, { cwd, env })), cwd };
}

const reader = ["reader", "only reads"] as const;

const config = `
rules:
  - match:
      tables: [device]
      where: pre.release > 5 AND (SELECT count(*) FROM public.note WHERE note.device = current.id) >= 0
    is: damage
strategies:
  - use: keep-current
`;

describe("a role that may do nothing but SELECT", () => {
  it.each(["undo", "replay"])("plans in mode %s, and not a byte is logged", async (mode) => {
    const before = await logPosition();
    const { exitCode, stdout, stderr } = await run(
      ["plan", "--json", "--mode", mode, "--tables", "device", "note"],
      config,
      reader,
    );
    // In mode replay nothing is open: the strategy keeps what current has, and current goes on from post.
    expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining("error")]);
    const { totals } = JSON.parse(stdout);
    expect(totals.rowsCompared).toBe(2551);
    expect(totals.incoming).toBe(2511);
    expect(await logPosition()).toEqual(before);
  });

  it("verifies, and not a byte is logged", async () => {
    const { cwd } = await run(["plan", "--tables", "device", "note"], config, reader);
    const before = await logPosition();
    const { exitCode } = await run(["verify", join(cwd, "recovery")], "", reader);
    expect(exitCode).toBe(4);
    expect(await logPosition()).toEqual(before);
  });

  it("is told which tables it may not read", async () => {
    const { exitCode, stdout } = await run(["plan"], config, reader);
    expect(exitCode).toBe(3);
    expect(stdout).toContain(
      "not compared: public.secret: no privilege to SELECT from it in pre and post and current\n",
    );
  });
});

describe("an expression in a rule cannot write, whoever asks", () => {
  it.each([
    [
      "a function that inserts",
      "public.stamp(post.id)",
      "cannot execute INSERT in a read-only transaction\nhint: pgmend reads in read-only transactions; ",
    ],
    [
      "a sequence",
      "pg_catalog.nextval('public.ticket') > 0",
      "cannot execute nextval() in a read-only transaction\nhint: pgmend reads in read-only transactions; ",
    ],
    [
      "the end of being read-only",
      "pg_catalog.set_config('transaction_read_only', 'off', true) = 'off' AND public.stamp(post.id)",
      "transaction read-write mode",
    ],
  ])("%s", async (_, where, told) => {
    const before = await logPosition();
    const rules = `rules: [{ match: { tables: [device], where: "${where}" }, is: damage }]`;
    const { exitCode, stderr } = await run(["plan", "--tables", "device", "--quiet"], rules);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: post: /);
    expect(stderr).toContain(told);
    expect(await logPosition()).toEqual(before);
  });

  it("nor end the query and begin another", async () => {
    const rules = `rules: [{ match: { tables: [device], where: "true) IS TRUE; DELETE FROM public.device; --" }, is: damage }]`;
    const { exitCode, stderr } = await run(["plan", "--tables", "device", "--quiet"], rules);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^error: pgmend\.yaml:1:9 rules\[0\]\.match\.where: cannot be asked of public\.device: /,
    );
  });
});

describe("the log tells of a write, however small", () => {
  it.each([
    ["an update", "UPDATE device SET release = release WHERE id = 1"],
    ["an insert that is taken back", "BEGIN; INSERT INTO secret VALUES (1); ROLLBACK"],
    ["a temporary table", "CREATE TEMP TABLE scratch (id integer)"],
    ["a sequence", "SELECT nextval('ticket')"],
    ["a lock on a row", "BEGIN; SELECT FROM device WHERE id = 2 FOR UPDATE; COMMIT"],
  ])("%s", async (_, sql) => {
    const before = await logPosition();
    await query(server.url("current"), sql);
    expect(await logPosition()).not.toEqual(before);
  });
});

it("rows that a policy hides are an error, not missing", async () => {
  const policy = "ALTER TABLE note ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON note USING (id < 10)";
  await query(server.url("pre"), policy);
  const { exitCode, stderr, stdout } = await run(["plan", "--tables", "note", "--quiet"], "", reader);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toBe(`error: pre: query would be affected by row-level security policy for table "note"
hint: only a role with BYPASSRLS is sure to see every row: connect as one, or leave the table out with --exclude-tables
`);
});
