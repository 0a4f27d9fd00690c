import type { Change } from "../../model/change.js";
import type { TouchWrite } from "../../model/plan.js";
import type { Table } from "../../model/table.js";
import type { Key, Operation, Value } from "../../model/value.js";

export interface KeyedChange {
  /** In the plan. */
  readonly position: number;
  readonly key: Key;
  readonly change: Change;
  /** It holds something else in some columns until a later step. */
  readonly aside?: boolean | undefined;
}

/** One statement of the patch: all rows of a table that are written in the same way. */
export interface PatchStep {
  readonly table: Table;
  readonly kind: Operation;
  /**
   * What it is for. `park` moves rows out of the way of others, `unpark` gives inserted rows what they had to wait for;
   * both belong to a change that is counted and checked in a step of its own.
   */
  readonly role: "change" | "park" | "unpark";
  /** Positions written by an update; every column of an insert or a delete. */
  readonly columns: readonly number[];
  /** Positions that must still be as expected, where that is more than what is written. */
  readonly guarded?: readonly number[] | undefined;
  /** Positions in which rows that are `aside` hold something else until a later step. */
  readonly held?: readonly number[] | undefined;
  readonly rows: number;
  /** The rows, in batches, in key order; may be asked for once. */
  changes(): AsyncIterable<readonly KeyedChange[]>;
}

/** A value of the column at a position, as it may be shown. */
export type Shown = (position: number, value: Value) => Value;

export interface StepOptions {
  readonly touchWrite: TouchWrite;
  /** User triggers fire on this table: what they made of the rows is read back. */
  readonly triggersFire: boolean;
  /** A comment with key and old → new on each row. */
  readonly readable: boolean;
  /** How comments show values of the step's table; as they are, if undefined. */
  readonly shown?: Shown | undefined;
  /** How many rows one INSERT into the staging table holds. */
  readonly batchSize: number;
}

/** Written positions without the touch columns: what a guard compares, since a touch alone is no change. */
export function contentOf(table: Table, columns: readonly number[]): readonly number[] {
  return columns.filter((position) => !table.touch.includes(position));
}
