/**
 * What the page is given to work with: one JSON block about the plan, then blocks of rows, then one that says how far
 * they go. The page (`report-page/`) reads what is written here, by these types.
 */
import type { Cause } from "../../model/change.js";
import type { TouchWrite } from "../../model/plan.js";
import type { Table } from "../../model/table.js";
import type { Key, Mode, Operation, Value } from "../../model/value.js";

/** Elements of the document by which the page finds its data, and the places it fills. */
export const blocks = { plan: "pgmend-plan", rows: "pgmend-rows", end: "pgmend-end" } as const;

export interface PagePlan {
  readonly mode: Mode;
  readonly touchWrite: TouchWrite;
  /** By index into the plan's tables; `null` where a table has no row here. */
  readonly tables: readonly (Table | null)[];
  /** Databases by name. */
  readonly databases: { readonly pre: string; readonly post: string; readonly current: string };
  /** Values of some columns are marks: statements show them, and cannot be run. */
  readonly redacted: boolean;
}

/** A value as PostgreSQL prints it, or the beginning of one that is too long for the page, with its whole length. */
export type PageValue = Value | { readonly start: string; readonly length: number };

/** One row of the incident delta. Positions are those of `Table.columns`. */
export interface PageRow {
  /** In plan order. */
  readonly at: number;
  readonly table: number;
  /** What the incident did. */
  readonly did: Operation;
  readonly outcome: string;
  readonly key: Key;
  readonly write?: PageWrite;
  readonly conflict?: PageConflict;
  /** Where nothing is written or a conflict is to be judged: what each database has. */
  readonly versions?: PageVersions;
  /** Why it was kept, excluded or skipped. */
  readonly reason?: string;
  /** What keeps it from being written, link by link. */
  readonly causes?: readonly Cause[];
  readonly decided?: true;
  readonly tenant?: string;
  readonly transaction?: string;
  /** When the window wrote it, where a column tells, as PostgreSQL prints it. */
  readonly time?: string;
}

/** What the patch writes; `from` and `to` run along `columns`. */
export interface PageWrite {
  readonly kind: Operation;
  /** The key it is written under, where that is another one. */
  readonly key?: Key;
  readonly columns: readonly number[];
  readonly from?: readonly PageValue[];
  readonly to?: readonly PageValue[];
}

export interface PageConflict {
  readonly id: string;
  readonly kind: string;
  /** Empty where the row as a whole is in conflict. */
  readonly columns: readonly number[];
  readonly cause?: string;
  readonly resolution?: string;
  readonly reason?: string;
}

/** Each runs along `columns`; `null` is no such row. `current` is left out where nobody asked. */
export interface PageVersions {
  readonly columns: readonly number[];
  readonly pre: readonly PageValue[] | null;
  readonly post: readonly PageValue[] | null;
  readonly current?: readonly PageValue[] | null;
}

/** The last block: what is in the page, of what is in the plan. */
export interface PageEnd {
  readonly rows: number;
  readonly of: number;
}
