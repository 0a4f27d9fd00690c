/**
 * How records travel between us and DuckDB: as text, many in one piece, which DuckDB takes apart on a thread of its
 * own. The client's other way, one native call for each value, costs our thread, the one that also parses what
 * PostgreSQL sends, several times as much, and its appender compresses on our thread as well.
 *
 * For the same reason a row's cells are stored as the JSON they travel as, not as a list: DuckDB has a tenth of the
 * strings to handle, and writes in half the time. The views (`views.ts`) show them by column name.
 */
import type { DuckDBDataChunk } from "@duckdb/node-api";
import type { Field } from "./field.js";
import { isLong, splitText } from "./parts.js";

/** Any `Field<T>`: what it takes and gives is known to `Values` only. */
interface AnyField extends Omit<Field<unknown>, "encode"> {
  readonly encode: (value: never) => string;
}

/**
 * A table and its columns, in order. The one list yields the DDL, both directions in SQL and both in TypeScript, so
 * they cannot drift apart. Besides its fields each table has `size`: how long the record is as text, by which the
 * reader cuts pages that fit into memory.
 */
export interface StoredTable {
  readonly name: string;
  /** Columns by name, as in SQL. */
  readonly fields: Readonly<Record<string, AnyField>>;
  /** Records are read in the order of this column, a whole number; it is the first field. */
  readonly order: string;
}

/** One record of a table. */
export type Values<T extends StoredTable> = {
  readonly [K in keyof T["fields"]]: T["fields"][K] extends Field<infer V> ? V : never;
};

export function createTableSql({ name, fields }: StoredTable): string {
  const columns = Object.entries(fields).map(([column, { type }]) => `"${column}" ${type}`);
  return `CREATE TABLE ${name} (${columns.join(", ")}, size BIGINT NOT NULL)`;
}

/** Takes one parameter, a BLOB: lines made by `encodeRecord`, with line feeds between them. */
export function insertLinesSql({ name, fields }: StoredTable): string {
  const values = Object.values(fields).map(({ parse }, at) => parse(`field[${at + 1}]`));
  return `
    INSERT INTO ${name}
    SELECT ${values.join(", ")}, field[${values.length + 1}]::BIGINT
    FROM (
      SELECT string_split(unnest(string_split(decode($1::BLOB), chr(10))), chr(9)) AS field
    )`;
}

/**
 * Records as one JSON array of `Printed`; NULL where there are none. One text is parsed, and taken from DuckDB, in half
 * the time of a thousand.
 *
 * @param brief SQL of what is printed instead of a whole record; NULL where the whole is wanted
 */
export function recordsSql(table: StoredTable, brief: string | undefined): string {
  const whole = recordSql(table);
  const record = brief === undefined ? whole : `coalesce(${brief}, ${whole})`;
  return `'[' || string_agg(${record}, ',') || ']'`;
}

/** One column for `printedIn`: the record as a JSON array. */
export function recordSql({ fields }: StoredTable): string {
  const printed = Object.entries(fields).map(([column, { print }]) => print(`"${column}"`));
  // One call, for one copy of the text.
  return `concat('[', ${printed.join(", ',', ")}, ']')`;
}

/** A record as text: a line for its table, and what was too long to stand in it. */
export interface EncodedRecord {
  readonly line: string;
  readonly parts: readonly Part[];
}

/** One part of a long text: see `parts.ts`. */
export interface Part {
  /** The record's number in the ordering column. */
  readonly owner: number;
  readonly column: string;
  /** Counts from 0. */
  readonly part: number;
  readonly text: string;
}

const noParts: readonly Part[] = [];

export function encodeRecord<T extends StoredTable>({ fields, order }: T, values: Values<T>): EncodedRecord {
  let line = "";
  let size = 0;
  let parts = noParts;
  for (const column in fields) {
    const field = fields[column] as AnyField;
    let text = field.encode(values[column] as never);
    size += text.length;
    if (field.inParts === true && isLong(text)) {
      const pieces = splitText(text);
      const owner = values[order] as number;
      parts = [...parts, ...pieces.map((piece, part) => ({ owner, column, part, text: piece }))];
      text = String(pieces.length);
    }
    line += `${text}\t`;
  }
  return { line: line + size, parts };
}

/** A record as DuckDB hands it out: one value per field, as JSON has it. */
export type Printed = unknown[];

export function printedIn(chunk: DuckDBDataChunk): Printed[] {
  return (chunk.getColumnValues(0) as readonly string[]).map((json) => JSON.parse(json) as Printed);
}

export function valuesOf<T extends StoredTable>({ fields }: T, printed: Printed): Values<T> {
  const values: Record<string, unknown> = {};
  let at = 0;
  for (const column in fields) {
    values[column] = fields[column]?.decode(printed[at]);
    at += 1;
  }
  return values as Values<T>;
}
