import { expect, it } from "vitest";
import { makePlan, play } from "../../support/incident.js";
import { cloneWith, expectRecovery } from "../../support/recovery.js";

const all = { words: ["--damage", "insert,update,delete"] };
const longTest = { timeout: 90_000 };

const oddTypes = `CREATE EXTENSION citext; CREATE TYPE pair AS (a integer, b text); CREATE DOMAIN short AS varchar(5);
  CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
  CREATE TABLE odd (j json, x xml, p point, f float8, n numeric, c char(4), ct citext, a integer[], r pair, d short,
    b boolean, i interval, ts timestamptz, k text COLLATE ci, jb jsonb, by bytea);`;

/** Rows that differ in one value each, though PostgreSQL may call the two equal, or has no word for it. */
const oddRows = [
  `'{"a":1}', '<a/>', '(0,1)', 0, 1.0, 'ab', 'Abc', '{1,2}', '(1,)', 'x', true, '1 day', '2026-01-01', 'Abc', '{"a": 1.0}', '\\x00'`,
  `'{"a": 1}', '<a/>', '(0,1)', 0, 1.0, 'ab', 'Abc', '{1,2}', '(1,)', 'x', true, '1 day', '2026-01-01', 'Abc', '{"a": 1.0}', '\\x00'`,
  `'{"a":1}', '<a/>', '(0,1)', '-0', 1.0, 'ab', 'Abc', '{1,2}', '(1,)', 'x', true, '1 day', '2026-01-01', 'Abc', '{"a": 1.0}', '\\x00'`,
  `'{"a":1}', '<a/>', '(0,1)', 'NaN', 1.00, 'ab', 'Abc', '{1,2}', '(1,)', 'x', true, '1 day', '2026-01-01', 'Abc', '{"a": 1.0}', '\\x00'`,
  `'{"a":1}', '<a/>', '(0,1)', 0, 1.0, 'ab', 'ABC', '{1,2}', '(1,)', 'x', true, '24:00', '2026-01-01', 'Abc', '{"a": 1}', '\\x00'`,
  `'{"a":1}', '<a />', '(0,1)', 0, 1.0, ' ab', 'Abc', '[0:1]={1,2}', '(1,"")', 'x', true, '1 day', 'infinity', 'ABC', '{"a": 1.0}', '\\x'`,
  `NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL`,
  `NULL, NULL, NULL, NULL, NULL, '', '', '{}', '(,)', '', false, '0', '-infinity', E'"\\\\\\n\\u2028(,)', 'null', ''`,
];
const insert = (rows: readonly string[]) =>
  `INSERT INTO odd VALUES ${rows.map((row) => `(${row})`).join(", ")};`;

it.each([[[0, 6]], [[1, 2, 3, 4, 5, 7]]])(
  "1 to 18: of rows that nothing but their print tells apart, those that were lost come back: %j",
  longTest,
  async (at) => {
    const isLost = (_: string, row: number) => at.includes(row);
    const databases = await play({
      pre: `${oddTypes} ${insert(oddRows)}`,
      post: `TRUNCATE odd; ${insert(oddRows.filter((row, n) => !isLost(row, n)))}`,
    });
    const plan = await makePlan(databases, all);
    expect(plan.summary.totals).toMatchObject({ incoming: at.length, apply: at.length });
    await expectRecovery(databases, plan, { truth: new URL(databases.pre) });
  },
);

it("copies of all odd values are deleted as many as they are", longTest, async () => {
  const databases = await play({
    pre: `${oddTypes} ${insert(oddRows)}`,
    post: `${insert(oddRows)} ${insert(oddRows)}`,
    current: insert(oddRows),
  });
  const plan = await makePlan(databases, all);
  expect(plan.summary.totals).toMatchObject({ incoming: 16, apply: 16 });
  await expectRecovery(databases, plan, { truth: `TRUNCATE odd; ${insert(oddRows)} ${insert(oddRows)}` });
});

it("61: a partitioned table without a key is one bag, whatever partition a row is in", longTest, async () => {
  const databases = await play({
    pre: `CREATE TABLE m (day date, v integer) PARTITION BY RANGE (day);
      CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
      CREATE TABLE m2 PARTITION OF m FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
      INSERT INTO m SELECT day, v FROM generate_series('2026-01-30', '2026-02-02', interval '1 day') AS day, generate_series(1, 3) AS v, generate_series(1, 2)`,
    post: "UPDATE m SET day = day + 1 WHERE v = 2; DELETE FROM m WHERE v = 3; INSERT INTO m VALUES ('2026-01-30', 1)",
    current: "INSERT INTO m VALUES ('2026-02-09', 9), ('2026-02-09', 9)",
  });
  const plan = await makePlan(databases, all);
  expect(plan.summary.totals).toMatchObject({ open: 0, already: 0 });
  const kept = "INSERT INTO m VALUES ('2026-02-09', 9), ('2026-02-09', 9)";
  await expectRecovery(databases, plan, {
    truth: new URL(await cloneWith(databases.pre, kept)),
    batchRows: 3,
  });
});

it(
  "47: dropped and reordered columns are met by name; what not all have is listed and keeps its default",
  longTest,
  async () => {
    const databases = await play({
      pre: "CREATE TABLE log (gone integer, a text, b integer); ALTER TABLE log DROP gone; INSERT INTO log VALUES ('x', 1), ('x', 1), ('y', 2)",
      post: "DELETE FROM log WHERE a = 'x'",
      current:
        "ALTER TABLE log DROP a; ALTER TABLE log ADD a text; ALTER TABLE log ADD extra text DEFAULT 'new'; UPDATE log SET a = 'y'",
    });
    const plan = await makePlan(databases, all);
    expect(plan.exitCode).toBe(3);
    expect(plan.summary.totals).toMatchObject({ incoming: 2, apply: 2, open: 1 });
    await expectRecovery(databases, plan, { truth: "INSERT INTO log (a, b) VALUES ('x', 1), ('x', 1)" });
  },
);

it("a wide table without a key, whose staged rows are folded", longTest, async () => {
  const names = Array.from({ length: 120 }, (_, at) => `c${at}`);
  const row = (n: number) => names.map((_, at) => (at % 7 === n ? "NULL" : `'${n} ${at}'`)).join(", ");
  const databases = await play({
    pre: `CREATE TYPE pair AS (a integer, b text);
      CREATE TABLE wide (${names.map((name) => `${name} text`).join(", ")}, p pair);
      INSERT INTO wide VALUES (${row(1)}, '(,)'), (${row(1)}, '(,)'), (${row(2)}, NULL), (${row(3)}, '(1,a)')`,
    post: `DELETE FROM wide WHERE c1 IS NULL; UPDATE wide SET c5 = NULL WHERE c2 IS NULL; INSERT INTO wide SELECT * FROM wide`,
    current: `INSERT INTO wide SELECT * FROM wide WHERE c3 IS NULL`,
  });
  const plan = await makePlan(databases, all);
  expect(plan.summary.totals).toMatchObject({ incoming: 6, apply: 6 });
  await expectRecovery(databases, plan, {
    truth: `TRUNCATE wide; INSERT INTO wide VALUES (${row(1)}, '(,)'), (${row(1)}, '(,)'), (${row(2)}, NULL),
      (${row(3)}, '(1,a)'), (${row(3)}, '(1,a)'), (${row(3)}, '(1,a)')`,
  });
});
