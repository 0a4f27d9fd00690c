import type { SnapshotTarget } from "./between.js";
import type { PlanSettings } from "./settings.js";
import type { Operation } from "./value.js";

/** What a timeline needs to know, checked at the door. */
export interface TimelineSettings
  extends Pick<PlanSettings, "tables" | "excludeTables" | "keys" | "touch" | "redact" | "jobs" | "placeOf"> {
  /** Two at least, in the order in which they were taken. */
  readonly snapshots: readonly SnapshotTarget[];
}

/** What a change does to NULL in one column; `between` is from one value to another. */
export type Transition = "to-null" | "from-null" | "between";

export interface ChangedColumn {
  readonly name: string;
  readonly transition: Transition;
  /** All rows got this one value; undefined: they did not, or it is not to be shown. */
  readonly value: string | undefined;
}

/** Changes with the same operation, columns and transitions. Inserts and deletes have no columns. */
export interface ChangeKind {
  readonly operation: Operation;
  readonly columns: readonly ChangedColumn[];
  readonly rows: number;
}

/** Updates in which one column changed so, whatever else changed with it. */
export interface ColumnChanges extends ChangedColumn {
  readonly rows: number;
}

/** What became of one table between two neighbouring snapshots. */
export interface TableInterval {
  /** Its label. */
  readonly table: string;
  /** Rows at either end; undefined: there was no such table. */
  readonly rowsBefore: number | undefined;
  readonly rowsAfter: number | undefined;
  readonly counts: Readonly<Record<Operation, number>>;
  /** In the order of the table's columns. */
  readonly columns: readonly ColumnChanges[];
  /** Those of most rows first. */
  readonly kinds: readonly ChangeKind[];
  /** Changed rows of kinds beyond those that are told apart. */
  readonly otherKinds: number;
  /** What became of the table itself, in words: "created", "column note was added". */
  readonly schema: readonly string[];
}

/** Why an interval is abnormal. */
export interface TimelineFinding {
  /** `emptied` and `dropped`: the table lost all its rows. `unusual`: more rows than the other intervals explain. */
  readonly reason: "emptied" | "dropped" | "unusual";
  readonly table: string;
  readonly operation: Operation;
  /** Columns of which unusually many changed so, in as many rows each; empty: all rows of the operation count. */
  readonly columns: readonly ChangedColumn[];
  readonly rows: number;
  /** Rows that the other intervals would let expect; undefined where nothing was expected of them. */
  readonly usual: number | undefined;
}

/** From one snapshot to the next. */
export interface TimelineInterval {
  readonly from: string;
  readonly to: string;
  /** Undefined: the labels are not times. */
  readonly minutes: number | undefined;
  /** Tables of which something changed. */
  readonly tables: readonly TableInterval[];
  /** Those of most rows first; none: nothing is abnormal. */
  readonly findings: readonly TimelineFinding[];
}

/** A run of abnormal intervals: what to compare to get at all of it. Positions in `snapshots`. */
export interface TimelineSuggestion {
  readonly pre: number;
  readonly post: number;
}

export interface TimelineSnapshot {
  readonly label: string;
  readonly database: string;
  readonly server: string;
  readonly version: string;
  /** When it was read, by that server's clock. */
  readonly readAt: string;
  /** Without a password. */
  readonly url: string;
}

export interface TimelineTable {
  readonly table: string;
  readonly key: readonly string[];
  /** Different keys over all snapshots. */
  readonly keys: number;
}

export interface Timeline {
  readonly snapshots: readonly TimelineSnapshot[];
  readonly tables: readonly TimelineTable[];
  readonly intervals: readonly TimelineInterval[];
  /** In the order of time; where there are several, the last one spans them all. */
  readonly suggestions: readonly TimelineSuggestion[];
  readonly leftOut: readonly { readonly table: string; readonly what: string; readonly open: boolean }[];
  readonly warnings: readonly string[];
}
