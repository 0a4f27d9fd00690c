import type { Blocks, TablePart } from "../model/blocks.js";
import { columnAt, type RowsApart, type Table } from "../model/table.js";
import type { Key } from "../model/value.js";
import { isLonger } from "./printed-size.js";
import { identifier, literal } from "./quote.js";
import { readText } from "./read-text.js";
import { keyDigest, rowDigest, type Seed } from "./row-digest.js";

/** SQL over the rows of a table under the alias `t`. */
export interface PartQuery {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Rows are read with ONLY, unless they live in partitions; without those that stand apart. */
export function source(table: Table): string {
  if (table.apart === undefined) return wholeSource(table);
  return `(SELECT r.*, r.xmin FROM ${wholeSource(table)} AS r WHERE NOT coalesce(${isApart(table, table.apart, "r")}, false))`;
}

/** All rows, for what asks of no values that may be long. */
export function wholeSource(table: Table): string {
  return table.partitioned ? table.label : `ONLY ${table.label}`;
}

function isApart(table: Table, apart: RowsApart, alias: string): string {
  if (apart.kind === "longer") return isLonger(table, alias, apart.than);
  const isKey = (key: Key) =>
    table.key.map((position, at) => {
      const { name, baseType, equals } = columnAt(table, position);
      const value = readText(`${literal(key[at] ?? null)}::pg_catalog.text`, baseType);
      return `${alias}.${identifier(name)} ${equals ?? "="} ${value}`;
    });
  return apart.keys.map((key) => `(${isKey(key).join(" AND ")})`).join(" OR ");
}

/** Integer keys of one column have an order in which ranges can be read. */
export function hasRanges(table: Table): boolean {
  const [first, second] = table.key;
  if (first === undefined || second !== undefined) return false;
  // An index on oid does not know how to be compared with bigint.
  return ["smallint", "integer", "bigint"].includes(columnAt(table, first).type);
}

/** Block number, rows and digest of each block that has rows, in no order. */
export function digestQuery(table: Table, blocks: Blocks, seed: Seed): string {
  const condition = blocks.kind === "ranges" ? ` WHERE ${isWithin(table, blocks.within)}` : "";
  return `SELECT ${blockNumber(table, blocks, seed)} AS block, pg_catalog.count(*), pg_catalog.bit_xor(${rowDigest(table, "t", seed)})
    FROM ${source(table)} AS t${condition} GROUP BY 1`;
}

/**
 * Number, rows and digest of each of these tables. A sum, where blocks have an exclusive or: without a key a row may be
 * there twice.
 */
export function tableDigestsQuery(tables: readonly Table[], seed: Seed): string {
  const selects = tables.map(
    (table, at) =>
      `SELECT ${at}, pg_catalog.count(*), pg_catalog.sum(${rowDigest(table, "t", seed)}) FROM ${source(table)} AS t`,
  );
  return selects.join(" UNION ALL ");
}

/** The smallest and the greatest key; two look-ups in its index. */
export function keyBoundsQuery(table: Table): string {
  const key = keyReference(table);
  return `SELECT pg_catalog.min(${key})::pg_catalog.text, pg_catalog.max(${key})::pg_catalog.text FROM ${source(table)} AS t`;
}

/** FROM and WHERE of a query over a part of a table. */
export function fromPart(table: Table, part: TablePart | undefined, seed: Seed): PartQuery {
  if (part === undefined) return { sql: `FROM ${source(table)} AS t`, values: [] };
  if (part.kind === "places") {
    return {
      // Planned by itself: nothing about the order of keys, which would be read off an index from end to end.
      sql: `FROM (SELECT r.*, r.xmin FROM ${source(table)} AS r WHERE r.ctid = ANY ($1::pg_catalog.tid[]) OFFSET 0) AS t`,
      values: [part.places],
    };
  }
  if (part.kind === "buckets") {
    const bucket = blockNumber(table, { kind: "buckets", count: part.of }, seed);
    return {
      sql: `FROM ${source(table)} AS t WHERE ${bucket} = ANY ($1::pg_catalog.int8[])`,
      values: [part.numbers],
    };
  }
  const key = keyReference(table, "r");
  return {
    // The inner query is planned by itself, range by range: through the index.
    sql: `FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.int8[]), pg_catalog.unnest($2::pg_catalog.int8[])) AS b(low, high)
      CROSS JOIN LATERAL (SELECT r.*${table.apart === undefined ? ", r.xmin" : ""} FROM ${source(table)} AS r WHERE ${key} >= b.low AND ${key} <= b.high OFFSET 0) AS t`,
    values: [part.ranges.map(({ low }) => String(low)), part.ranges.map(({ high }) => String(high))],
  };
}

function keyReference(table: Table, alias = "t"): string {
  return `${alias}.${identifier(columnAt(table, table.key[0] as number).name)}`;
}

function isWithin(table: Table, { low, high }: { readonly low: bigint; readonly high: bigint }): string {
  const key = keyReference(table);
  return `${key} >= '${low}'::pg_catalog.int8 AND ${key} <= '${high}'::pg_catalog.int8`;
}

function blockNumber(table: Table, blocks: Blocks, seed: Seed): string {
  if (blocks.kind === "buckets")
    return `(${keyDigest(table, "t", seed)} & '${blocks.count - 1}'::pg_catalog.int8)`;
  const { within, shift } = blocks;
  // Shifted first: the difference of two keys may be too large for a bigint.
  return `((${keyReference(table)}::pg_catalog.int8 >> ${shift}) - '${within.low >> shift}'::pg_catalog.int8)`;
}
