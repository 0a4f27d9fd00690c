import { describe, expect, it } from "vitest";
import { Session } from "../../../src/postgres/session/session.js";
import { takeSnapshots } from "../../../src/workflow/comparing/choose-lineage.js";
import { connect } from "../../../src/workflow/connect.js";
import { lineUp } from "../../../src/workflow/line-up.js";
import { createDatabase, query } from "../../support/database.js";
import type { Databases } from "../../support/incident.js";
import { planBy, settingsOf } from "../../support/methods.js";

interface Copies {
  /** Each a list of statements with `;` between them: some take no others beside them. */
  readonly pre: string;
  readonly post?: string;
  /** Happens in pre once the others were copied. */
  readonly before?: string;
}

/** Two databases, one a physical copy of the other; nothing happened since, so post is current. */
async function playCopies({ pre, post, before }: Copies): Promise<Databases> {
  const first = await createDatabase("pre");
  await run(first, pre);
  const second = await createDatabase("post", first);
  await run(second, post);
  await run(first, before);
  return { pre: first, post: second, current: second, mode: "undo" };
}

async function run(url: string, statements = ""): Promise<void> {
  for (const statement of statements.split(";")) if (statement.trim() !== "") await query(url, statement);
}

/** The plan by versions says what the plan by values says. @returns how the tables were compared */
async function compareWays(databases: Databases) {
  const lineage = await planBy("lineage", databases);
  const stream = await planBy("stream", databases);
  expect(lineage.texts).toEqual(stream.texts);
  const changes = stream.texts["changes.jsonl"]?.split("\n").length ?? 0;
  return { methods: lineage.methods, changes: changes - 1 };
}

/** The tables as a plan sees them. */
async function lineUpTables({ pre, post, current }: Databases) {
  const settings = settingsOf({ pre, post, current, mode: "undo" });
  const sessions = await connect(settings);
  try {
    return (await lineUp(sessions, settings)).aligned;
  } finally {
    await sessions.close();
  }
}

/** A session after one of whose queries something happens before anybody goes on. */
function afterQuery(session: Session, asking: string, happens: () => Promise<void>): Session {
  return new Proxy(session, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name !== "query") return typeof value === "function" ? value.bind(target) : value;
      return async (sql: string, values?: readonly unknown[]) => {
        const rows = await target.query(sql, values);
        if (sql.includes(asking)) await happens();
        return rows;
      };
    },
  });
}

/** Loaded by one transaction: every row has the same, and only its place tells one version from another. */
const device = `CREATE TABLE device (id integer PRIMARY KEY, name text NOT NULL, state integer, note text);
  CREATE INDEX by_name ON device (name);
  INSERT INTO device SELECT n, md5(n::text), n % 7, repeat('note ', n % 30) FROM generate_series(1, 600) AS n`;
const damage = "UPDATE device SET state = NULL WHERE id % 50 = 3";

describe("rows of one version are the same rows", () => {
  it("are not read, whatever was inserted, updated and deleted beside them", async () => {
    const databases = await playCopies({
      pre: device,
      post: `${damage}; DELETE FROM device WHERE id % 70 = 7; INSERT INTO device SELECT n, 'new', 1, '' FROM generate_series(3000, 3020) AS n;
        UPDATE device SET note = note WHERE id % 90 = 1`,
      before: "UPDATE device SET name = 'late' WHERE id IN (3, 4, 500); DELETE FROM device WHERE id = 599",
    });
    const { methods, changes } = await compareWays(databases);
    expect(methods).toEqual({ "public.device": "lineage" });
    expect(changes).toBeGreaterThan(20);
  });

  it("also where places were used again, and where old rows were frozen", async () => {
    const databases = await playCopies({
      pre: `${device}; DELETE FROM device WHERE id % 3 = 0`,
      post: "VACUUM FREEZE device; INSERT INTO device SELECT n, 'again', 2, 'note' FROM generate_series(3000, 3400) AS n; DELETE FROM device WHERE id % 5 = 1; VACUUM device; INSERT INTO device SELECT n, 'thrice', 2, 'note' FROM generate_series(4000, 4300) AS n",
      before:
        "VACUUM device; INSERT INTO device SELECT n, 'elsewhere', 3, 'note' FROM generate_series(3000, 3300) AS n; VACUUM FREEZE device",
    });
    const { methods } = await compareWays(databases);
    expect(methods).toEqual({ "public.device": "lineage" });
  });

  it("and values that lie out of line belong to them", async () => {
    const databases = await playCopies({
      pre: `${device}; UPDATE device SET note = (SELECT string_agg(md5(g::text || id), '') FROM generate_series(1, 200) AS g) WHERE id % 40 = 0`,
      post: "UPDATE device SET note = note || '.' WHERE id % 80 = 0; VACUUM device",
    });
    const { methods } = await compareWays(databases);
    expect(methods).toEqual({ "public.device": "lineage" });
  });
});

describe("rows that were moved, with the transaction that wrote them", () => {
  it.each([
    ["CLUSTER", "CLUSTER device USING by_name"],
    ["VACUUM FULL", "DELETE FROM device WHERE id = 1; VACUUM FULL device"],
    [
      "a column of another type, and back",
      "ALTER TABLE device ALTER state TYPE bigint; ALTER TABLE device ALTER state TYPE integer",
    ],
  ])("%s: they are compared by value", async (_, rewrite) => {
    const databases = await playCopies({ pre: device, post: `${rewrite}; ${damage}` });
    expect((await compareWays(databases)).methods["public.device"]).not.toBe("lineage");
  });

  it("nobody can move them between the proof and the reading", async () => {
    const databases = await playCopies({ pre: device, post: damage });
    const attempts: unknown[] = [];
    const move = async () => {
      const moved = query(databases.post, "SET lock_timeout = '200ms'; CLUSTER device USING by_name");
      attempts.push(await moved.catch((error: Error) => error.message));
    };
    const pre = await Session.open({ role: "pre", url: databases.pre });
    const post = await Session.open({ role: "post", url: databases.post });
    try {
      const { tables } = await lineUpTables(databases);
      const readers = { pre, post: afterQuery(post, "pg_index", move) };
      const { lineage } = await takeSnapshots(readers, tables, { wanted: true, always: true });
      expect(lineage?.tables).toEqual(new Set(["public.device"]));
      expect(attempts).toEqual(["canceling statement due to lock timeout"]);
    } finally {
      await Promise.all([pre.close(), post.close()]);
    }
  });

  it("a table made anew with the same rows is another one", async () => {
    const databases = await playCopies({ pre: device, post: `DROP TABLE device; ${device}; ${damage}` });
    expect((await compareWays(databases)).methods["public.device"]).not.toBe("lineage");
  });
});

describe("what rows say changes, and no row was written", () => {
  const cases: readonly (readonly [string, Copies])[] = [
    [
      "a new column, on each side with another default",
      {
        pre: device,
        before: "ALTER TABLE device ADD kind text DEFAULT 'old'",
        post: `ALTER TABLE device ADD kind text DEFAULT 'new'`,
      },
    ],
    [
      "two columns that changed their names",
      {
        pre: `${device}; ALTER TABLE device ADD other text DEFAULT 'x'`,
        post: "ALTER TABLE device RENAME note TO x; ALTER TABLE device RENAME other TO note; ALTER TABLE device RENAME x TO other",
      },
    ],
    [
      "a column that was dropped and is there again",
      { pre: device, post: "ALTER TABLE device DROP note; ALTER TABLE device ADD note text" },
    ],
    [
      "a word of an enum that was renamed",
      {
        pre: `CREATE TYPE mood AS ENUM ('good', 'bad'); ${device}; ALTER TABLE device ADD mood mood; UPDATE device SET mood = 'good'`,
        post: "ALTER TYPE mood RENAME VALUE 'good' TO 'fine'",
      },
    ],
    [
      "… below a domain, in an array",
      {
        pre: `CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE DOMAIN feeling AS mood; ${device}; ALTER TABLE device ADD moods feeling[]; UPDATE device SET moods = '{good,bad}'`,
        post: "ALTER TYPE mood RENAME VALUE 'good' TO 'fine'",
      },
    ],
    [
      "a composite type with one attribute less",
      {
        pre: `CREATE TYPE size AS (w integer, h integer); ${device}; ALTER TABLE device ADD size size; UPDATE device SET size = '(1,2)'`,
        post: "ALTER TYPE size DROP ATTRIBUTE h",
      },
    ],
    [
      "a name of something in the catalog",
      {
        pre: `CREATE TABLE place (id integer PRIMARY KEY); ${device}; ALTER TABLE device ADD lives regclass; UPDATE device SET lives = 'place'`,
        post: "ALTER TABLE place RENAME TO town; CREATE TABLE place (id integer PRIMARY KEY)",
      },
    ],
  ];
  it.each(cases)("%s", async (_, story) => {
    const databases = await playCopies(story);
    const { methods, changes } = await compareWays(databases);
    expect(methods["public.device"]).not.toBe("lineage");
    expect(changes).toBeGreaterThan(500);
  });

  it("an enum with the same words on both sides prints the same", async () => {
    const databases = await playCopies({
      pre: `CREATE TYPE mood AS ENUM ('good', 'bad'); ${device}; ALTER TABLE device ADD mood mood; UPDATE device SET mood = 'good'`,
      post: damage,
    });
    expect((await compareWays(databases)).methods).toEqual({ "public.device": "lineage" });
  });
});

describe("versions that nobody knows any more", () => {
  it("rows that an old server froze are read: their transaction is lost", async () => {
    // As servers before 9.4 did, and pg_upgrade kept it.
    const freeze =
      "SELECT heap_force_freeze('device', ARRAY(SELECT ctid FROM device WHERE id IN (5, 6))::tid[])";
    const databases = await playCopies({
      pre: `CREATE EXTENSION pg_surgery; ${device}`,
      post: `DELETE FROM device WHERE id = 5; VACUUM device; INSERT INTO device VALUES (5, 'x', 5, ''); ${freeze}`,
      before: freeze,
    });
    const version = "SELECT ctid, xmin FROM device WHERE id = 5";
    expect(await query(databases.pre, version)).toEqual(await query(databases.post, version));
    const { methods, changes } = await compareWays(databases);
    expect({ methods, changes }).toEqual({ methods: { "public.device": "lineage" }, changes: 1 });
  });
});

describe("tables whose rows have no version that both know", () => {
  it.each([
    ["unlogged", device.replace("CREATE TABLE", "CREATE UNLOGGED TABLE")],
    [
      "partitioned",
      `CREATE TABLE device (id integer PRIMARY KEY, state integer) PARTITION BY RANGE (id);
      CREATE TABLE low PARTITION OF device FOR VALUES FROM (0) TO (1000); CREATE TABLE high PARTITION OF device DEFAULT;
      INSERT INTO device SELECT n, n FROM generate_series(1, 2000) AS n`,
    ],
  ])("%s: they are compared by value", async (_, pre) => {
    const databases = await playCopies({ pre, post: damage });
    expect((await compareWays(databases)).methods["public.device"]).not.toBe("lineage");
  });
});

it("restored rows on the same server are other rows, whatever they say", async () => {
  const one = await playCopies({ pre: device });
  const other = await playCopies({ pre: device, post: damage });
  const databases = { ...other, pre: one.pre };
  const last = "SELECT max(ctid) FROM device";
  expect(await query(one.pre, last)).toEqual(await query(other.pre, last));
  expect((await compareWays(databases)).methods["public.device"]).not.toBe("lineage");
});
