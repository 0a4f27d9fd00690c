import type { Column, Table } from "../model/table.js";
import { identifier } from "./quote.js";

/** What PostgreSQL stores apart is compressed to a two-hundredth and something at best. */
export const mostCompressed = 300;

const fixedWidth =
  /^(smallint|integer|bigint|boolean|date|uuid|oid|real|double precision|money|timestamp|time|interval)( |$|\()/;

/** Columns whose values may be of any length. */
export function wideColumns(table: Table): readonly Column[] {
  return table.columns.filter(({ baseType }) => !fixedWidth.test(baseType));
}

/**
 * Bytes of a value as text, as SQL; NULL where it is NULL, or surely not longer. Nothing that is stored apart is fetched,
 * but of types whose stored size says little.
 */
export function printedSize({ name, baseType }: Column, alias: string, longest: number): string {
  const column = `${alias}.${identifier(name)}`;
  if (baseType === "bytea") return `2::bigint * pg_catalog.octet_length(${column}) + 2`;
  if (/^(text|character varying)( |$|\()/.test(baseType)) return `pg_catalog.octet_length(${column})::bigint`;
  // The stored size is that of what is compressed; only of what may be too long is the text made.
  return `CASE WHEN pg_catalog.pg_column_size(${column}) > ${Math.floor(longest / mostCompressed)}
    THEN pg_catalog.octet_length(pg_catalog.format('%s', ${column}))::bigint END`;
}

/** Whether the values of the row are longer, all together, as SQL. */
export function isLonger(table: Table, alias: string, longest: number): string {
  const sizes = wideColumns(table).map((column) => `coalesce(${printedSize(column, alias, longest)}, 0)`);
  return sizes.length === 0 ? "false" : `${sizes.join(" + ")} > ${longest}`;
}

/** What stands for a long value: how long it is, and a SHA-256 that tells it from all others; else what is printed. */
export function printedOrDigest(column: Column, alias: string, longest: number): string {
  const reference = `${alias}.${identifier(column.name)}`;
  const size = printedSize(column, alias, longest);
  const printed = `pg_catalog.format('%s', ${reference})`;
  const bytes =
    column.baseType === "bytea"
      ? reference
      : `pg_catalog.textsend(${/^(text|character varying)/.test(column.baseType) ? `${reference}::pg_catalog.text` : printed})`;
  return `CASE WHEN pg_catalog.num_nulls(${reference}) > 0 THEN NULL
    WHEN ${size} > ${longest} THEN '(not read: ' || (${size}) || ' bytes, SHA-256 ' || pg_catalog.encode(pg_catalog.sha256(${bytes}), 'hex') || ')'
    ELSE ${printed} END`;
}
