import type { TablePart } from "../../model/blocks.js";
import type { Difference } from "../../model/change.js";
import { SchemaMismatchError } from "../../model/errors.js";
import type { Table } from "../../model/table.js";
import type { Row } from "../../model/value.js";
import type { Seed } from "../../sql/row-digest.js";
import type { PlanStore } from "../../store/plan-store.js";
import type { Sessions } from "../connect.js";

/** Rows fetched at a time from each server, and kept at a time before they go to the store. */
export const fetchSize = 1000;
export const keepSize = 1000;

/** One table to compare, and where to. */
export interface TableTask {
  readonly sessions: Pick<Sessions, "pre" | "post" | "between">;
  readonly table: Table;
  readonly tableIndex: number;
  /** On disk, in the database where there are more. */
  readonly pages: number;
  readonly store: PlanStore;
  readonly onCompared: (keys: number) => void;
  /** Differences that are wanted; without it, all of them. */
  readonly wanted?: ((difference: Difference) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is read of the table, where it is not all of it. */
export interface StreamedParts {
  readonly parts: Readonly<Record<"pre" | "post", readonly TablePart[]>> & {
    /** In the snapshots between, where there are any. */
    readonly between?: readonly (readonly TablePart[])[];
  };
  /** Undefined: no part is by hash. */
  readonly seed?: Seed | undefined;
  /** Keys that were compared before. */
  readonly before: number;
}

/** Nothing in the database keeps a key of the config from being NULL, and rows without a key cannot be told apart. */
export function comparing(table: Table, compare: (a: Row, b: Row) => number): (a: Row, b: Row) => number {
  if (table.keySource !== "config") return compare;
  const isWhole = (row: Row) => table.key.every((at) => row[at] !== null);
  return (a, b) => {
    if (isWhole(a) && isWhole(b)) return compare(a, b);
    throw new SchemaMismatchError(`the configured key of ${table.label} is NULL in some rows`, {
      hint: `name another key under keys: in the config, or leave the table out with --exclude-tables`,
    });
  };
}
