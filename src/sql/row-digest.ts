import { type Column, columnAt, type Table } from "../model/table.js";
import { identifier } from "./quote.js";

/**
 * Digests of rows, as SQL. Two rows with the same digest print the same, but for a chance of one in 2^64: every value
 * goes in whole, by a function of its type under which other text is other input. PostgreSQL's hash of a type is that
 * only for a few: it takes 1.0 for 1.00, folds 64-bit integers to 32 bits, and follows the collation.
 *
 * Each column is hashed under a seed of its own and the results are XORed, so NULLs and swapped columns count. The
 * result is hashed once more: XOR alone would not see two rows that swapped a value. `docs/performance.md` has the
 * reasoning.
 */
export type Seed = (at: number) => bigint;

/** Seeds for any number of columns, from one random number a run: no data can be made to collide beforehand. */
export function seedsFrom(random: bigint): Seed {
  return (at) => {
    // SplitMix64.
    let z = BigInt.asUintN(64, random + BigInt(at + 1) * 0x9e3779b97f4a7c15n);
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return BigInt.asIntN(64, z ^ (z >> 31n));
  };
}

/** The digest of a whole row, 64 bits. @param alias of the table in the query */
export function rowDigest(table: Table, alias: string, seed: Seed): string {
  return mixed(
    table.columns.map((column, at) => ({ column, at })),
    alias,
    seed,
  );
}

/** The digest of the key alone, independent of that of the row. */
export function keyDigest(table: Table, alias: string, seed: Seed): string {
  const parts = table.key.map((at) => ({ column: columnAt(table, at), at }));
  return mixed(parts, alias, (at) => seed(-2 - at));
}

interface Part {
  readonly column: Column;
  readonly at: number;
}

function mixed(parts: readonly Part[], alias: string, seed: Seed): string {
  const hashed = parts.flatMap(({ column, at }) =>
    hashOf(column, `${alias}.${identifier(column.name)}`, seed(2 * at), seed(2 * at + 1)),
  );
  const bytes = parts.flatMap(({ column }) => {
    const send = asBytes(column);
    const reference = `${alias}.${identifier(column.name)}`;
    return send === undefined ? [] : send === "" ? reference : `pg_catalog.${send}(${reference})`;
  });
  // Bytes can be hashed by a call of their own only since 18. An array hashes NULL, too, and is made faster than a record.
  const array =
    bytes.length === 0
      ? []
      : [`pg_catalog.hash_array_extended(ARRAY[${bytes.join(", ")}], ${literal(seed(-1))})`];
  return `pg_catalog.hashint4extended(0, ${[...hashed, ...array].join(" # ")})`;
}

/** Terms for one column; a value that is NULL has a number of its own in each. */
function hashOf(column: Column, reference: string, first: bigint, second: bigint): readonly string[] {
  const hash = (call: string, value: string, under = literal(first)) =>
    `pg_catalog.${call}(${value}, ${under})`;
  const orNull = (hashed: string) => [`coalesce(${hashed}, ${literal(~first)})`];
  // format() prints NULL as nothing, and a row of NULLs IS NULL: only num_nulls tells.
  const printed = `CASE WHEN pg_catalog.num_nulls(${reference}) = 0 THEN ${hash("hashtextextended", `pg_catalog.format('%s', ${reference}) COLLATE pg_catalog."C"`)} ELSE ${literal(~first)} END`;
  switch (formOf(column)) {
    case "boolean":
      return [
        `CASE WHEN ${reference} THEN ${literal(first)} WHEN NOT ${reference} THEN ${literal(second)} ELSE ${literal(~first)} END`,
      ];
    case "int4":
      return orNull(hash("hashint4extended", `${reference}::pg_catalog.int4`));
    case "int8": {
      const wide = `${reference}::pg_catalog.int8`;
      // The hash of 64 bits folds them. Two numbers that are one as doubles are less than 2^11 apart: no such two fold alike.
      return orNull(hash("hashfloat8extended", `${wide}::pg_catalog.float8`, hash("hashint8extended", wide)));
    }
    case "uuid":
      return orNull(hash("uuid_hash_extended", reference));
    case "address":
      return orNull(hash("hashinetextended", reference));
    case "text":
      return orNull(hash("hashtextextended", `${reference} COLLATE pg_catalog."C"`));
    case "date":
      // Days since then are what is stored; infinity has none.
      return [
        `CASE WHEN pg_catalog.isfinite(${reference}) THEN ${hash("hashint4extended", `${reference} - '2000-01-01'::pg_catalog.date`, literal(second))} ELSE ${printed} END`,
      ];
    case "float":
      // To the hash, 0 and -0 are one.
      return [
        `CASE WHEN ${reference} <> 0 THEN ${hash("hashfloat8extended", `${reference}::pg_catalog.float8`, literal(second))} ELSE ${printed} END`,
      ];
    case "printed":
      return [printed];
    default:
      return [];
  }
}

type Form = "boolean" | "int4" | "int8" | "uuid" | "address" | "text" | "date" | "float" | "printed";

const forms: Readonly<Record<string, Form>> = {
  smallint: "int4",
  integer: "int4",
  boolean: "boolean",
  bigint: "int8",
  oid: "int8",
  uuid: "uuid",
  inet: "address",
  cidr: "address",
  text: "text",
  "character varying": "text",
  date: "date",
  real: "float",
  "double precision": "float",
};

/**
 * Types whose binary form says all that their text does, with the function that gives it. It never depends on what
 * differs between servers, as the binary form of an array or a composite type does: that holds numbers of types.
 */
const sends: Readonly<Record<string, string>> = {
  bytea: "",
  "timestamp without time zone": "timestamp_send",
  "timestamp with time zone": "timestamptz_send",
  "time without time zone": "time_send",
  interval: "interval_send",
  numeric: "numeric_send",
  character: "bpcharsend",
  bpchar: "bpcharsend",
};

function formOf(column: Column): Form | "bytes" {
  if (asBytes(column) !== undefined) return "bytes";
  return own(forms, plainType(column)) ?? "printed";
}

function asBytes(column: Column): string | undefined {
  return own(sends, plainType(column));
}

/**
 * The built-in type, without its length or precision. A domain has none: one name may stand over different types in
 * pre and post. Names of all other types have their schema.
 */
function plainType({ type, baseType }: Column): string {
  return type === baseType ? type.replace(/\([\d,-]+\)/, "") : "";
}

function own<T>(map: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function literal(number: bigint): string {
  return `'${number}'::pg_catalog.int8`;
}
