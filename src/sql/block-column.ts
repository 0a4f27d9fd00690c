import type { BlockColumn } from "../model/blocks.js";
import { type Column, columnAt, type Table } from "../model/table.js";
import { identifier } from "./quote.js";

type Kind = "integer" | "time";

/** Undefined: its values are no numbers that grow. */
export function blockColumnKind({ type }: Pick<Column, "type">): Kind | undefined {
  if (type === "smallint" || type === "integer" || type === "bigint") return "integer";
  return /^timestamp(\(\d\))? with(out)? time zone$/.test(type) ? "time" : undefined;
}

/** The value as a number, as SQL: of a time, its milliseconds. Any number will do where it is no value. */
export function blockColumnNumber(table: Table, { column }: BlockColumn, alias: string): string {
  const reference = `${alias}.${identifier(columnAt(table, column).name)}`;
  if (blockColumnKind(columnAt(table, column)) === "integer")
    return `coalesce(${reference}::pg_catalog.int8, 0)`;
  const milliseconds = `(pg_catalog.date_part('epoch', ${reference}) * 1000)::pg_catalog.int8`;
  return `CASE WHEN pg_catalog.isfinite(${reference}) THEN ${milliseconds} ELSE 0 END`;
}

/** Columns of table `$2` in schema `$1` by which its rows lie in order: name, least and greatest value, distinct values. */
export const orderedColumnsQuery = `SELECT s.attname, s.bounds[1], s.bounds[pg_catalog.array_length(s.bounds, 1)], s.n_distinct
  FROM (SELECT *, histogram_bounds::pg_catalog.text::pg_catalog.text[] AS bounds FROM pg_catalog.pg_stats
    WHERE schemaname = $1 AND tablename = $2 AND NOT inherited AND histogram_bounds IS NOT NULL AND null_frac < 0.1) AS s
  WHERE pg_catalog.abs(s.correlation) > 0.9 ORDER BY pg_catalog.abs(s.correlation) DESC`;
