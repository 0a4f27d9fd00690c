import type { Blocks, TablePart } from "../model/blocks.js";
import { columnAt, type RowsApart, type Table } from "../model/table.js";
import type { Key } from "../model/value.js";
import { blockColumnNumber } from "./block-column.js";
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

/** Blocks whose digests the server packs into one row of its answer. */
const packedBlocks = 65_536;

/**
 * Of each block that has rows: its number, its rows and its digest, 4, 8 and 8 bytes, many in a row; in no order.
 *
 * The planner takes each row for a group of its own, and makes a hash table for as many: most of it empty, all of it
 * too large for any cache. Of what comes out of a UNION it knows nothing, and makes a small one that grows.
 */
export function digestQuery(table: Table, blocks: Blocks, seed: Seed): string {
  const rows = `SELECT ${blockNumber(table, blocks, seed)} AS block, ${rowDigest(table, "t", seed)} AS digest FROM ${source(table)} AS t`;
  const condition =
    blocks.kind === "buckets" || blocks.isAll === true ? "true" : isWithin(table, blocks.within);
  const entry = ["int4send(g.block::pg_catalog.int4)", "int8send(g.rows)", "int8send(g.digest)"];
  return `SELECT ${packed(entry)}
    FROM (SELECT r.block, pg_catalog.count(*) AS rows, pg_catalog.bit_xor(r.digest) AS digest
      FROM (${rows} WHERE ${condition} UNION ALL ${rows} WHERE false) AS r GROUP BY r.block) AS g GROUP BY g.block / ${packedBlocks}`;
}

/** Of each row of the part: its digest and its place, 8 and 6 bytes, by rising digest. Not of a table in partitions. */
export function placesQuery(table: Table, part: TablePart, seed: Seed): PartQuery {
  const columns = (alias: string) => `${alias}.ctid AS place, ${rowDigest(table, alias, seed)} AS digest`;
  const { sql, values } = fromPart(table, part, seed, columns);
  return {
    sql: `SELECT ${packed(["int8send(t.digest)", "tidsend(t.place)"], "t.digest")} ${sql}`,
    values,
  };
}

function packed(entry: readonly string[], order?: string): string {
  const bytes = entry.map((field) => `pg_catalog.${field}`).join(" || ");
  return `pg_catalog.string_agg(${bytes}, ''::pg_catalog.bytea${order === undefined ? "" : ` ORDER BY ${order}`})`;
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

/**
 * FROM and WHERE of a query over a part of a table.
 *
 * @param columns what it is to have, of the rows under an alias; undefined: all, and `xmin`
 */
export function fromPart(
  table: Table,
  part: TablePart | undefined,
  seed: Seed,
  columns = (alias: string) => `${alias}.*${table.apart === undefined ? `, ${alias}.xmin` : ""}`,
): PartQuery {
  if (part === undefined) return { sql: `FROM ${source(table)} AS t`, values: [] };
  // The inner queries are planned by themselves: nothing about the order of keys, which would be read off an index.
  const inner = (condition: string) =>
    `(SELECT ${columns("r")} FROM ${source(table)} AS r WHERE ${condition} OFFSET 0) AS t`;
  if (part.kind === "places") {
    return { sql: `FROM ${inner("r.ctid = ANY ($1::pg_catalog.tid[])")}`, values: [part.places] };
  }
  if (part.kind === "buckets") {
    const bucket = blockNumber(table, part.of, seed, "r");
    return { sql: `FROM ${inner(`${bucket} = ANY ($1::pg_catalog.int8[])`)}`, values: [part.numbers] };
  }
  const key = keyReference(table, "r");
  return {
    // Range by range: through the index.
    sql: `FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.int8[]), pg_catalog.unnest($2::pg_catalog.int8[])) AS b(low, high)
      CROSS JOIN LATERAL ${inner(`${key} >= b.low AND ${key} <= b.high`)}`,
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

function blockNumber(table: Table, blocks: Blocks, seed: Seed, alias = "t"): string {
  if (blocks.kind === "buckets") {
    const { by, count } = blocks;
    const number =
      by === undefined
        ? keyDigest(table, alias, seed)
        : `(${blockColumnNumber(table, by, alias)} >> ${by.shift})`;
    return `(${number} & '${count - 1}'::pg_catalog.int8)`;
  }
  const { within, shift } = blocks;
  // Shifted first: the difference of two keys may be too large for a bigint.
  return `((${keyReference(table, alias)}::pg_catalog.int8 >> ${shift}) - '${within.low >> shift}'::pg_catalog.int8)`;
}
