import type { Ancestry, PageRanges, Versions } from "../model/lineage.js";
import type { Table } from "../model/table.js";
import { identifier } from "./quote.js";

/** Ranges whose digests the server packs into one row of its answer. */
const packedRanges = 512;

/** Servers before 9.4 froze rows so, and forgot who had written them. */
const forgotten = "2";

/** What is asked once a query: `age()` counts from a moment that is the same throughout a transaction. */
function moment({ fork }: Ancestry): string {
  const since = fork === undefined ? "-1" : `pg_catalog.age('${fork}'::pg_catalog.xid)`;
  return `(SELECT pg_catalog.age('3'::pg_catalog.xid)::pg_catalog.int8 AS base, ${since}::pg_catalog.int4 AS fork OFFSET 0) AS k`;
}

/**
 * The version of a row: the transaction that wrote it, as a number; equal numbers are equal transactions, in their 32
 * bits. One that says nothing of the other database is -1 or -2, by the side, which is no transaction's number. No type
 * casts a transaction to a number at a bearable price; `age()` does.
 */
function version({ side, fork }: Versions): string {
  const own = fork === undefined ? "" : " OR pg_catalog.age(t.xmin) BETWEEN 0 AND k.fork";
  return `CASE WHEN t.xmin = '${forgotten}'::pg_catalog.xid${own} THEN ${side === "pre" ? -1 : -2}
    ELSE k.base - pg_catalog.age(t.xmin) END`;
}

function from(table: Table): string {
  return `FROM ONLY ${table.label} AS t`;
}

/** Rows of range `b.i`; by a scan of just these pages. */
function isInRange(pages: number): string {
  const bound = (number: string) =>
    `('(' || least(${number} * ${pages}, 4294967295) || ',0)')::pg_catalog.tid`;
  return `t.ctid >= ${bound("b.i")} AND t.ctid < ${bound("(b.i + 1)")}`;
}

/** For each lot of ranges: the number of the first, their rows and their digests, each as an array. */
export function rangeDigestsQuery(of: Versions, { pages, first, last }: PageRanges, seed: bigint): string {
  return `SELECT g.i, x.counts, x.digests
    FROM ${moment(of)}, pg_catalog.generate_series(${first}::pg_catalog.int8, ${last}, ${packedRanges}) AS g(i)
      CROSS JOIN LATERAL (SELECT pg_catalog.array_agg(r.count ORDER BY b.i) AS counts, pg_catalog.array_agg(r.digest ORDER BY b.i) AS digests
        FROM pg_catalog.generate_series(g.i, least(g.i + ${packedRanges - 1}, ${last})) AS b(i)
          CROSS JOIN LATERAL (SELECT pg_catalog.count(*), coalesce(pg_catalog.bit_xor(
              pg_catalog.hashtidextended(t.ctid, (${version(of)}) # '${seed}'::pg_catalog.int8)), 0) AS digest
            ${from(of.table)} WHERE ${isInRange(pages)}) AS r) AS x`;
}

/** For each range of `$1` that has rows: its number, and all of its places and versions, 6 and 8 bytes each, in hexadecimal digits. */
export function rangeVersionsQuery(of: Versions, pages: number): string {
  return `SELECT b.i, r.versions FROM ${moment(of)}, pg_catalog.unnest($1::pg_catalog.int8[]) AS b(i)
    CROSS JOIN LATERAL (SELECT pg_catalog.encode(pg_catalog.string_agg(pg_catalog.tidsend(t.ctid) || pg_catalog.int8send(${version(of)}),
        ''::pg_catalog.bytea), 'hex') AS versions
      ${from(of.table)} WHERE ${isInRange(pages)}) AS r
    WHERE r.versions IS NOT NULL`;
}

/** Place and version before the columns: of some rows here and there, or of those at the places `$1`. */
export function versionedRowsQuery(
  of: Versions,
  where: { readonly percent: string; readonly most: number } | "places",
): string {
  const columns = of.table.columns.map(({ name }) => `t.${identifier(name)}`);
  const rows =
    where === "places"
      ? `${from(of.table)} WHERE t.ctid = ANY ($1::pg_catalog.tid[])`
      : `${from(of.table)} TABLESAMPLE SYSTEM (${where.percent}) LIMIT ${where.most}`;
  return `SELECT s.* FROM ${moment(of)} CROSS JOIN LATERAL (
    SELECT ${["t.ctid", version(of), ...columns].join(", ")} ${rows}) AS s`;
}
