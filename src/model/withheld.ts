import type { Cause, Outcome } from "./change.js";
import type { ConflictKind } from "./conflict.js";
import type { UniqueRule } from "./constraint.js";
import type { ForeignKey } from "./table.js";

/** What a planned write would break, and what it therefore needs. Rows are named by their position in the plan. */
export interface Reason {
  readonly kind: Extract<ConflictKind, "foreign-key" | "unique" | "check" | "not-null" | "exclusion">;
  /** Positions of the row's own columns that it is about; empty where it is about the row as a whole. */
  readonly columns: readonly number[];
  /** Name of the constraint. */
  readonly constraint: string;
  /** In words, without what became of the row it speaks of: `refers to public.issue {"id":"4"}`. */
  readonly text: string;
  /** The row it speaks of, where that is none of the plan. */
  readonly outside?: Cause;
}

/** The row can only be written if another planned row is written, too. */
export interface Need {
  readonly row: number;
  readonly needs: number;
  readonly reason: Reason;
  /** Which constraint it is; the order of the writes depends on it. */
  readonly rule: UniqueRule | ForeignKey;
  /** What the other row is to this one: what it refers to, what refers to it, or what has its unique value. */
  readonly awaits: "parent" | "child" | "value";
}

/** The row cannot be written, whatever becomes of the others. */
export interface Bar {
  readonly row: number;
  readonly reason: Reason;
  /** What it needs was excluded or skipped: then it is skipped itself, and not in conflict. */
  readonly excluded: boolean;
  /** The row of the plan that it needs and that is not written. */
  readonly because: number | undefined;
}

/** Of two planned rows only one can be written. */
export interface Rivalry {
  readonly rows: readonly [number, number];
  /** For each of the two, what keeps it back where the other one is written. */
  readonly reasons: readonly [Reason, Reason];
}

/** What keeps a planned row from being written. */
export interface Withheld {
  readonly outcome: Extract<Outcome, "conflict" | "skipped">;
  readonly reason: Reason;
  /** The row that it waits for, which is not written either: the cause of the cause. */
  readonly because: number | undefined;
}
