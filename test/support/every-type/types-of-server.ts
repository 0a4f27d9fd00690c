import pg from "pg";
import { edgeValues, unreadable } from "./edge-values.js";

/** A type of the running server, with SQL expressions for values of it. */
export interface ServerType {
  /** `pg_catalog.int4`, for people. */
  readonly name: string;
  /** As in CREATE TABLE. */
  readonly sql: string;
  readonly values: readonly string[];
}

export interface ServerTypes {
  /** What makes the types that the server itself has none of; before any table. */
  readonly setup: string;
  readonly types: readonly ServerType[];
  /** Types that can be columns and for which there are no values. */
  readonly missing: readonly string[];
  readonly absentExtensions: readonly string[];
}

const extensions = ["hstore", "citext", "ltree", "cube", "isn", "seg", "intarray", "lo"];

const labels = ["", "plain", "Plain", "it's", '"q"', "\\", "a,b", "NULL", "{}", "line\nbreak", "é😀"];

/** One of each kind that PostgreSQL has none of, and some with names that must be quoted. */
const ownTypes = `
  CREATE TYPE public.mood AS ENUM (${labels.map((label) => pg.escapeLiteral(label)).join(", ")});
  CREATE TYPE public."it's ""odd""; --" AS ENUM ('a', 'B');
  CREATE TYPE public.pair AS (a integer, "b ""q""" text);
  CREATE TYPE public.nest AS (p public.pair, ps public.pair[], m public.mood, n numeric);
  CREATE DOMAIN public.few AS integer[] CHECK (coalesce(array_length(VALUE, 1), 0) < 4);
  CREATE DOMAIN public.couple AS public.pair;
  CREATE DOMAIN public.less AS public.few;
  CREATE TYPE public.text_range AS RANGE (subtype = text, collation = "C");
  CREATE TYPE public.float_range AS RANGE (subtype = float8);
  CREATE TYPE public.pair_range AS RANGE (subtype = public.pair);
`;

/** Domains over types with a length or precision: those are lost where somebody takes the name for the type. */
const modified: readonly (readonly [domain: string, type: string])[] = [
  ["char_8", "character(8)"],
  ["varchar_9", "character varying(9)"],
  ["bit_5", "bit(5)"],
  ["varbit_7", "bit varying(7)"],
  ["numeric_20_5", "numeric(20,5)"],
  ["timestamp_0", "timestamp(0) without time zone"],
  ["timetz_3", "time(3) with time zone"],
  ["interval_ym", "interval year to month"],
  ["interval_s3", "interval day to second(3)"],
];

const sampleOf: Readonly<Record<string, readonly string[]>> = {
  char_8: ["", "ab", "ab  c", "12345678"],
  varchar_9: ["", "ab ", "123456789"],
  bit_5: ["00000", "10101"],
  varbit_7: ["", "0", "1010101"],
  numeric_20_5: ["0.00000", "-123456789012345.12345", "NaN"],
  timestamp_0: ["2024-02-29 12:00:00", "infinity"],
  timetz_3: ["24:00:00+00", "12:00:00.123-15:59"],
  interval_ym: ["1 year 2 mons", "-5 mons", "0"],
  cardinal_number: ["0", "2147483647"],
  yes_or_no: ["YES", "NO"],
  // Of two digits: PostgreSQL rounds the last microsecond there is to a time that it cannot read.
  time_stamp: ["2024-02-29 12:00:00.12+00", "-infinity", "4713-01-01 00:00:00+00 BC"],
  interval_s3: ["-1 days +02:03:04.567", "24:00:00"],
};

interface CatalogType {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly sql: string;
  readonly kind: "b" | "c" | "d" | "e" | "m" | "r";
  /** Of an array: its element; of a domain, the type below; of a range, its subtype; of a multirange, its range. */
  readonly inner: string | null;
  /** Of a composite type, the types of its attributes; of an enum, its labels. */
  readonly parts: readonly string[];
}

/** All that can be a column; row types of tables are left aside, `pair` and `nest` are such. */
const typesQuery = (
  major: number,
) => `SELECT t.oid::text, n.nspname AS schema, t.typname AS name, pg_catalog.format_type(t.oid, -1) AS sql, t.typtype AS kind,
    (coalesce(e.oid, nullif(t.typbasetype, 0), r.rngsubtype, ${major < 14 ? "NULL" : "(SELECT m.rngtypid FROM pg_catalog.pg_range AS m WHERE m.rngmultitypid = t.oid)"}))::text AS inner,
    coalesce((SELECT pg_catalog.json_agg(a.atttypid::text ORDER BY a.attnum) FROM pg_catalog.pg_attribute AS a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid),
      (SELECT pg_catalog.json_agg(l.enumlabel ORDER BY l.enumsortorder) FROM pg_catalog.pg_enum AS l WHERE l.enumtypid = t.oid), '[]') AS parts
  FROM pg_catalog.pg_type AS t JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_type AS e ON e.typarray = t.oid
    LEFT JOIN pg_catalog.pg_range AS r ON r.rngtypid = t.oid
    LEFT JOIN pg_catalog.pg_class AS c ON c.oid IN (t.typrelid, e.typrelid)
  WHERE t.typisdefined AND t.typtype <> 'p' AND n.nspname !~ '^pg_(toast|temp)' AND coalesce(c.relkind = 'c', true) AND coalesce(e.typtype <> 'p', true)
  ORDER BY t.oid`;

/**
 * @param client of an empty database, which has all those types afterwards
 * @param major its version, or an older one: what that has, the others have, too
 */
export async function typesOfServer(client: pg.Client, major: number): Promise<ServerTypes> {
  const { rows: shipped } = await client.query<{ name: string }>("SELECT name FROM pg_available_extensions");
  const absentExtensions = extensions.filter((name) => !shipped.some((row) => row.name === name));
  const present = extensions.filter((name) => !absentExtensions.includes(name));
  const basic = [
    ...present.map((name) => `CREATE EXTENSION ${name};`),
    ownTypes,
    ...modified.map(([domain, type]) => `CREATE DOMAIN public.${domain} AS ${type};`),
  ].join("\n");
  await client.query(basic);
  const more = madeOf(await readTypes(client, major));
  await client.query(more);
  return {
    setup: `${basic}\n${more}`,
    ...valuesFor(await readTypes(client, major), major),
    absentExtensions,
  };
}

async function readTypes(client: pg.Client, major: number): Promise<readonly CatalogType[]> {
  await client.query("SET search_path = ''");
  const { rows } = await client.query<CatalogType>(typesQuery(major));
  await client.query("RESET search_path");
  return rows;
}

/** A domain over every base type, and a composite type of all of them. */
function madeOf(types: readonly CatalogType[]): string {
  const bases = types.filter(
    ({ kind, inner, name }) => kind === "b" && inner === null && !unreadable.has(name),
  );
  const domains = bases.map(
    ({ name, sql }) => `CREATE DOMAIN public.${pg.escapeIdentifier(`of ${name}`)} AS ${sql};`,
  );
  const attributes = bases.map(({ sql }, at) => `a${at} ${sql}`);
  return `${domains.join("\n")}\nCREATE TYPE public.everything AS (${attributes.join(", ")});`;
}

function valuesFor(all: readonly CatalogType[], major: number): Pick<ServerTypes, "types" | "missing"> {
  const byOid = new Map(all.map((type) => [type.oid, type]));
  const isUnreadable = ({ name, inner, kind }: CatalogType): boolean =>
    unreadable.has(name) || (kind === "b" && inner !== null && unreadable.has(byOid.get(inner)?.name ?? ""));
  const known = new Map<string, readonly string[]>();
  const valuesOf = (oid: string): readonly string[] => {
    const found = known.get(oid);
    if (found !== undefined) return found;
    const type = byOid.get(oid);
    const made =
      type === undefined ? [] : expressions(type, valuesOf, (inner) => byOid.get(inner)?.sql ?? "", major);
    known.set(oid, made);
    return made;
  };
  const types = all
    .filter((type) => !isUnreadable(type))
    .map(({ oid, schema, name, sql }) => ({ name: `${schema}.${name}`, sql, values: valuesOf(oid) }));
  return {
    types: types.filter(({ values }) => values.length > 0),
    missing: types.filter(({ values }) => values.length === 0).map(({ name }) => name),
  };
}

function expressions(
  { name, sql, kind, inner, parts }: CatalogType,
  valuesOf: (oid: string) => readonly string[],
  sqlOf: (oid: string) => string,
  major: number,
): readonly string[] {
  const cast = (value: string) => `${value}::${sql}`;
  const literals = (values: readonly string[]) => values.map((value) => cast(pg.escapeLiteral(value)));
  const innerValues = inner === null ? [] : valuesOf(inner);
  const [first = "NULL", second = first, third = second] = innerValues;
  if (kind === "e") return literals(parts);
  if (kind === "c") {
    const row = (at: number) => parts.map((part) => pick(valuesOf(part), at));
    return [0, 1, 2]
      .map((at) => cast(`ROW(${row(at).join(", ")})`))
      .concat(cast(`ROW(${parts.map(() => "NULL").join(", ")})`));
  }
  if (inner === null) return literals(edgeValues(name, major) ?? []);
  if (innerValues.length === 0) return [];
  switch (kind) {
    case "d":
      return Object.hasOwn(sampleOf, name) ? literals(sampleOf[name] ?? []) : innerValues.map(cast);
    case "r":
      return [cast("'empty'"), cast("'(,)'"), ...rangesOf(sql, sqlOf(inner), first, third)];
    case "m":
      return [cast("'{}'"), `${sql}(${first})`, `${sql}(${second})`, `${sql}(${third})`];
    default:
      return arraysOf(sql, first, second, third);
  }
}

/** Never with an upper bound that belongs to it: the next integer may be too large. */
function rangesOf(sql: string, subtype: string, one: string, other: string): readonly string[] {
  const [low, high] = [`least(${one}, ${other})::${subtype}`, `greatest(${one}, ${other})::${subtype}`];
  return [`${sql}(${low}, ${high}, '[)')`, `${sql}(NULL, ${high}, '()')`, `${sql}(${low}, NULL, '[)')`];
}

function arraysOf(sql: string, first: string, second: string, third: string): readonly string[] {
  const row = (...values: readonly string[]) => `ARRAY[${values.join(", ")}]::${sql}`;
  return [
    `'{}'::${sql}`,
    row(first, "NULL", second),
    `ARRAY[${row(first, second)}, ${row(third, "NULL")}]::${sql}`,
    `('[-1:0]=' || ${row(second, third)}::text)::${sql}`,
    row("NULL"),
  ];
}

function pick(values: readonly string[], at: number): string {
  return values[at % Math.max(1, values.length)] ?? "NULL";
}
