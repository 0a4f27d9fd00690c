import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Column, Table } from "../../src/model/table.js";
import { keyDigest, rowDigest, seedsFrom } from "../../src/sql/row-digest.js";
import { createDatabase } from "../support/database.js";
import { allTypes, enumLabels, enumType } from "./types.js";

/** Types beyond those of types.ts, each with values of which some are equal to PostgreSQL. */
const more: readonly (readonly [string, readonly string[]])[] = [
  ["real", ["0", "-0", "NaN", "0.1"]],
  ["oid", ["0", "4294967295"]],
  ["time with time zone", ["12:00:00+00", "13:00:00+01"]],
  ["bit varying", ["", "0", "00", "1"]],
  ["public.word", ["a", "A", "a "]],
  ["public.word[]", ["{a}", "{A}", "[2:2]={a}"]],
  ["public.pair", ["(,)", "(0,)", "(1,1.0)", "(1,1.00)", '(1,"")']],
  ["public.amount", ["1.0", "1.00"]],
  ["text[]", ["{}", "{a}", "[2:2]={a}"]],
  ["double precision[]", ["{0}", "{-0}", "{NULL}"]],
  // What folding 64 bits to 32 takes for one another.
  ["bigint", ["0", "4294967297", "-1", "-4294967296", "8589934594", "1", "4294967296"]],
  // What are one as doubles, and where their upper halves differ, too.
  ["bigint", ["9007199254740992", "9007199254740993", "9223372036854775807", "9223372036854775806"]],
  ["bigint", ["9223372032559808511", "9223372032559808512", "-9223372036854775808", "-9223372036854775807"]],
  ["date", ["infinity", "-infinity", "2000-01-01", "1999-12-31", "5874897-12-31", "4714-11-24 BC"]],
  ["inet", ["10.0.0.1", "10.0.0.1/8", "10.0.0.0/8", "::10.0.0.1", "::a00:1"]],
  ["cidr", ["10.0.0.0/8", "10.0.0.0/9", "10.0.0.0/32", "a00::/8"]],
  ["double precision", ["0", "-0", "NaN", "Infinity", "-Infinity", "5e-324", "-5e-324"]],
  [
    "timestamp without time zone",
    ["2000-01-01 00:00:00", "2000-01-01 01:11:34.967297", "2000-01-01 01:11:34.967296"],
  ],
];

const types = [...allTypes.map(({ sql, everyday, odd }) => [sql, [...everyday, ...odd]] as const), ...more];

let client: Client;

beforeAll(async () => {
  client = new Client(await createDatabase("row_digest"));
  await client.connect();
  await client.query(`
    CREATE TYPE ${enumType} AS ENUM (${enumLabels.map((label) => client.escapeLiteral(label))});
    CREATE DOMAIN public.word AS text; CREATE DOMAIN public.amount AS numeric;
    CREATE TYPE public.pair AS (a int, b text)`);
});

afterAll(() => client?.end());

function tableOf(...columns: readonly string[]): Table {
  return {
    columns: columns.map((type, at): Partial<Column> => ({ name: `c${at}`, type, baseType: baseOf(type) })),
    key: columns.map((_, at) => at),
  } as unknown as Table;
}

const baseOf = (type: string) => ({ "public.word": "text", "public.amount": "numeric" })[type] ?? type;

const seed = seedsFrom(20190923n);

for (const [type, values] of types) {
  it(`${type}: another text is another digest, and NULL is another one still`, async () => {
    const rows = [...values.map((value) => client.escapeLiteral(value)), "NULL"];
    const digests = [rowDigest(tableOf(type), "t", seed), keyDigest(tableOf(type), "t", seed)];
    const { rows: found } = await client.query<{ text: string | null; row: string; key: string }>(
      `SELECT CASE WHEN num_nulls(c0) = 0 THEN format('%s', c0) END AS text, ${digests[0]} AS row, ${digests[1]} AS key
        FROM (VALUES ${rows.map((value) => `(${value}::${type})`).join(", ")}) AS t(c0)`,
    );
    const texts = new Set(found.map(({ text }) => text));
    expect(texts.size).toBeGreaterThan(2);
    expect(new Set(found.map(({ row }) => row)).size).toBe(texts.size);
    expect(new Set(found.map(({ key }) => key)).size).toBe(texts.size);
    expect(found.every(({ row, key }) => row !== null && key !== null)).toBe(true);
  });
}

it("two rows that swap a value change the sum of both", async () => {
  for (const [type, values] of types) {
    const [a, b] = [values[0], values.at(-1)];
    const digest = rowDigest(tableOf("integer", type), "t", seed);
    const sum = async (first: string, second: string) => {
      const sql = `SELECT bit_xor(${digest}) AS sum FROM (VALUES (1, $1::${type}), (2, $2::${type})) AS t(c0, c1)`;
      return (await client.query<{ sum: string }>(sql, [first, second])).rows[0]?.sum;
    };
    expect([type, await sum(a as string, b as string)]).not.toEqual([
      type,
      await sum(b as string, a as string),
    ]);
  }
});

it("values that swap columns of one type, and NULLs that move, change the digest", async () => {
  const digest = rowDigest(tableOf("text", "text", "numeric", "numeric"), "t", seed);
  const { rows } = await client.query<{ digest: string }>(`SELECT ${digest} AS digest FROM (VALUES
    ('a', 'b', 1, 2), ('b', 'a', 1, 2), ('a', 'b', 2, 1), ('b', 'a', 2, 1), (NULL, 'b', 1, 2), ('b', NULL, 1, 2),
    ('b', NULL, NULL, 2), ('b', NULL, 2, NULL), ('', 'ba', 1, 2), ('ba', '', 1, 2)) AS t(c0, c1, c2, c3)`);
  expect(new Set(rows.map((row) => row.digest)).size).toBe(rows.length);
});

it("a nondeterministic collation does not hide a change", async () => {
  await client.query(
    "CREATE COLLATION public.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
  );
  const digest = rowDigest(tableOf("text"), "t", seed);
  const { rows } = await client.query<{ digest: string }>(
    `SELECT ${digest} AS digest FROM (VALUES ('a' COLLATE public.loose), ('A' COLLATE public.loose)) AS t(c0)`,
  );
  expect(rows[0]?.digest).not.toBe(rows[1]?.digest);
});
