import { type Column, columnAt, type Table } from "../model/table.js";
import { identifier } from "./quote.js";

/**
 * What tells the rows of a table without a key apart: a SHA-256 (bytea) over the printed values of all compared columns,
 * as a JSON array of texts and nulls, which `rowIdentity` in `src/workflow/judging/number-copies.ts` makes of the same row. A join, a count
 * and an order by it need neither an `=` nor an order of the types, know NULL from '' and '1.0' from '1.00', and are
 * the same on servers with other collations.
 */
export function identityExpression(table: Table, alias: string): string {
  return identityOfColumns(table, (position) => `${alias}.${identifier(columnAt(table, position).name)}`);
}

/** @param reference SQL for the value of the column at a position */
export function identityOfColumns(table: Table, reference: (position: number) => string): string {
  return `pg_catalog.sha256(pg_catalog.textsend(${printedRow(table, reference)}))`;
}

/** `["1",null,"a"]` */
export function printedRow(table: Table, reference: (position: number) => string): string {
  const texts = table.columns.map((column, position) => printed(column, reference(position)));
  return `pg_catalog.to_json(ARRAY[${texts.join(", ")}]::pg_catalog.text[])::pg_catalog.text`;
}

/** `IS DISTINCT FROM NULL`, as a composite that is there may have NULLs inside, and then `IS NOT NULL` is false. */
function printed({ keyOrder }: Column, reference: string): string {
  if (keyOrder === "text" || keyOrder === "integer") return `${reference}::pg_catalog.text`;
  return `CASE WHEN ${reference} IS DISTINCT FROM NULL THEN pg_catalog.format('%s', ${reference}) END`;
}
