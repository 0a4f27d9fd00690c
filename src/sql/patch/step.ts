import type { Change } from "../../model/change.js";
import type { TouchWrite } from "../../model/plan.js";
import type { Table } from "../../model/table.js";
import type { Key, Operation } from "../../model/value.js";

export interface KeyedChange {
  readonly key: Key;
  readonly change: Change;
}

/** One statement of the patch: all rows of a table that are written in the same way. */
export interface PatchStep {
  readonly table: Table;
  readonly kind: Operation;
  /** Positions written by an update; every column of an insert or a delete. */
  readonly columns: readonly number[];
  readonly rows: number;
  /** The rows, in batches, in key order; may be asked for once. */
  changes(): AsyncIterable<readonly KeyedChange[]>;
}

export interface StepOptions {
  readonly touchWrite: TouchWrite;
  /** User triggers fire on this table: what they made of the rows is read back. */
  readonly triggersFire: boolean;
  /** A comment with key and old → new on each row. */
  readonly readable: boolean;
  /** How many rows one INSERT into the staging table holds. */
  readonly batchSize: number;
}

/** Written positions without the touch columns: what a guard compares, since a touch alone is no change. */
export function contentOf(table: Table, columns: readonly number[]): readonly number[] {
  return columns.filter((position) => !table.touch.includes(position));
}
