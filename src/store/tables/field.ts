import { PlanError } from "../../model/errors.js";
import type { Value } from "../../model/value.js";

/**
 * One column of a stored table: its type, and the way of a value there and back. It travels as text in both
 * directions (`stored-table.ts` says why): one field of a line on the way in, an element of a JSON array on the way
 * out. Neither holds a tab or a line feed: what could is JSON, which escapes them.
 */
export interface Field<T> {
  /** The column's type in DuckDB, with what else belongs into the column's definition. */
  readonly type: string;
  readonly encode: (value: T) => string;
  /** In SQL, from that text to the value of the column. */
  readonly parse: (text: string) => string;
  /** In SQL, from the column to JSON text, never to NULL. */
  readonly print: (column: string) => string;
  /** From what was printed, once it is parsed. */
  readonly decode: (printed: unknown) => T;
  /** The text may be long, and is then stored in parts (`parts.ts`). */
  readonly inParts?: true;
}

/** The text of `undefined`; in the column that is NULL. No value is encoded as this. */
export const absent = "";
const unlessAbsent = (text: string): string => `nullif(${text}, '')`;
const orNull = (json: string): string => `coalesce(${json}, 'null')`;
const orUndefined = <T>(printed: unknown): T | undefined => (printed ?? undefined) as T | undefined;

/** A whole number up to 2^53: positions, table indexes. */
export const integer: Field<number> = {
  type: "BIGINT NOT NULL",
  encode: String,
  parse: (text) => `${text}::BIGINT`,
  print: (column) => `${column}::VARCHAR`,
  decode: (printed) => printed as number,
};

/** A whole number that may be missing. */
export const number: Field<number | undefined> = {
  type: "INTEGER",
  encode: (value) => (value === undefined ? absent : String(value)),
  parse: (text) => `${unlessAbsent(text)}::INTEGER`,
  print: (column) => orNull(`${column}::VARCHAR`),
  decode: orUndefined,
};

export const flag: Field<boolean> = {
  type: "BOOLEAN NOT NULL",
  encode: String,
  parse: (text) => `${text}::BOOLEAN`,
  print: (column) => `${column}::VARCHAR`,
  decode: (printed) => printed as boolean,
};

/** Any JSON but a number. */
export function json<T>(): Field<T | undefined> {
  return {
    type: "VARCHAR",
    encode: (value) => (value === undefined ? absent : JSON.stringify(value)),
    parse: unlessAbsent,
    print: orNull,
    decode: orUndefined,
  };
}

/** A JSON array of PostgreSQL's texts, `null` for NULL. No such row is NULL in the column. */
export const cells: Field<readonly Value[] | undefined> = json();

/**
 * `cells` of a whole row. What DuckDB chooses by itself for such texts makes the file three times as large and takes
 * twice as long to write.
 */
export const rowCells: Field<readonly Value[] | undefined> = longJson();

/** JSON that may be long, of records that may be many. */
export function longJson<T>(): Field<T | undefined> {
  const field = json<T>();
  return { ...field, type: `${field.type} USING COMPRESSION zstd`, inParts: true };
}

/** A part of a JSON text: not JSON itself, but free of tabs and line feeds, and never empty. */
export const fragment: Field<string> = {
  type: "VARCHAR USING COMPRESSION zstd NOT NULL",
  encode: (value) => value,
  parse: (piece) => piece,
  print: (column) => `to_json(${column})::VARCHAR`,
  decode: (printed) => printed as string,
};

export const text: Field<string | undefined> = {
  type: "VARCHAR",
  encode: (value) => (value === undefined ? absent : JSON.stringify(value)),
  parse: (json) => `${unlessAbsent(json)} ->> '$'`,
  print: (column) => orNull(`to_json(${column})::VARCHAR`),
  decode: orUndefined,
};

/** Column positions. */
export const positions: Field<readonly number[] | undefined> = {
  type: "INTEGER[]",
  encode: (value) => (value === undefined ? absent : JSON.stringify(value)),
  parse: (list) => `${unlessAbsent(list)}::INTEGER[]`,
  print: (column) => orNull(`${column}::VARCHAR`),
  decode: orUndefined,
};

/** One of a few words: an ENUM in DuckDB, which refuses any other when it is written. */
export function word<W extends string>(enumeration: string): Field<W | undefined> {
  return {
    type: enumeration,
    encode: (value) => value ?? absent,
    parse: (name) => `${unlessAbsent(name)}::${enumeration}`,
    print: (column) => orNull(`'"' || ${column} || '"'`),
    decode: orUndefined,
  };
}

/** A field that every record has. */
export function present<T>(field: Field<T | undefined>): Field<T> {
  return {
    ...field,
    type: `${field.type} NOT NULL`,
    decode: (printed) => existing(field.decode(printed)),
  };
}

/** @throws PlanError when there is nothing where the plan must have something */
export function existing<T>(value: T | undefined): T {
  if (value !== undefined) return value;
  throw new PlanError("the plan is broken: a part of a stored row is missing", {
    hint: "run `pgmend plan` again",
  });
}
