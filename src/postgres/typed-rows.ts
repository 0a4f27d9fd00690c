import { columnAt, type Table } from "../model/table.js";
import type { Row, Value } from "../model/value.js";
import { identifier } from "../sql/quote.js";
import { readText } from "../sql/read-text.js";

/**
 * Printed rows as a typed relation: one text array a column, cast where it is read. PostgreSQL drops what the query
 * does not read, so a wide table costs no more than the columns that are used.
 */
export interface TypedRows {
  /** A subquery for FROM; `ord` counts the rows from 1. */
  readonly sql: string;
  readonly values: readonly (readonly Value[])[];
}

/**
 * @param positions which columns of the table
 * @param rows `undefined` is a row of NULLs: there is none
 * @param firstParameter the number of the first `$` that is free
 */
export function typedRows(
  table: Table,
  positions: readonly number[],
  rows: readonly (Row | undefined)[],
  firstParameter: number,
  ord: string,
): TypedRows {
  const casts = positions.map((position, at) => {
    const { name, baseType } = columnAt(table, position);
    return `${readText(`u.c${at}`, baseType)} AS ${identifier(name)}`;
  });
  const arrays = positions.map((_, at) => `$${firstParameter + at}::pg_catalog.text[]`);
  const names = positions.map((_, at) => `c${at}`);
  return {
    sql: `(SELECT u.${ord}, ${casts.join(", ")} FROM ROWS FROM (${arrays
      .map((array) => `pg_catalog.unnest(${array})`)
      .join(", ")}) WITH ORDINALITY AS u(${[...names, ord].join(", ")}))`,
    values: positions.map((position) => rows.map((row) => row?.[position] ?? null)),
  };
}
