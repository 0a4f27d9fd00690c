import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, query } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { type Databases, makePlan, play, readLines } from "../support/incident.js";
import { pgmend } from "../support/program.js";
import { expectRecovery } from "../support/recovery.js";

const before = `CREATE SCHEMA shop; CREATE SCHEMA trade;
  CREATE TABLE shop.keeper (id integer PRIMARY KEY, workspace integer, name text);
  CREATE TABLE shop.gadget (id integer PRIMARY KEY, holder integer REFERENCES shop.keeper, release text, note text);
  CREATE TABLE heap (holder text, amount numeric);
  INSERT INTO shop.keeper SELECT n, n % 2, 'keeper ' || n FROM generate_series(1, 4) AS n;
  INSERT INTO shop.gadget SELECT n, n % 4 + 1, 'r' || n, repeat('note ', 60) FROM generate_series(1, 3000) AS n;
  INSERT INTO heap VALUES ('a', 1.0), ('a', 1.0), ('b', 2)`;
/** What the migration renamed: a table into another schema, its key, a column, and one of a table without a key. */
const migration = `ALTER TABLE shop.gadget RENAME TO device; ALTER TABLE shop.device SET SCHEMA trade;
  ALTER TABLE trade.device RENAME holder TO owner; ALTER TABLE trade.device RENAME id TO device_id;
  ALTER TABLE shop.keeper RENAME TO person; ALTER TABLE heap RENAME holder TO owner`;
const renames = (role: "pre" | "post", [own, other]: readonly [0 | 1, 0 | 1]) => {
  const pick = (at: 0 | 1, ...names: readonly [string, string]) => names[at];
  const device = pick(own, "shop.gadget", "trade.device");
  const [holder, wasHolder] = [pick(own, "holder", "owner"), pick(other, "holder", "owner")];
  return `renames:
  - { table: ${device}, ${role}: ${pick(other, "shop.gadget", "trade.device")} }
  - { table: ${device}, column: ${holder}, ${role}: ${wasHolder} }
  - { table: ${device}, column: ${pick(own, "id", "device_id")}, ${role}: ${pick(other, "id", "device_id")} }
  - { table: ${pick(own, "shop.keeper", "shop.person")}, ${role}: ${pick(other, "shop.keeper", "shop.person")} }
  - { table: heap, column: ${holder}, ${role}: ${wasHolder} }
tenant: { column: workspace }
`;
};

describe("mode undo: the incident is a migration that renamed, too", () => {
  let databases: Databases;
  beforeAll(async () => {
    databases = await play({
      pre: before,
      post: `${migration}; UPDATE trade.device SET release = NULL, owner = 1 WHERE device_id < 20;
        DELETE FROM trade.device WHERE device_id > 2995; DELETE FROM heap WHERE owner = 'a'`,
      current:
        "UPDATE trade.device SET note = 'since' WHERE device_id = 3; UPDATE trade.device SET release = 'since' WHERE device_id = 4",
    });
  });

  const truth = `UPDATE trade.device SET release = 'r' || device_id, owner = device_id % 4 + 1 WHERE device_id < 20 AND device_id <> 4;
    INSERT INTO trade.device SELECT n, n % 4 + 1, 'r' || n, repeat('note ', 60) FROM generate_series(2996, 3000) AS n;
    INSERT INTO heap VALUES ('a', 1.0), ('a', 1.0)`;

  it("is compared, each database in its own names, and the patch is in current's", async () => {
    const plan = await makePlan(databases, { config: renames("pre", [1, 0]) });
    expect([plan.exitCode, plan.summary.leftOut]).toEqual([3, []]);
    expect(plan.summary.totals).toMatchObject({ apply: 25, conflict: 1 });
    expect(plan.summary.tables.find(({ table }) => table === "trade.device")?.method).not.toBe("stream");
    expect(readLines(plan.folder, "conflicts.jsonl")).toMatchObject([
      { table: "trade.device", key: { device_id: "4" }, columns: ["release"] },
    ]);
    // Whose a deleted row was, pre says: along its own names.
    const deleted = readLines(plan.folder, "changes.jsonl").find(
      ({ key }) => JSON.stringify(key) === '{"device_id":"3000"}',
    );
    expect(deleted).toMatchObject({ tenant: "1" }); // keeper 1
    await expectRecovery(databases, plan, { truth });
  });

  it("without the mapping, is left out and leaves the plan open; check and init suggest it", async () => {
    const plan = await makePlan(databases);
    expect(plan.exitCode).toBe(3);
    expect(plan.summary.leftOut.map(({ table, reason }) => `${table}: ${reason}`)).toEqual([
      "public.heap: column holder is not in post and current",
      "public.heap: column owner is not in pre",
      "shop.gadget: there is no such table in post and current",
      "shop.keeper: there is no such table in post and current",
      "shop.person: there is no such table in pre",
      "trade.device: there is no such table in pre",
    ]);
    const env = { PGMEND_PRE: databases.pre, PGMEND_POST: databases.post, PGMEND_CURRENT: databases.current };
    const cwd = newFolder();
    const check = await pgmend(["check"], { cwd, env });
    expect(check.stdout.replace(/\s+/g, " ")).toContain(
      "column owner that looks renamed: it may be holder in pre",
    );
    const init = await pgmend(["init", "--stdout"], { cwd, env });
    expect(init.stdout).toContain(`#: renames:
#:   - { table: shop.person, pre: shop.keeper }
#:   - { table: public.heap, column: owner, pre: holder }`);
  });

  it("with it, check searches what it would search elsewhere, and has nothing to complain of", async () => {
    const env = { PGMEND_PRE: databases.pre, PGMEND_POST: databases.post, PGMEND_CURRENT: databases.current };
    const cwd = newFolder();
    writeFileSync(join(cwd, "pgmend.yaml"), renames("pre", [1, 0]));
    const check = await pgmend(["check", "--json"], { cwd, env });
    expect(JSON.parse(check.stdout)).toMatchObject({ leftOut: [] });
    expect(check.stdout).not.toContain("looks renamed");
  });
});

it("mode replay: post has the new names, and the patch writes current's, which are the old ones", async () => {
  const databases = await play({
    mode: "replay",
    pre: before,
    post: `${migration}; INSERT INTO shop.person VALUES (5, 1, 'new'); INSERT INTO trade.device VALUES (3001, 5, 'r3001', 'new');
      UPDATE trade.device SET owner = 2 WHERE device_id = 1; DELETE FROM trade.device WHERE device_id = 2; INSERT INTO heap VALUES ('c', 3)`,
    current: "UPDATE shop.gadget SET note = 'since' WHERE id = 1",
  });
  const plan = await makePlan(databases, { config: renames("post", [0, 1]) });
  expect([plan.exitCode, plan.summary.leftOut]).toEqual([0, []]);
  await expectRecovery(databases, plan, {
    truth: `INSERT INTO shop.keeper VALUES (5, 1, 'new'); INSERT INTO shop.gadget VALUES (3001, 5, 'r3001', 'new');
      UPDATE shop.gadget SET holder = 2 WHERE id = 1; DELETE FROM shop.gadget WHERE id = 2; INSERT INTO heap VALUES ('c', 3)`,
  });
});

it("two names that were exchanged are followed; what lost its name to another is listed", async () => {
  const databases = await play({
    pre: `CREATE TABLE a (id integer PRIMARY KEY, x text, y text); CREATE TABLE b (id integer PRIMARY KEY, x text, y text);
      INSERT INTO a VALUES (1, 'ax', 'ay'); INSERT INTO b VALUES (1, 'bx', 'by')`,
    post: `ALTER TABLE a RENAME TO c; ALTER TABLE b RENAME TO a; ALTER TABLE c RENAME TO b;
      ALTER TABLE a RENAME x TO z; ALTER TABLE a RENAME y TO x; ALTER TABLE a RENAME z TO y; UPDATE a SET x = NULL; UPDATE b SET x = NULL`,
  });
  const tables = "{ table: a, pre: b }, { table: b, pre: a }";
  const whole = await makePlan(databases, {
    config: `renames: [${tables}, { table: a, column: x, pre: y }, { table: a, column: y, pre: x }]`,
  });
  expect([whole.exitCode, whole.summary.totals.apply]).toEqual([0, 2]);
  await expectRecovery(databases, whole, { truth: "UPDATE a SET x = 'by'; UPDATE b SET x = 'ax'" });
  const half = await makePlan(databases, {
    config: "renames: [{ table: a, pre: b }, { table: a, column: x, pre: y }]",
  });
  expect(half.exitCode).toBe(3);
  expect(half.summary.leftOut.map(({ table, reason }) => `${table}: ${reason}`)).toEqual([
    "public.a: column y is not in pre",
    "public.b: there is no such table in pre",
    "public.a: pre has another table of this name, which is not compared: renames names public.b there",
    "public.a: column x of pre is another one, which is not merged: renames names y there",
  ]);
});

it("a table that became partitioned is read whole in each database, as it is there", async () => {
  const rows = "INSERT INTO event SELECT n, 'e' || n FROM generate_series(1, 200) AS n";
  const flat = `CREATE TABLE event (id integer PRIMARY KEY, note text); ${rows}`;
  const parts = `CREATE TABLE event (id integer PRIMARY KEY, note text) PARTITION BY RANGE (id);
    CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (1) TO (100); CREATE TABLE event_2 PARTITION OF event DEFAULT; ${rows}`;
  for (const [first, then] of [
    [flat, parts],
    [parts, flat],
  ] as const) {
    const [pre, post, current] = [
      await createDatabase("pre"),
      await createDatabase("post"),
      await createDatabase("current"),
    ];
    await query(pre, first);
    for (const url of [post, current])
      await query(url, `${then}; UPDATE event SET note = NULL WHERE id IN (7, 150)`);
    const databases = { pre, post, current, mode: "undo" } as const;
    const plan = await makePlan(databases);
    expect(plan.summary.totals).toMatchObject({ rowsCompared: 200, incoming: 2, apply: 2 });
    await expectRecovery(databases, plan, {
      truth: "UPDATE event SET note = 'e' || id WHERE id IN (7, 150)",
    });
  }
});

it("lists every mistake of the mapping with its place", async () => {
  const databases = await play({
    pre: "CREATE TABLE gadget (id integer PRIMARY KEY, holder text, note text)",
    post: "ALTER TABLE gadget RENAME TO device; ALTER TABLE device RENAME holder TO owner",
  });
  const config = `renames:
  - { table: public.device, pre: public.gadgets }
  - { table: device, pre: gadget }
  - { table: public.device, pre: public.gadget }
  - { table: devise, pre: gadget }
  - { table: device, column: ower, pre: holder }
  - { table: device, column: owner, pre: hodler }
  - { table: device, column: note, pre: note }
  - { table: device, column: id, pre: holder }
  - { table: device, column: owner, pre: holder }
`;
  await expect(makePlan(databases, { config })).rejects.toThrow(
    new RegExp(
      [
        "exit code 2",
        'renames\\[0\\]: pre has no table "public.gadgets"; did you mean "public.gadget"\\?',
        'renames\\[3\\]: current has no table "devise"; did you mean "public.device"\\?',
        'renames\\[4\\]: public.device has no column "ower"; did you mean "owner"\\? in current',
        'renames\\[5\\]: public.gadget has no column "hodler"; did you mean "holder"\\? in pre',
        "renames\\[6\\]: pre calls it note, too: that is no other name",
        "renames\\[2\\]: contradicts .*renames\\[1\\], which has public.device as public.gadget, here public.device as public.gadget of pre",
        "renames\\[8\\]: contradicts .*renames\\[7\\], which has public.device.id as holder, here public.device.owner as holder of pre",
      ].join("(.|\\n)*"),
    ),
  );
});

describe("snapshots inside the window", () => {
  const told = async (origin: string | undefined, sql: string) => {
    const url = await createDatabase("night", origin);
    await query(url, sql);
    return url;
  };

  it("are read by the names they have: those of pre before the migration, and those of current after it", async () => {
    const pre = await told(
      undefined,
      `CREATE TABLE gadget (id integer PRIMARY KEY, holder text, pin text); CREATE TABLE device (id integer PRIMARY KEY, other text);
        INSERT INTO gadget SELECT n, 'h' || n, 'p' || n FROM generate_series(1, 6) AS n`,
    );
    const early = await told(pre, "UPDATE gadget SET pin = 'people' WHERE id = 1");
    const late = await told(
      early,
      `DROP TABLE device; ALTER TABLE gadget RENAME TO device; ALTER TABLE device RENAME holder TO owner;
        UPDATE device SET owner = 'people' WHERE id = 2`,
    );
    const post = await told(late, "UPDATE device SET pin = NULL");
    const current = await told(post, "SELECT 1");
    const config = `renames: [{ table: device, pre: gadget }, { table: device, column: owner, pre: holder }]
rules: [{ match: { columns: [pin], where: post.pin IS NULL }, is: damage }, { match: {}, is: legitimate }]`;
    const words = ["--between", `early=${early}`, "--between", `late=${late}`];
    const plan = await makePlan({ pre, post, current, mode: "undo" }, { config, words });
    expect(plan.summary.totals).toMatchObject({ apply: 6 });
    await expectRecovery({ current }, plan, {
      truth: "UPDATE device SET pin = CASE id WHEN 1 THEN 'people' ELSE 'p' || id END",
    });
    // Another table of the same form has the new name already: which one is meant, nobody can say.
    const both = await told(
      early,
      "DROP TABLE device; CREATE TABLE device (id integer PRIMARY KEY, owner text, pin text)",
    );
    const folder = newFolder();
    writeFileSync(join(folder, "pgmend.yaml"), config);
    const urls = ["--pre", pre, "--post", post, "--current", current];
    const { exitCode, stderr } = await pgmend(
      ["plan", "--mode", "undo", ...urls, "--between", `both=${both}`],
      {
        cwd: folder,
      },
    );
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining(
        "--between both: may have public.device as public.device or as public.gadget with holder; leave the snapshot out",
      ),
    });
  });
});
