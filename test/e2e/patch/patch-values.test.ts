import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { beforeAll, describe, expect, it } from "vitest";
import { hasHidden } from "../../../src/model/visible.js";
import { query } from "../../support/database.js";
import { type Databases, makePlan, type Planned, play, readLines } from "../../support/incident.js";
import { cloneWith, expectRecovery, nameOf, runPatch } from "../../support/recovery.js";

const quoted = pg.escapeIdentifier;
const literal = pg.escapeLiteral;

/** Names that would be something else if they were not quoted, or not escaped where they are told. */
const names = [
  'a""b'.replace('""', '"'),
  '"; DROP TABLE victim; --',
  "line\nbreak",
  "\\set ON_ERROR_STOP off",
  "emoji 🧯",
  "select",
  "it's :'x' $$ $1 %s %L",
  "\u202egnirts",
];

const values = [
  "",
  " ",
  "NULL",
  "\\N",
  "\\.",
  "first\n\\.\nlast",
  "first\n\\! true\nlast",
  ":'x' :x :\"x\"",
  "*/ /* --",
  "-- comment\r\nDROP TABLE victim;",
  "'); DROP TABLE victim; --",
  "C:\\new\\table\\x41",
  "\u001b[2J\u001b]0;title\u0007",
  "\u202eright to left\u2066",
  "\u0001\u007f\u0085\u2028\ufeff",
  "$$ $pgmend$ $pgmend1$",
  "é ü 你好 👩‍🚒",
  "E'\\''",
  "%s %L %%",
];

describe("hostile names and values stay data", () => {
  it("whatever they are, inserted, updated and deleted", { timeout: 60_000 }, async () => {
    const tables = names.map((name, at) => {
      const other = names[(at + 1) % names.length] as string;
      return { label: `public.${quoted(name)}`, key: quoted(`${name} key`), column: quoted(other) };
    });
    const rows = (from: string) =>
      values.map((value) => `(${literal(`${from}${value}`)}, ${literal(value)})`).join(", ");
    const each = (sql: (table: (typeof tables)[number]) => string) => tables.map(sql).join(";\n");
    const databases = await play({
      pre: `CREATE TABLE victim (id integer PRIMARY KEY);
        ${each(
          ({ label, key, column }) => `CREATE TABLE ${label} (${key} text PRIMARY KEY, ${column} text);
          INSERT INTO ${label} VALUES ${rows("updated ")}, ${rows("deleted ")}, ${rows("kept ")}`,
        )}`,
      post: each(
        ({
          label,
          key,
          column,
        }) => `UPDATE ${label} SET ${column} = 'lost ' || ${column} WHERE ${key} LIKE 'updated%';
        DELETE FROM ${label} WHERE ${key} LIKE 'deleted%'; INSERT INTO ${label} VALUES ${rows("inserted ")}`,
      ),
      current: each(
        ({ label, key, column }) => `UPDATE ${label} SET ${column} = 'theirs' WHERE ${key} LIKE 'kept%'`,
      ),
    });
    const plan = await makePlan(databases, { words: ["--damage", "insert,update,delete"] });
    expect(plan.exitCode).toBe(0);
    const truth = each(
      ({
        label,
        key,
        column,
      }) => `UPDATE ${label} SET ${column} = substr(${column}, 6) WHERE ${key} LIKE 'updated%';
      DELETE FROM ${label} WHERE ${key} LIKE 'inserted%'; INSERT INTO ${label} VALUES ${rows("deleted ")}`,
    );
    await expectRecovery(databases, plan, { truth, batchRows: 25 });
    expectHarmless(readFileSync(join(plan.folder, "patch.sql"), "utf8"));
    const changes = readLines(plan.folder, "changes.jsonl");
    expect(changes).toHaveLength(3 * names.length * values.length);
    const told = changes.map(
      ({ columns }) => Object.values(columns as Record<string, { to?: string }>)[0]?.to,
    );
    for (const value of values) expect(told).toContain(value);
  });

  it("however long they are", { timeout: 60_000 }, async () => {
    const long = "repeat('lång :''x'' \\ ', 60000) || id";
    const databases = await play({
      pre: `CREATE TABLE page (id integer PRIMARY KEY, text text); INSERT INTO page SELECT id, ${long} FROM generate_series(1, 3) AS id`,
      post: "UPDATE page SET text = 'x' || text || 'y'; DELETE FROM page WHERE id = 3",
    });
    const [page] = await query(databases.pre, "SELECT octet_length(text) AS bytes FROM page");
    expect(Number(page?.["bytes"])).toBeGreaterThan(2 ** 20 / 2);
    const plan = await makePlan(databases);
    const truth = `UPDATE page SET text = ${long}; INSERT INTO page SELECT id, ${long} FROM generate_series(3, 3) AS id`;
    await expectRecovery(databases, plan, { truth, batchRows: 25 });
  });
});

/** No line is a command of psql's but those at the head, and nothing on a line is invisible, but in a name itself. */
function expectHarmless(patch: string): void {
  const [head = "", ...body] = patch.split("\nBEGIN TRANSACTION");
  expect(head).toMatch(/^\\set /m);
  expect(body.join("").match(/^\s*\\.*/gm)).toBeNull();
  expect(patch.replaceAll("\u202egnirts", "").split("\n").filter(hasHidden)).toEqual([]);
}

describe("values are guarded by what they print", () => {
  const types: Record<string, readonly [was: string, damaged: string, spelledOtherwise: string]> = {
    numeric: ["1.50", "9", "9.00"],
    json: ['{"a": 1}', '{"a": 2}', '{"a":2}'],
    jsonb: ['{"a": 1}', '{"a": 2}', '{"a": 2.0}'],
    point: ["(1,2)", "(3,4)", "(3,4.5)"],
    "char(8)": ["ab", "cd", "ce"],
    interval: ["1 day", "2 days", "48:00:00"],
    float8: ["0.1", "0", "-0"],
    xml: ["<a/>", "<b/>", "<b />"],
    "bit(4)": ["1010", "0000", "0001"],
    int4range: ["[1,5)", "[2,5)", "[2,6)"],
    "text[]": ["{a,NULL}", "{b}", "[0:0]={b}"],
    tsvector: ["'a':1", "'b':1", "'b':2"],
    money: ["$1.00", "$2.00", "$2.01"],
    inet: ["10.0.0.1", "10.0.0.2", "10.0.0.2/24"],
    citation: ["(a,1)", "(b,2)", "(b,)"],
  };
  const rowOf = (at: 0 | 1 | 2) =>
    Object.values(types)
      .map((spellings) => `'${spellings[at].replaceAll("'", "''")}'`)
      .join(", ");
  const assign = (at: 0 | 1 | 2) =>
    Object.values(types).map((spellings, n) => `c${n} = '${spellings[at].replaceAll("'", "''")}'`);
  let databases: Databases;
  let plan: Planned;

  beforeAll(async () => {
    const columns = Object.keys(types).map((type, n) => `c${n} ${type}`);
    const count = columns.length;
    databases = await play({
      pre: `CREATE TYPE citation AS (book text, page integer); CREATE TABLE exhibit (id integer PRIMARY KEY, ${columns.join(", ")});
        INSERT INTO exhibit SELECT id, ${rowOf(0)} FROM generate_series(1, ${count}) AS id`,
      post: `UPDATE exhibit SET ${assign(1).join(", ")}`,
    });
    plan = await makePlan(databases);
  });

  it("restored and taken back, to the last byte", { timeout: 60_000 }, async () => {
    await expectRecovery(databases, plan, {
      truth: `UPDATE exhibit SET ${assign(0).join(", ")}`,
      batchRows: 25,
    });
  });

  it("another one is drift, also where = would not tell", async () => {
    const moved = assign(2).map((assignment, n) => `UPDATE exhibit SET ${assignment} WHERE id = ${n + 1}`);
    const patient = await cloneWith(databases.current, moved.join(";"));
    const said = await runPatch(join(plan.folder, "patch.sql"), patient, {
      pgmend_database: nameOf(patient),
    });
    expect(said.exitCode).toBe(3);
    const found = said.stderr.match(/(?<=^INFO: {2}pgmend: moved: ).*(?= is '.*', expected '.*'$)/gm);
    const expected = Object.keys(types).map((_, n) => `public.exhibit {"id" : "${n + 1}"} (update): c${n}`);
    expect(found?.toSorted()).toEqual(expected.toSorted());
  });
});

describe("a composite value of which some fields, or all, are NULL is a value", () => {
  const types = "CREATE TYPE pair AS (a integer, b text)";

  it("as a key, and as what is restored", { timeout: 60_000 }, async () => {
    const databases = await play({
      pre: `${types}; CREATE TABLE item (key pair PRIMARY KEY, v pair); INSERT INTO item VALUES ('(,)', '(,)'), ('(1,)', NULL), ('(2,)', '(2,)')`,
      post: "UPDATE item SET v = '(3,)' WHERE key = '(,)'::pair; UPDATE item SET v = '(,)' WHERE key = '(1,)'::pair; DELETE FROM item WHERE key = '(2,)'::pair",
    });
    const plan = await makePlan(databases);
    await expectRecovery(databases, plan, { truth: new URL(databases.pre) });
  });

  it("and another one is drift", { timeout: 60_000 }, async () => {
    const databases = await play({
      pre: `${types}; CREATE TABLE item (id integer PRIMARY KEY, v pair); INSERT INTO item VALUES (1, '(1,x)'), (2, '(1,x)')`,
      post: "UPDATE item SET v = CASE id WHEN 1 THEN '(2,)'::pair END",
    });
    const plan = await makePlan(databases);
    const patient = await cloneWith(
      databases.current,
      "UPDATE item SET v = CASE id WHEN 1 THEN '(9,)'::pair ELSE '(,)' END",
    );
    const said = await runPatch(join(plan.folder, "patch.sql"), patient, {
      pgmend_database: nameOf(patient),
    });
    expect(said.exitCode).toBe(3);
    expect(said.stderr.match(/moved: public\.item/g)).toHaveLength(2);
  });
});
