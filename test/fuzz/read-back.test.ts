import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createDatabase } from "../support/database.js";
import { equalities, readTables } from "./read-back.js";
import type { TableSpec } from "./table.js";
import { allTypes, enumLabels, enumType, typeNamed } from "./types.js";

let client: Client;

beforeAll(async () => {
  client = new Client(await createDatabase("read_back"));
  await client.connect();
  await client.query(
    `CREATE TYPE ${enumType} AS ENUM (${enumLabels.map((label) => client.escapeLiteral(label))})`,
  );
});

afterAll(() => client?.end());

const columns = ["__proto__", "amount", "note", "extra"];

const invoice: TableSpec = {
  schema: "public",
  name: "invoice",
  label: "public.invoice",
  plain: true,
  columns: [
    { name: "__proto__", type: "bigint", nullable: false, identity: false },
    { name: "amount", type: "double precision", nullable: true, identity: false },
    { name: "note", type: "character(5)", nullable: true, identity: false },
  ],
  key: ["note", "__proto__"],
  generated: [],
  extra: { name: "extra", role: "pre", value: "new" },
  order: { pre: columns, post: columns, current: columns },
};

it("reads values as PostgreSQL prints them, whatever the session was set to", async () => {
  await client.query(`
    SET extra_float_digits = -10;
    CREATE TABLE public.invoice ("__proto__" bigint, amount double precision, note char(5), extra text);
    INSERT INTO public.invoice VALUES (9007199254740993, 0.1::float8 + 0.2, 'ab', NULL), (1, '-0', '', '')`);
  const [table] = await readTables(client, [invoice], "pre");
  expect([...(table?.rows ?? [])]).toEqual([
    ['["ab   ","9007199254740993"]', ["9007199254740993", "0.30000000000000004", "ab   ", null]],
    ['["     ","1"]', ["1", "-0", "     ", ""]],
  ]);
});

/** One table with a column of every type, named after it. */
const sampler: TableSpec = {
  ...invoice,
  columns: allTypes.map(({ sql }) => ({ name: sql, type: sql, nullable: true, identity: false })),
};

it("takes PostgreSQL's word on what is equal", async () => {
  const ask = [
    ["numeric", "1.0", "1.00", true],
    ["numeric", "1.0", "1.1", false],
    ["double precision", "0", "-0", true],
    ["jsonb", '{"a": 1}', '{"a": 1.0}', true],
    ["interval", "1 day", "24:00:00", true],
    ["bpchar", "ab", "ab  ", true],
    ["text", "ab", "ab  ", false],
    ["text", "Ab", "ab", false],
    ["json", "1", "1 ", false],
    ["point", "(1,2)", "(1,2.0)", false],
    ["text[]", "{a,b}", "[2:3]={a,b}", false],
  ] as const;
  const pairs = ask.map(([column, left, right]) => ({ table: sampler.label, column, left, right }));
  const equal = await equalities(client, [sampler], pairs);
  const answers = pairs.map((pair) => equal(pair.table, pair.column, pair.left, pair.right));
  expect(answers).toEqual(ask.map(([, , , expected]) => expected));
});

it("each type has `=` or has not, as types.ts says", async () => {
  for (const { sql, equality } of allTypes) {
    const asked = client.query(`SELECT NULL::${sql} = NULL::${sql}`);
    const answered = await asked.then(
      () => true,
      () => false,
    );
    expect([sql, answered]).toEqual([sql, equality]);
  }
});

it("another spelling is equal to PostgreSQL, and key types have only one", async () => {
  const respelled = allTypes.flatMap(({ sql, everyday, odd, respell }) =>
    [...everyday, ...odd].flatMap((left) => {
      const right = respell?.(left);
      return right === undefined ? [] : [{ table: sampler.label, column: sql, left, right }];
    }),
  );
  const equal = await equalities(client, [sampler], respelled);
  for (const { table, column, left, right } of respelled)
    expect([left, equal(table, column, left, right)]).toEqual([left, true]);
  expect(typeNamed("integer").respell).toBeUndefined();
});
