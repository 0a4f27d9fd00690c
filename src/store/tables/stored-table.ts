/**
 * How records travel between us and DuckDB: as text, many in one piece, which DuckDB takes apart on a thread of its
 * own. The client's other way, one native call for each value, costs our thread, the one that also parses what
 * PostgreSQL sends, several times as much, and its appender compresses on our thread as well.
 *
 * For the same reason a row's cells are stored as the JSON they travel as, not as a list: DuckDB has a tenth of the
 * strings to handle, and writes in half the time. The views (`views.ts`) show them by column name.
 */
import type { DuckDBDataChunk } from "@duckdb/node-api";
import { absent, type Field } from "./field.js";
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
 * @param record SQL of one
 */
export function recordsSql(record: string): string {
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

/** Records are many and fields too: what is done for each is done over plain lists, and leaves nothing to collect. */
export function encodeRecord<T extends StoredTable>(table: T, values: Values<T>): EncodedRecord {
  const { columns, fields } = columnsOf(table);
  const texts: (string | number)[] = new Array(columns.length + 1);
  let size = 0;
  let parts = noParts;
  for (let at = 0; at < columns.length; at += 1) {
    const column = columns[at] as string;
    const value = values[column];
    if (value === undefined) {
      texts[at] = absent;
      continue;
    }
    const field = fields[at] as AnyField;
    const text = field.encode(value as never);
    size += text.length;
    if (field.inParts === true && isLong(text)) {
      const pieces = splitText(text);
      const owner = values[table.order] as number;
      parts = [...parts, ...pieces.map((piece, part) => ({ owner, column, part, text: piece }))];
      texts[at] = pieces.length;
    } else {
      texts[at] = text;
    }
  }
  texts[columns.length] = size;
  return { line: texts.join("\t"), parts };
}

interface Columns {
  readonly columns: readonly string[];
  readonly fields: readonly AnyField[];
}

const known = new WeakMap<StoredTable["fields"], Columns>();

function columnsOf({ fields }: StoredTable): Columns {
  const found = known.get(fields);
  if (found !== undefined) return found;
  const made = { columns: Object.keys(fields), fields: Object.values(fields) };
  known.set(fields, made);
  return made;
}

/** A record as DuckDB hands it out: one value per field, as JSON has it. */
export type Printed = unknown[];

export function printedIn(chunk: DuckDBDataChunk): Printed[] {
  return (chunk.getColumnValues(0) as readonly string[]).map((json) => JSON.parse(json) as Printed);
}

export function valuesOf<T extends StoredTable>(table: T, printed: Printed): Values<T> {
  const { columns, fields } = columnsOf(table);
  const values: Record<string, unknown> = {};
  for (let at = 0; at < columns.length; at += 1)
    values[columns[at] as string] = fields[at]?.decode(printed[at]);
  return values as Values<T>;
}
