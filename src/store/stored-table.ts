import type { DuckDBDataChunk, DuckDBValue } from "@duckdb/node-api";
import { fieldMark, lineMark, markSql } from "./cell-text.js";
import type { Field } from "./field.js";

/** Any `Field<T>`: what it takes and gives is known to `Values` only. */
interface AnyField extends Omit<Field<unknown>, "encode"> {
  readonly encode: (value: never) => string;
}

/**
 * A table and its columns, in order. The one list yields the DDL, both directions in SQL and both in TypeScript, so
 * they cannot drift apart. Besides its fields each table has `bytes`: how long the row is as text, which lets the
 * reader cut pages that fit into memory.
 */
export interface StoredTable {
  readonly name: string;
  /** Columns by name, as in SQL. */
  readonly fields: Readonly<Record<string, AnyField>>;
  /** Rows are read in the order of this column, a whole number. */
  readonly order: string;
}

/** One record of a table. */
export type Values<T extends StoredTable> = {
  readonly [K in keyof T["fields"]]: T["fields"][K] extends Field<infer V> ? V : never;
};

export function createTableSql({ name, fields }: StoredTable): string {
  const columns = Object.entries(fields).map(([column, { type }]) => `"${column}" ${type}`);
  return `CREATE TABLE ${name} (${columns.join(", ")}, bytes BIGINT NOT NULL)`;
}

/** Takes one parameter, a BLOB: lines made by `encodeLine`, with `lineMark` between them. */
export function insertLinesSql({ name, fields }: StoredTable): string {
  const values = Object.values(fields).map(({ parse }, at) => parse(`field[${at + 1}]`));
  return `
    INSERT INTO ${name}
    SELECT ${values.join(", ")}, bytes
    FROM (
      SELECT string_split(line, ${markSql(fieldMark)}) AS field, strlen(line) AS bytes
      FROM (SELECT unnest(string_split(decode($1::BLOB), ${markSql(lineMark)})) AS line)
    )`;
}

/** What `decodeChunk` reads. */
export function selectList({ fields }: StoredTable): string {
  // Under names of their own, so that WHERE and ORDER BY mean the columns and not what is printed of them.
  return Object.entries(fields)
    .map(([column, { print }]) => `${print(`"${column}"`)} AS "printed ${column}"`)
    .join(", ");
}

/** @throws RangeError when a value holds NUL */
export function encodeLine<T extends StoredTable>({ fields }: T, values: Values<T>): string {
  let line = "";
  for (const column in fields) {
    if (line !== "") line += fieldMark;
    line += fields[column]?.encode(values[column] as never);
  }
  return line;
}

export function decodeChunk<T extends StoredTable>(table: T, chunk: DuckDBDataChunk): Values<T>[] {
  const columns = Object.entries(table.fields).map(([column, { decode }], at) => {
    const vector = chunk.getColumnVector(at);
    return { column, read: (row: number) => decode(vector.getItem(row) as DuckDBValue) };
  });
  return Array.from({ length: chunk.rowCount }, (_, row) => {
    const values: Record<string, unknown> = {};
    for (const { column, read } of columns) values[column] = read(row);
    return values as Values<T>;
  });
}
