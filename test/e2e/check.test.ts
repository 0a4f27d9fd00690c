import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { type Server, startServer } from "../../sample-data/server/start-server.js";
import { Session } from "../../src/postgres/session/session.js";
import { makeCheck } from "../support/checked.js";
import { databaseUrl, query } from "../support/database.js";
import { play } from "../support/incident.js";
import { startPooler } from "../support/pooler.js";

const device = `CREATE TABLE device (id integer PRIMARY KEY, note text, updated_at timestamptz DEFAULT '2019-09-23 22:00+00');
  INSERT INTO device SELECT id FROM generate_series(1, 10) AS id;`;

const rules = "rules: [{ match: { tables: [device] }, is: damage }]";
const config = "rules: [{ match: { tables: ['*'] }, is: damage }]";

/** Roles belong to the whole server: gone when the file is done. */
const reader = `reader_${process.pid}`;
afterAll(() => query(databaseUrl("postgres"), `DROP ROLE IF EXISTS ${reader}`));

async function makeReader(): Promise<(url: string) => string> {
  const exists = await query(databaseUrl("postgres"), "SELECT FROM pg_roles WHERE rolname = $1", [reader]);
  if (exists.length === 0) {
    await query(
      databaseUrl("postgres"),
      `CREATE ROLE ${reader} LOGIN PASSWORD 'reads'; GRANT pg_read_all_data TO ${reader}`,
    );
  }
  return (url) => Object.assign(new URL(url), { username: reader, password: "reads" }).href;
}

describe("who is who", () => {
  it("three databases in order, with nothing to say against them, are ready", async () => {
    const databases = await play({
      pre: device,
      post: "UPDATE device SET note = 'x', updated_at = '2019-09-23 22:16+00'",
      current: "UPDATE device SET updated_at = '2019-09-24 01:00+00' WHERE id = 1",
    });
    const { exitCode, summary, told } = await makeCheck(databases, { config: rules });
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({ formatVersion: 1, mode: "undo", ready: true, errors: 0, open: 0 });
    expect([told("error"), told("warning")]).toEqual([[], []]);
    expect(told("ok")).toEqual([
      "origin: all are copies of one cluster (same system identifier)",
      "order: newest rows are in order: pre 2019-09-23T22:00:00.000000Z, post 2019-09-23T22:16:00.000000Z, " +
        "current 2019-09-24T01:00:00.000000Z",
      "touch columns: never conflict by themselves: public.device.updated_at",
      "current: privileges: role postgres may write every table that is compared",
      "current: triggers: none fires when the patch writes",
    ]);
    const [facts] = await query(
      databases.current,
      `SELECT system_identifier::text AS "systemIdentifier", (SELECT timeline_id::text FROM pg_control_checkpoint()) AS timeline,
        current_setting('server_version') AS version FROM pg_control_system()`,
    );
    expect(summary.connections.current).toMatchObject({
      ...facts,
      user: "postgres",
      inRecovery: false,
      replayedAt: null,
      encoding: "UTF8",
      lsn: expect.stringMatching(/^[0-9A-F]+\/[0-9A-F]+$/),
      newestRow: { table: "public.device", column: "updated_at", at: "2019-09-24T01:00:00.000000Z" },
    });
    expect(summary.tables).toEqual([
      {
        table: "public.device",
        key: ["id"],
        keySource: "primary key",
        rows: expect.toSatisfy((rows) => rows === null || rows === 10),
        bytes: expect.any(Number),
        touch: ["updated_at"],
      },
    ]);
  });

  it("pre and post that were swapped are suspected", async () => {
    const { pre, post, ...others } = await play({
      pre: device,
      post: "UPDATE device SET updated_at = '2019-09-23 22:16+00'",
    });
    const { told } = await makeCheck({ ...others, pre: post, post: pre }, { config: rules });
    expect(told("warning")).toEqual([
      "pre, post: no table has newer rows in post than in pre, and public.device.updated_at has older ones " +
        "(2019-09-23T22:16:00.000000Z in pre, 2019-09-23T22:00:00.000000Z in post)",
    ]);
  });

  it("an incident that removed the newest rows of one table is no swap", async () => {
    const databases = await play({
      pre: `${device} CREATE TABLE audit (id integer PRIMARY KEY, created_at timestamp);
        INSERT INTO audit VALUES (1, '2019-09-23 22:01'), (2, '9999-01-01')`,
      post: "UPDATE device SET note = ''; DELETE FROM device; INSERT INTO audit VALUES (3, '2019-09-23 22:02')",
    });
    const { told, summary } = await makeCheck(databases, { config });
    expect(told("warning")).toEqual([]);
    expect(summary.connections.pre?.newestRow?.at).toBe("2019-09-23T22:01:00.000000Z");
  });

  it("post that is left out, a pooler in between, and sessions of others are told", async () => {
    const databases = await play({ pre: device, post: "UPDATE device SET note = 'x'" });
    const current = await startPooler(databases.current, "session");
    const { told, summary } = await makeCheck({ ...databases, post: "", current }, { config: rules });
    expect(summary.connections.post).toBeNull();
    expect(told("warning")).toEqual([
      "post: is left out, or is current itself: every difference between pre and current counts as the incident's",
    ]);
    expect(told("note")).toContain("current: a connection pooler in session mode stands in between");
    expect(told("note")).not.toContain("current: nobody else is connected to it");
  });

  it("a standby is no fixed snapshot while it replays, and cannot be patched", {
    timeout: 60_000,
  }, async () => {
    const server = await startServer();
    try {
      await query(server.url("postgres"), "CREATE DATABASE live");
      await query(server.url("live"), `${device} CREATE UNLOGGED TABLE cache (id integer PRIMARY KEY)`);
      await query(server.url("postgres"), "CREATE DATABASE snapshot TEMPLATE live");
      await makeStandby(server);
      const standby = { pre: server.url("snapshot"), current: server.url("live"), mode: "undo" } as const;
      const running = await makeCheck({ ...standby, post: "" }, { config });
      expect(running).toMatchObject({ exitCode: 1, summary: { connections: { pre: { inRecovery: true } } } });
      expect(running.told("error")).toEqual([
        "pre, current: public.cache: unlogged: cannot be read on a standby, plan would stop there",
      ]);
      expect(running.told("warning")).toEqual(
        expect.arrayContaining([
          "pre: is a standby that goes on replaying: it is no fixed snapshot, and the server may cancel long reads",
          "current: is a standby: it can be compared, but the patch has to be run on its primary",
        ]),
      );
      await query(server.url("postgres"), "SELECT pg_wal_replay_pause()");
      const paused = await makeCheck({ ...standby, post: "" }, { config });
      expect(paused.told("warning").filter((text) => text.startsWith("pre: is a standby"))).toEqual([]);
    } finally {
      await server.stop();
    }
  });
});

/** A standby without a primary: it waits for more to replay, and answers meanwhile. */
async function makeStandby(server: Server): Promise<void> {
  writeFileSync(join(server.dataDirectory, "standby.signal"), "");
  await server.restart();
}

describe("what cannot be read", () => {
  it("row security that hides rows is an error, as plan would stop there", async () => {
    const as = await makeReader();
    const databases = await play({
      pre: `${device} CREATE TABLE secret (id integer PRIMARY KEY); ALTER TABLE secret ENABLE ROW LEVEL SECURITY`,
    });
    const mine = {
      ...databases,
      pre: as(databases.pre),
      post: as(databases.post),
      current: as(databases.current),
    };
    const asked = await makeCheck(mine, { config: rules });
    expect(asked.exitCode).toBe(1);
    expect(asked.told("error")).toEqual([
      `pre, post, current: public.secret: row security hides rows from role ${reader}: plan would stop there`,
    ]);
    const without = await makeCheck(mine, { config: rules, words: ["--exclude-tables", "secret"] });
    expect({ exitCode: without.exitCode, errors: without.told("error") }).toEqual({
      exitCode: 0,
      errors: [],
    });
    const owner = await makeCheck(databases, { config: rules });
    expect(owner.told("error")).toEqual([]);
  });

  it("tables that would leave the plan open are named with the reason, and the exit code is 3", async () => {
    const databases = await play({
      pre: `${device} CREATE TABLE log_line (text text); CREATE TABLE log_word (text text);
        CREATE TABLE retyped (id integer PRIMARY KEY, amount integer); CREATE TABLE denied (id integer PRIMARY KEY);
        CREATE VIEW seen AS SELECT 1; SELECT lo_create(0)`,
      post: "ALTER TABLE retyped ALTER amount TYPE bigint; ALTER TABLE device ADD extra text",
      current: "CREATE TABLE fresh (id integer PRIMARY KEY)",
    });
    const { exitCode, summary, told } = await makeCheck(databases, { config: rules });
    expect({ exitCode, open: summary.open, ready: summary.ready }).toEqual({
      exitCode: 3,
      open: 3,
      ready: true,
    });
    expect(told("warning")).toEqual([
      "public.device: column extra is not in pre: it is not merged",
      "public.fresh: not compared: there is no such table in pre and post",
      "public.retyped: not compared: column amount has not the same type in all three (pre integer, post bigint, " +
        "current bigint)",
    ]);
    expect(told("note")).toEqual(
      expect.arrayContaining([
        "public.log_line, public.log_word: no key: whole rows are compared and counted, which sorts the table; " +
          "an update is a delete and an insert",
        "public.seen: a view is not compared",
        "large objects: 1 in current; they are not compared",
      ]),
    );
  });

  it("nothing to compare at all is an error", async () => {
    const { exitCode, told } = await makeCheck(await play({ pre: "CREATE VIEW seen AS SELECT 1" }));
    expect({ exitCode, errors: told("error") }).toEqual({
      exitCode: 1,
      errors: ["tables: there is nothing to compare"],
    });
  });

  it("unlogged tables, very large values and changed encodings are told", async () => {
    const databases = await play({
      pre: `${device} CREATE UNLOGGED TABLE cache (id integer PRIMARY KEY);
        CREATE TABLE page (id integer PRIMARY KEY, text text, small text);
        INSERT INTO page SELECT 1, repeat('x', 90 * 1024 * 1024), 'small'`,
      current: "DELETE FROM page",
    });
    const { told } = await makeCheck(databases, { config });
    expect(told("warning")).toEqual([
      "pre, post, current: public.cache: unlogged: empty after a crash, and in a restored copy",
      "pre, post: public.page: a value of text has 90 MB, 90 MB as text: too long to be read; such rows are compared by digests, and skipped where they would be written",
    ]);
    const latin = databaseUrl("latin");
    const name = new URL(latin).pathname.slice(1);
    await query(
      databaseUrl("postgres"),
      `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`,
    );
    await query(latin, device);
    const differs = await makeCheck(
      { ...databases, current: latin },
      { config: rules, words: ["--tables", "device"] },
    );
    expect(differs.told("warning")).toEqual([
      "encodings: differ (pre UTF8, post UTF8, current LATIN1): a character that current cannot hold would stop the patch",
    ]);
  });
});

describe("what happens when the patch writes", () => {
  const schema = `${device} CREATE TABLE moved (id serial PRIMARY KEY); CREATE TABLE "O'Brien" (id integer NOT NULL UNIQUE);
    CREATE FUNCTION mark() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER audit AFTER UPDATE ON device FOR EACH ROW EXECUTE FUNCTION mark();
    CREATE TRIGGER off AFTER UPDATE ON device FOR EACH ROW EXECUTE FUNCTION mark(); ALTER TABLE device DISABLE TRIGGER off;
    CREATE RULE redirect AS ON UPDATE TO moved DO INSTEAD NOTHING;
    CREATE PUBLICATION everything FOR ALL TABLES`;

  it("triggers, rules, publications and what they refuse are listed", async () => {
    const { told, exitCode } = await makeCheck(await play({ pre: schema }), { config });
    expect(exitCode).toBe(0);
    expect(told("warning")).toEqual([
      "current: rewrite rules: change what is written: public.moved.redirect",
      `current: public."O'Brien": published without a replica identity: PostgreSQL refuses every UPDATE and DELETE there`,
    ]);
    expect(told("note")).toEqual(
      expect.arrayContaining([
        "current: triggers: 1 trigger may fire when the patch writes: public.device.audit (after update for each row)",
        "current: subscribers: hear of what the patch writes as of new changes: 1 publication (everything)",
      ]),
    );
  });

  it("what the role may not do there is told: to plan, it need not", async () => {
    const as = await makeReader();
    const databases = await play({ pre: schema });
    const mine = { ...databases, current: as(databases.current) };
    const { told, exitCode } = await makeCheck(mine, { config, words: ["--triggers", "disable"] });
    expect(exitCode).toBe(0);
    expect(told("note")).toEqual(
      expect.arrayContaining([
        `current: privileges: role ${reader} may not write public."O'Brien", public.device, public.moved; or move ` +
          "1 sequence (public.moved_id_seq); or disable triggers of public.device, which it does not own; or disable rules of public.moved, which it does not own",
        "current: rewrite rules: will be disabled while the patch writes: public.moved.redirect",
        "current: triggers: 1 trigger will be disabled while the patch writes: public.device.audit (after update for " +
          "each row)",
      ]),
    );
  });
});

it("the number of queries does not grow with tables", async () => {
  const tables = (count: number) =>
    `DO $$ BEGIN FOR n IN 1..${count} LOOP EXECUTE format('CREATE TABLE t%s (id integer PRIMARY KEY, created_at timestamptz)', n); END LOOP; END $$`;
  const asked: number[] = [];
  const spy = vi.spyOn(Session.prototype, "query");
  for (const count of [30, 300]) {
    const databases = await play({ pre: tables(count) });
    const before = spy.mock.calls.length;
    const checked = await makeCheck(databases, { config });
    expect(checked.summary.tables).toHaveLength(count);
    asked.push(spy.mock.calls.length - before);
  }
  expect(asked[0]).toBeGreaterThan(50);
  expect(asked[1]).toBe(asked[0]);
});
