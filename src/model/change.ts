import { isBag } from "./bag.js";
import type { Sighting } from "./between.js";
import type { Conflict } from "./conflict.js";
import type { ResolutionWord } from "./decision.js";
import { keyOf, type Table } from "./table.js";
import type { Key, Mode, Operation, Row, Triple, Value } from "./value.js";

/** One row of the incident delta: what `pre` and `post` say of one key. `undefined` is "no such row", never NULL. */
export interface Difference {
  readonly key: Key;
  readonly operation: Operation;
  readonly pre: Row | undefined;
  readonly post: Row | undefined;
  /** `xmin` of the row in `post`: the transaction that wrote it. A deleted row has none. */
  readonly transaction: string | undefined;
  /** Who wrote it last, and whose it is, where a change log says so. */
  readonly actor?: string | undefined;
  readonly tenant?: string | undefined;
  /** Number of its signature, once they are known (docs/signatures.md). */
  readonly signature?: number | undefined;
  /** At `pre`, at each snapshot between, and at `post`; only where there are any between, and the row has a key. */
  readonly seen?: readonly Sighting[] | undefined;
  /** Only of one step of a row: in which interval it changed so (`IntervalRange`). */
  readonly interval?: number | undefined;
  /** What people wrote over the damage in the window itself, and words for it: an undo must ask about these cells. */
  readonly overwritten?: { readonly columns: "row" | readonly number[]; readonly words: string } | undefined;
}

/** A row the patch writes. Each carries what was there before: it can be guarded, and undone. */
export type Change =
  | { readonly kind: "insert"; readonly after: Row }
  | {
      readonly kind: "update";
      readonly before: Row;
      readonly after: Row;
      /** Positions of the columns written; all others keep what current has at the time of writing. */
      readonly columns: readonly number[];
    }
  | { readonly kind: "delete"; readonly before: Row };

/** What became of one difference; each has exactly one (section 1 of the design). */
export const outcomes = ["apply", "already", "conflict", "kept", "excluded", "skipped"] as const;
export type Outcome = (typeof outcomes)[number];

/** What the three-way merge makes of one incoming row, before strategies and decisions are asked. */
export type Verdict =
  | { readonly kind: "apply"; readonly change: Change }
  | { readonly kind: "already" }
  | { readonly kind: "kept"; readonly reason: string }
  | { readonly kind: "conflict"; readonly conflict: Conflict };

/** A conflict as the plan keeps it. */
export interface PlannedConflict {
  readonly id: string;
  readonly kind: string;
  /** Positions of the conflicting columns; empty when the row as a whole is in conflict. */
  readonly columns: readonly number[];
  /**
   * Positions that incoming alone changed, as the rules let them through: they wait for the conflict, and are written
   * with whatever settles it.
   */
  readonly clean?: readonly number[] | undefined;
  /** Why, in words, when the kind does not say it all. */
  readonly cause: string | undefined;
  readonly resolution: ResolutionWord | undefined;
  readonly reason: string | undefined;
}

/**
 * A value that a column takes for the length of the patch, so that another row can have its old one: how two rows swap
 * a unique value.
 */
export interface ParkedCell {
  /** Position in `Table.columns`. */
  readonly column: number;
  readonly value: Value;
}

/**
 * One link of the chain that keeps a row from being written: the row in the way (the one it refers to, one that refers
 * to it, or the holder of its unique value), then what is in the way of that one, and so on to the end.
 */
export interface Cause {
  /** Label of the table. */
  readonly table: string;
  /** The key of the row; of one that is missing or in no compared table, the columns by which it was looked for. */
  readonly key: Readonly<Record<string, Value>>;
  /** What the incident did to it; undefined where it did nothing. */
  readonly operation?: Operation;
  /**
   * What becomes of it. Beside the outcomes of rows of the plan: `unchanged`, current has it and nobody planned to
   * change it; `missing`, current does not have it and nothing brings it.
   */
  readonly outcome: Outcome | "unchanged" | "missing";
  /** The kind of its own conflict, where its outcome is that. */
  readonly kind?: string;
  /** Why it is kept or excluded, in words. */
  readonly reason?: string;
  /** So many links are left out between the one before and this one, which is the end. */
  readonly omitted?: number;
}

/** One row of the incident delta with all that the plan knows of it. */
export interface PlannedRow {
  /** Position in the plan: tables in plan order, rows in key order. */
  readonly position: number;
  /** Index into the plan's tables. */
  readonly table: number;
  readonly key: Key;
  /** What the incident did (direction pre to post). */
  readonly operation: Operation;
  readonly outcome: Outcome;
  readonly pre: Row | undefined;
  readonly post: Row | undefined;
  /** `undefined`: no such row; also where current was not asked, because the row is not incoming. */
  readonly current: Row | undefined;
  readonly transaction: string | undefined;
  /** Number of its signature: 7 of S7. */
  readonly signature?: number | undefined;
  /** Number of the rule that decided about it, from 1; undefined: none did, and the mode's default holds. */
  readonly rule?: number | undefined;
  /**
   * The incoming row where it is not as `post` has it: under a new key, or referring to rows that took one (design
   * 2.5). Undefined for nearly every row.
   */
  readonly rekeyed?: Row | undefined;
  /** What the patch writes. Under cell granularity a row in conflict may have one for its clean cells. */
  readonly change: Change | undefined;
  /** What is written first, before the change itself; undefined for nearly every row. */
  readonly park?: readonly ParkedCell[] | undefined;
  /** Written after all rows of the waves before; undefined for the first one. Such a row has `park`, too. */
  readonly wave?: number | undefined;
  readonly conflict: PlannedConflict | undefined;
  /** What keeps it from being written, link by link; undefined where that is no other row. */
  readonly causes?: readonly Cause[] | undefined;
  /** Settled by a strategy or a decision. */
  readonly decided: boolean;
  /** Why it was kept, excluded or skipped, in words. */
  readonly reason: string | undefined;
  /** Whose the row is, and who wrote it: as the incident left it, or found it where it is gone. */
  readonly tenant?: string | undefined;
  readonly actor?: string | undefined;
  /**
   * What the merge and the strategies made of the row, where a decision or a constraint made something else of it:
   * from there it is decided and checked anew. Undefined for nearly every row.
   */
  readonly wanted?: Judged | undefined;
  /**
   * The row as all snapshots of the window have it, where there are any between `pre` and `post`. Then `pre` and `post`
   * of an incoming row are those before and after the damage (docs/between.md).
   */
  readonly seen?: readonly Sighting[] | undefined;
}

/**
 * What it takes to write a row. Of an update there may be only the cells that it writes, at their places; any of a row
 * that steps aside.
 */
export type RowWrite = Pick<
  PlannedRow,
  "position" | "table" | "key" | "rekeyed" | "change" | "park" | "wave" | "tenant"
>;

/** What constraints look at in a row. There may be only some cells of each version, at their places. */
export type RowVersions = Pick<
  PlannedRow,
  "position" | "table" | "key" | "outcome" | "pre" | "post" | "current" | "rekeyed" | "change"
>;

/** What became of a row. */
export type Judged = Pick<PlannedRow, "outcome" | "change" | "conflict" | "decided" | "reason">;

/** The inverse: what takes a change back. */
export function invert(change: Change): Change {
  switch (change.kind) {
    case "insert":
      return { kind: "delete", before: change.after };
    case "delete":
      return { kind: "insert", after: change.before };
    case "update":
      return { kind: "update", before: change.after, after: change.before, columns: change.columns };
  }
}

/** The three versions of a row in a merge: in mode undo the incident is the base, in mode replay it is incoming. */
export function versionsOf(
  mode: Mode,
  { pre, post, current, rekeyed }: Pick<PlannedRow, "pre" | "post" | "current" | "rekeyed">,
): Triple<Row | undefined> {
  return mode === "undo"
    ? { base: post, current, incoming: pre }
    : { base: pre, current, incoming: rekeyed ?? post };
}

/** The key under which the patch writes a row; `key` is that of the incident delta. */
export function writtenKey(table: Table, { key, rekeyed }: Pick<PlannedRow, "key" | "rekeyed">): Key {
  return rekeyed === undefined || isBag(table) ? key : keyOf(table, rekeyed);
}
