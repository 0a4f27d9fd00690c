import type { DuckDBValue } from "@duckdb/node-api";
import { PlanError } from "../model/errors.js";
import type { Value } from "../model/value.js";
import {
  absent,
  absentOr,
  joinCells,
  joinCellsSql,
  splitCells,
  splitCellsSql,
  withoutNul,
} from "./cell-text.js";

/** One column of a stored table: its type, and the way of a value there and back. */
export interface Field<T> {
  /** The column's type in DuckDB. */
  readonly type: string;
  /** Value to text, and in SQL from that text to the column. */
  readonly encode: (value: T) => string;
  readonly parse: (text: string) => string;
  /** In SQL from the column to what DuckDB hands out, and from there to the value. */
  readonly print: (column: string) => string;
  readonly decode: (printed: DuckDBValue) => T;
}

const asIs = (column: string): string => column;

/** A whole number up to 2^53: positions, table indexes, sizes. */
export const integer: Field<number> = {
  type: "BIGINT NOT NULL",
  encode: String,
  parse: (text) => `${text}::BIGINT`,
  // As DOUBLE it arrives as a number; a BIGINT arrives as a bigint, one allocation each.
  print: (column) => `${column}::DOUBLE`,
  decode: (printed) => printed as number,
};

export const flag: Field<boolean> = {
  type: "BOOLEAN NOT NULL",
  encode: (value) => (value ? "t" : "f"),
  parse: (text) => `${text} = 't'`,
  print: asIs,
  decode: (printed) => printed as boolean,
};

/** Rows and keys; `undefined` (no such row) is NULL, a NULL cell is a NULL element. */
export const cells: Field<readonly Value[] | undefined> = {
  type: "VARCHAR[]",
  encode: (value) => (value === undefined ? absent : joinCells(value)),
  parse: (text) => splitCellsSql(absentOr(text)),
  print: joinCellsSql,
  decode: (printed) => (printed === null ? undefined : splitCells(printed as string)),
};

export const text: Field<string | undefined> = {
  type: "VARCHAR",
  encode: (value) => (value === undefined ? absent : withoutNul(value)),
  parse: absentOr,
  // The colon stands in front for U+FEFF: see cell-text.ts.
  print: (column) => `':' || ${column}`,
  decode: (printed) => (printed === null ? undefined : (printed as string).slice(1)),
};

/** Column positions. */
export const positions: Field<readonly number[] | undefined> = {
  type: "INTEGER[]",
  encode: (value) => (value === undefined ? absent : value.join()),
  parse: (list) => `CASE ${list} WHEN '' THEN [] ELSE string_split(${absentOr(list)}, ',') END::INTEGER[]`,
  print: (column) => `CASE len(${column}) WHEN 0 THEN '' ELSE array_to_string(${column}, ',') END`,
  decode: (printed) => {
    if (printed === null) return undefined;
    return printed === "" ? [] : (printed as string).split(",").map(Number);
  },
};

/** One of a few words, an ENUM in DuckDB: any other word is refused when written. */
export function word<W extends string>(enumeration: string): Field<W | undefined> {
  return {
    type: enumeration,
    encode: (value) => value ?? absent,
    parse: (name) => `${absentOr(name)}::${enumeration}`,
    print: asIs,
    decode: (printed) => (printed === null ? undefined : (printed as W)),
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
  throw new PlanError("the plan is broken: a stored row lacks a part", { hint: "plan again" });
}
