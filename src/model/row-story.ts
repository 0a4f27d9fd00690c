import type { Outcome } from "./change.js";
import type { DatabaseRole, Operation, Value } from "./value.js";

/** A row by column name; `null`: there is no such row. */
export type NamedRow = Readonly<Record<string, Value>> | null;

/** All that is known of one row: what it was in each database, what happened to it, and what the plan does. */
export interface RowStory {
  readonly table: string;
  readonly key: Readonly<Record<string, Value>>;
  /** What the incident did; `null`: the plan does not speak of the row. */
  readonly incident: Operation | null;
  /** As the plan saw them; those it did not look at are left out. */
  readonly planned: Readonly<Partial<Record<DatabaseRole, NamedRow>>>;
  /** At each snapshot between pre and post, in the order of time; only where there are any. */
  readonly between?: readonly StorySnapshot[];
  /** What the merge started from and what was incoming, where that is not as pre and post have it (docs/between.md). */
  readonly merged?: { readonly base: NamedRow; readonly incoming: NamedRow };
  /** As they are now, of databases that could be asked. */
  readonly now: Readonly<Partial<Record<DatabaseRole, NamedRow>>>;
  /** Columns in which any two of these differ. */
  readonly differing: readonly string[];
  /** Who wrote the row in `post`. */
  readonly transaction: { readonly id: string; readonly committedAt: string | null } | null;
  readonly signature: { readonly id: string; readonly words: string } | null;
  /** The rule that decided about it, counted from 1; `null`: the mode's default did. */
  readonly rule: { readonly number: number; readonly where: string; readonly is: string } | null;
  readonly outcome: Outcome | null;
  readonly reason: string | null;
  readonly conflict: StoryConflict | null;
  /** What the patch does with it. */
  readonly change: StoryChange | null;
  /** The same as a statement for people to read; `null` also where values are redacted. */
  readonly sql: string | null;
  /** What else to know, in sentences. */
  readonly notes: readonly string[];
}

export interface StorySnapshot {
  readonly label: string;
  readonly row: NamedRow;
  /** Who wrote it. */
  readonly transaction: string | null;
}

export interface StoryConflict {
  readonly conflict: string;
  readonly kind: string;
  readonly columns: readonly string[];
  readonly cause: string | null;
  readonly resolution: string | null;
  readonly reason: string | null;
  readonly decided: { readonly by: string; readonly at: string } | null;
}

export interface StoryChange {
  readonly operation: Operation;
  readonly columns: Readonly<Record<string, { readonly from?: Value; readonly to?: Value }>>;
}
