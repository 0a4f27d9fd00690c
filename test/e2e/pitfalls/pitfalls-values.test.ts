import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compareDatabases } from "../../../sample-data/compare-databases.js";
import { createDatabase, oldestMajor, query } from "../../support/database.js";
import { type Databases, makePlan, type Planned, play, readLines } from "../../support/incident.js";
import { expectRecovery, nameOf, runPatch } from "../../support/recovery.js";

/**
 * What others who compare rows ran into: two values that some step on the way makes one, or one value that it makes
 * two. Each case is a table; `changed` are the keys of the rows that differ, and no other row does.
 */
interface Case {
  readonly name: string;
  readonly columns: string;
  /** Rows as SQL writes them. */
  readonly pre: string;
  readonly post: string;
  readonly changed: readonly string[];
}

/** Servers before 14 have none. */
const multirange = oldestMajor() < 14 ? "text" : "int4multirange";

const text = "id integer PRIMARY KEY, v text";
const two = "id integer PRIMARY KEY, a text, b text";

const cases: readonly Case[] = [
  {
    name: "1: NULL is not the empty string",
    columns: text,
    pre: "(1, ''), (2, NULL), (3, ''), (4, NULL)",
    post: "(1, NULL), (2, ''), (3, ''), (4, NULL)",
    changed: ["1", "2"],
  },
  {
    name: "2: what moves from one column to the next is a change, whatever stands between them",
    columns: two,
    pre: String.raw`(1, 'a|b', 'c'), (2, 'a,b', 'c'), (3, E'a\tb', 'c'), (4, E'a\nb', 'c'), (5, E'a\x1fb', 'c'), (6, 'ab', ''), (7, NULL, 'a'), (8, '"a","b"', '')`,
    post: String.raw`(1, 'a', 'b|c'), (2, 'a', 'b,c'), (3, 'a', E'b\tc'), (4, 'a', E'b\nc'), (5, 'a', E'b\x1fc'), (6, '', 'ab'), (7, 'a', NULL), (8, '"a"', '"b"')`,
    changed: ["1", "2", "3", "4", "5", "6", "7", "8"],
  },
  {
    name: "3: no text stands for NULL or for nothing",
    columns: text,
    pre: String.raw`(1, NULL), (2, NULL), (3, NULL), (4, NULL), (5, 'EMPTY_BLOCK'), (6, '\N'), (7, 'undefined')`,
    post: String.raw`(1, '<null>'), (2, '\N'), (3, 'NULL'), (4, 'null'), (5, NULL), (6, E'\\\\N'), (7, NULL)`,
    changed: ["1", "2", "3", "4", "5", "6", "7"],
  },
  {
    name: "4: two rows that swap a value are two changes",
    columns: two,
    pre: "(1, 'x', 'p'), (2, 'y', 'q'), (3, 'z', 'r')",
    post: "(1, 'y', 'p'), (2, 'x', 'q'), (3, 'z', 'r')",
    changed: ["1", "2"],
  },
  {
    name: "5: equal changes do not cancel each other out",
    columns: text,
    pre: "(1, 'x'), (2, 'x'), (3, 'x'), (4, 'x')",
    post: "(1, 'y'), (2, 'y'), (3, 'x'), (5, 'y'), (6, 'y')",
    changed: ["1", "2", "4", "5", "6"],
  },
  {
    name: "6: numeric: another scale is another text",
    columns: "id integer PRIMARY KEY, v numeric",
    pre: "(1, 3000.00), (2, 3000.0), (3, 1e-20), (4, 0), (5, 0.10)",
    post: "(1, 3000.0), (2, 3000.0), (3, 0), (4, 0.000), (5, 0.10)",
    changed: ["1", "3", "4"],
  },
  {
    name: "7: what is equal and prints otherwise is a change",
    columns: "id integer PRIMARY KEY, i interval, f float8, j jsonb",
    pre: `(1, '1 day', 0, '1'), (2, '1 day', 0, '1'), (3, '1 mon', 0, '{"a": 1}'), (4, '1 day', 0, '[1.10]'), (5, '24:00', '-0', '1')`,
    post: `(1, '24 hours', 0, '1'), (2, '1 day', '-0', '1'), (3, '30 days', 0, '{"a": 1}'), (4, '1 day', 0, '[1.1]'), (5, '24:00', '-0', '1.0')`,
    changed: ["1", "2", "3", "4", "5"],
  },
  {
    name: "8: NaN is NaN, and infinity is infinity",
    columns: "id integer PRIMARY KEY, f float8, n numeric, d date",
    pre: "(1, 'NaN', 'NaN', 'infinity'), (2, 'NaN', 1, '-infinity'), (3, 'Infinity', 1, '2020-01-01'), (4, 1, 'NaN', NULL)",
    post: "(1, 'NaN', 'NaN', 'infinity'), (2, NULL, 1, '-infinity'), (3, '-Infinity', 1, '2020-01-01'), (4, 1, NULL, 'infinity')",
    changed: ["2", "3", "4"],
  },
  {
    name: "9: a moment is the same in every time zone",
    columns: "id integer PRIMARY KEY, at timestamptz, d date, i interval, b bytea",
    pre: String.raw`(1, '2019-03-31 01:30+00', '2019-02-01', '1 year -2 days 03:04:05.6', '\x00ff41'), (2, '2019-10-27 00:30+00', '2019-02-01', '-1 day', '\x41'),
      (3, '0044-03-15 12:00+00 BC', '0044-03-15 BC', '1 day', ''), (4, '2019-10-27 00:30+00', '2019-01-02', '1 day', 'A')`,
    post: String.raw`(1, '2019-03-31 03:30+02', '2019-02-01', '1 year -2 days 03:04:05.6', '\x00ff41'), (2, '2019-10-27 02:30+01', '2019-02-01', '-1 day', '\x41'),
      (3, '0044-03-15 13:00+01 BC', '0044-03-15 BC', '1 day', ''), (4, '2019-10-27 00:30+00', '2019-02-01', '1 day', '\x41')`,
    changed: ["2", "4"],
  },
  {
    name: "10: floats differ in their last bit",
    columns: "id integer PRIMARY KEY, f float8, g float4",
    pre: "(1, 0.1, 0.1), (2, 0.30000000000000004, 1), (3, 1, 16777216), (4, 5e-324, 1e-45), (5, 1e15, 1)",
    post: "(1, 0.1, 0.1), (2, 0.3, 1), (3, 1, 16777218), (4, 0, 1e-45), (5, 1000000000000000.1, 1)",
    changed: ["2", "3", "4", "5"],
  },
  {
    name: "11: money",
    columns: "id integer PRIMARY KEY, v money",
    pre: "(1, 1.00), (2, 92233720368547758.07), (3, -0.01)",
    post: "(1, 1.00), (2, 92233720368547758.06), (3, 0.01)",
    changed: ["2", "3"],
  },
  {
    name: "12: json keeps order, blanks and doubles; jsonb does not",
    columns: "id integer PRIMARY KEY, v json, b jsonb",
    pre: `(1, '{"a":1,"b":2}', '{"a":1,"b":2}'), (2, '{"a":1}', '{}'), (3, '{"a":1}', '{}'), (4, '"\\u0041"', '{"a":1,"a":2}'), (5, 'null', NULL)`,
    post: `(1, '{"a":1,"b":2}', '{"b":2, "a":1}'), (2, '{"a": 1}', '{}'), (3, '{"a":2,"a":1}', '{}'), (4, '"A"', '{"a":2}'), (5, NULL, 'null')`,
    changed: ["2", "3", "4", "5"],
  },
  {
    name: "13: blanks at the end count, but those that fill a char(n) up",
    columns: 'id integer PRIMARY KEY, c char(6), v varchar(6), t text, "char" "char", n name',
    pre: "(1, 'a', 'a', 'a', 'a', 'a'), (2, 'a', 'a', 'a', 'a', 'a'), (3, 'a', 'a', 'a', 'a', 'a'), (4, '', '', '', '', ''), (5, 'a', 'a', 'a', 'a', 'a')",
    post: "(1, 'a  ', 'a', 'a', 'a', 'a'), (2, 'a', 'a ', 'a', 'a', 'a'), (3, 'a', 'a', 'a ', 'a', 'a'), (4, ' ', '', ' ', ' ', ''), (5, 'a', 'a', 'a', 'b', 'a ')",
    changed: ["2", "3", "4", "5"],
  },
  {
    name: "15: arrays with other bounds are other arrays",
    columns: "id integer PRIMARY KEY, v integer[], t text[]",
    pre: `(1, '{1,2,3}', '{}'), (2, '{1,2}', '{"NULL"}'), (3, '{{1,2},{3,4}}', '{a}'), (4, '{}', '{"a,b"}'), (5, '[2:3]={1,2}', '{""}')`,
    post: `(1, '[0:2]={1,2,3}', '{}'), (2, '{1,2}', '{NULL}'), (3, '{1,2,3,4}', '{a}'), (4, '{}', '{a,b}'), (5, '[2:3]={1,2}', '{""}')`,
    changed: ["1", "2", "3", "4"],
  },
  {
    name: "16: types that no driver knows travel as text",
    columns: `id integer PRIMARY KEY, c pair, r int4range, m ${multirange}, e mood, d positive, bits bit varying(5), x xml, p point, poly polygon,
      h hstore, l ltree, net inet, mac macaddr8, q tsquery, u uuid`,
    pre: `(1, '(1,)', '[1,5)', '{[1,5)}', 'ok', 1, '10', '<a/>', '(1,2)', '((0,0),(1,1))', 'a=>1', 'a.b', '10.0.0.1', '08:00:2b:01:02:03:04:05', 'a & b', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'),
      (2, '(1,)', 'empty', '{}', 'ok', 1, '10', '<a/>', '(1,2)', '((0,0),(1,1))', 'a=>NULL', 'a.b', '10.0.0.1/32', '08:00:2b:01:02:03:04:05', 'a', NULL),
      (3, '(1,)', '(,5)', '{}', 'ok', 1, '10', '<a/>', '(1,2)', '((0,0),(1,1))', 'a=>"NULL"', 'a', '::1', '08:00:2b:01:02:03:04:05', 'a', NULL)`,
    post: `(1, '(1,"")', '[1,4]', '{[1,5)}', 'ok', 1, '10', '<a/>', '(1,2)', '((0,0),(1,1))', 'a=>1', 'a.b', '10.0.0.1', '08:00:2b:01:02:03:04:05', 'a & b', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'),
      (2, '(1,)', '[1,1)', '{}', 'OK', 1, '010', '<a />', '(1,2)', '((1,1),(0,0))', 'a=>"NULL"', 'a.B', '10.0.0.1/24', '08:00:2b:01:02:03:04:06', 'b', NULL),
      (3, '(1,)', '(,5)', '{}', 'ok', 1, '10', '<a/>', '(1,2)', '((0,0),(1,1))', 'a=>"NULL"', 'a', '::1', '08:00:2b:01:02:03:04:05', 'a', NULL)`,
    changed: ["1", "2"],
  },
  {
    name: "17: microseconds, 64-bit numbers and 1.0 in a json are not rounded",
    columns: "id integer PRIMARY KEY, at timestamptz, n bigint, j json, t time",
    pre: `(1, '2019-09-23 22:16:07.242999+00', 1, '1', '24:00'), (2, NULL, 9007199254740993, '1', NULL), (3, NULL, 1, '1.0', NULL), (4, NULL, 1, '9007199254740993', NULL), (5, NULL, 1, '1', '00:00')`,
    post: `(1, '2019-09-23 22:16:07.242+00', 1, '1', '24:00'), (2, NULL, 9007199254740992, '1', NULL), (3, NULL, 1, '1', NULL), (4, NULL, 1, '9007199254740992', NULL), (5, NULL, 1, '1', '24:00')`,
    changed: ["1", "2", "3", "4", "5"],
  },
  {
    name: "18: keys beyond 2^53 name one row each",
    columns: "id bigint PRIMARY KEY, v text",
    pre: "(9007199254740992, 'a'), (9007199254740993, 'a'), (-9223372036854775808, 'a'), (9223372036854775807, 'a'), (9223372036854775806, 'a')",
    post: "(9007199254740992, 'a'), (9007199254740993, 'b'), (-9223372036854775808, 'b'), (9223372036854775807, 'a')",
    changed: ["-9223372036854775808", "9007199254740993", "9223372036854775806"],
  },
  {
    name: "18: numeric keys of many digits, too",
    columns: "id numeric PRIMARY KEY, v text",
    pre: "(123456789012345678901234567890.1, 'a'), (123456789012345678901234567890.2, 'a'), (0.10000000000000000000000000001, 'a'), (0.1, 'a')",
    post: "(123456789012345678901234567890.1, 'a'), (123456789012345678901234567890.2, 'b'), (0.10000000000000000000000000001, 'b'), (0.1, 'a')",
    changed: ["0.10000000000000000000000000001", "123456789012345678901234567890.2"],
  },
  {
    name: "texts that only look alike are other texts",
    columns: text,
    pre: String.raw`(1, 'é'), (2, 'Å'), (3, 'a'), (4, U&'a\200b'), (5, U&'\+01f600'), (6, E'a\r\n'), (7, 'ﬁ')`,
    post: String.raw`(1, U&'e\0301'), (2, U&'\212b'), (3, 'а'), (4, 'a'), (5, U&'\fffd'), (6, E'a\n'), (7, 'fi')`,
    changed: ["1", "2", "3", "4", "5", "6", "7"],
  },
];

const types = `CREATE TYPE pair AS (a integer, b text); CREATE TYPE mood AS ENUM ('ok', 'OK'); CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
  CREATE EXTENSION hstore; CREATE EXTENSION ltree;`;

/** What a role or a database may have set: nothing of it may show in a value. Other settings in each of the three. */
const habits = [
  "TimeZone = 'America/St_Johns'; DateStyle = 'German'; IntervalStyle = 'iso_8601'; extra_float_digits = -5; bytea_output = 'escape'; client_encoding = 'LATIN1'",
  "TimeZone = 'Asia/Kathmandu'; DateStyle = 'SQL, DMY'; IntervalStyle = 'sql_standard'; extra_float_digits = 0; xmloption = 'document'; quote_all_identifiers = on; array_nulls = off; gin_fuzzy_search_limit = 1",
  "TimeZone = 'Europe/Berlin'; DateStyle = 'Postgres'; IntervalStyle = 'postgres_verbose'; search_path = 'pg_catalog'; standard_conforming_strings = off; array_nulls = off; transform_null_equals = on; statement_timeout = '600s'",
];

async function playCases(mode: "undo" | "replay"): Promise<Databases> {
  const each = (sql: (one: Case, table: string) => string) =>
    cases.map((one, at) => sql(one, `case_${at}`)).join(";\n");
  const databases = await play({
    mode,
    pre: `${types}\n${each(({ columns, pre }, table) => `CREATE TABLE ${table} (${columns}); INSERT INTO ${table} VALUES ${pre}`)}`,
    post: each(({ post }, table) => `DELETE FROM ${table}; INSERT INTO ${table} VALUES ${post}`),
  });
  return databases;
}

async function takeUp(habit: string, url: string): Promise<void> {
  for (const setting of habit.split("; ")) await query(url, `ALTER DATABASE "${nameOf(url)}" SET ${setting}`);
}

/** So that whoever compares the databases need not know of any. */
async function giveUpAll(urls: readonly string[]): Promise<void> {
  for (const url of urls) await query(url, `ALTER DATABASE "${nameOf(url)}" RESET ALL`);
}

describe.each(["undo", "replay"] as const)("mode %s", (mode) => {
  let databases: Databases;
  let plan: Planned;
  let changed: readonly Record<string, unknown>[];

  beforeAll(async () => {
    databases = await playCases(mode);
    const urls = [databases.pre, databases.post, databases.current];
    for (const [at, url] of urls.entries()) await takeUp(habits[at] as string, url);
    const words = ["--damage", "insert,update,delete"];
    plan = await makePlan(databases, { config: "touch: { columns: [] }", words });
    changed = readLines(plan.folder, "changes.jsonl");
    await giveUpAll(urls);
  }, 120_000);

  it.each(cases.map((one, at) => ({ ...one, table: `public.case_${at}` })))("$name", (one) => {
    const mine = changed.filter(({ table }) => table === one.table);
    const keys = mine.map(({ key }) => (key as { id: string }).id);
    expect(keys.toSorted()).toEqual(one.changed.toSorted());
  });

  it("all of it is restored to the last byte, and taken back", { timeout: 120_000 }, async () => {
    expect(plan.exitCode).toBe(0);
    const truth = new URL(mode === "undo" ? databases.pre : databases.post);
    await expectRecovery(databases, plan, { truth });
  });

  it.each(habits)("… also where the database has set %s", { timeout: 120_000 }, async (habit) => {
    const patient = await createDatabase("patient", databases.current);
    for (const [file, expected] of [
      ["patch.sql", mode === "undo" ? databases.pre : databases.post],
      ["rollback.sql", databases.current],
    ] as const) {
      await takeUp(habit, patient);
      const variables = { pgmend_database: nameOf(patient) };
      expect(await runPatch(join(plan.folder, file), patient, variables)).toMatchObject({ exitCode: 0 });
      await giveUpAll([patient]);
      expect(await compareDatabases(patient, expected)).toEqual([]);
    }
  });
});
