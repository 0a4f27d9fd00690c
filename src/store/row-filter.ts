import type { Outcome } from "../model/change.js";
import type { Key, Operation } from "../model/value.js";
import { type PatchCut, patchSql } from "./tenant-patches.js";

/** Which rows to read. What is not given does not restrict; an empty list of words matches nothing. */
export interface RowFilter {
  /** Index into the plan's tables. */
  readonly table?: number;
  readonly outcomes?: readonly Outcome[];
  /** Exactly these rows; a few thousand at most, for they become part of the query. */
  readonly positions?: readonly number[];
  /** What the patch does with the row. */
  readonly changes?: readonly Operation[];
  /** Whether the patch writes the row at all. */
  readonly anyChange?: boolean;
  /** The columns an update writes: exactly these, in any order. */
  readonly columns?: readonly number[];
  /** Whether the row has a conflict, open or decided. */
  readonly inConflict?: boolean;
  /** The rows with these conflicts; a few thousand at most. */
  readonly conflicts?: readonly string[];
  /** The rows with these keys, of one table; a few thousand at most. */
  readonly keys?: readonly Key[];
  /** Rows that a decision, or the lack of one, may make something else of: in conflict, withheld, stepping aside. */
  readonly revisable?: true;
  /** Whether something is written before the change itself. */
  readonly parked?: boolean;
  /** Whether the incoming row has another key than in `post`, or refers to rows that have. */
  readonly rekeyed?: boolean;
  /** Rows of the signature with this number. */
  readonly signature?: number | undefined;
  /** Rows of these tenants. */
  readonly tenants?: readonly string[] | undefined;
  /** What the patch of one tenant writes, or its rollback takes back. */
  readonly patch?: PatchCut | undefined;
  /** Last row first. */
  readonly descending?: boolean;
}

/** The filter as a SQL condition on the table of rows. */
export function filterSql(filter: RowFilter): string {
  const { table, positions, outcomes, changes, anyChange, columns, inConflict, parked, rekeyed, patch } =
    filter;
  const { conflicts, keys, revisable, tenants, signature } = filter;
  const conditions: string[] = [];
  if (table !== undefined) conditions.push(`table_id = ${wholeNumber(table)}`);
  if (positions !== undefined) conditions.push(positionIn(positions));
  if (outcomes !== undefined) conditions.push(oneOf("outcome", outcomes));
  if (changes !== undefined) conditions.push(oneOf("change_kind", changes));
  if (anyChange !== undefined) conditions.push(isThere("change_kind", anyChange));
  if (columns !== undefined) conditions.push(`${columnSet} = list_sort(${listSql(columns)})`);
  if (inConflict !== undefined) conditions.push(isThere("conflict_id", inConflict));
  if (parked !== undefined) conditions.push(isThere("park", parked));
  if (rekeyed !== undefined) conditions.push(isThere("rekeyed", rekeyed));
  if (patch !== undefined) conditions.push(patchSql(patch));
  if (signature !== undefined) conditions.push(`signature = ${wholeNumber(signature)}`);
  if (tenants !== undefined) conditions.push(oneOf("tenant", tenants));
  if (conflicts !== undefined) conditions.push(oneOf("conflict_id", conflicts));
  if (keys !== undefined)
    conditions.push(
      oneOf(
        "key",
        keys.map((key) => JSON.stringify(key)),
      ),
    );
  if (revisable === true)
    conditions.push("(conflict_id IS NOT NULL OR wanted IS NOT NULL OR park IS NOT NULL)");
  return conditions.length === 0 ? "true" : conditions.join(" AND ");
}

/** The columns an update writes, as a set: the order in which they are listed says nothing. */
export const columnSet = "list_sort(change_columns)";

/** With the range that they span: DuckDB skips rows outside a range, but would load all of them for a list. */
export function positionIn(positions: readonly number[], column = "position"): string {
  if (positions.length === 0) return "false";
  const low = positions.reduce((least, at) => Math.min(least, at));
  const high = positions.reduce((most, at) => Math.max(most, at));
  const list = positions.map(wholeNumber).join(", ");
  return `${column} BETWEEN ${wholeNumber(low)} AND ${wholeNumber(high)} AND ${column} IN (${list})`;
}

const isThere = (column: string, there: boolean): string => `${column} IS ${there ? "NOT NULL" : "NULL"}`;

const oneOf = (column: string, words: readonly string[]): string =>
  words.length === 0 ? "false" : `${column} IN (${words.map(quoted).join(", ")})`;

export const quoted = (word: string): string => `'${word.replaceAll("'", "''")}'`;

const listSql = (numbers: readonly number[]): string => `[${numbers.map(wholeNumber).join(", ")}]::INTEGER[]`;

/** @throws RangeError for what would not be a number in SQL */
export function wholeNumber(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number`);
  return String(value);
}
