import type { Table } from "./table.js";
import type { Role, Row, Triple, Value } from "./value.js";

export const rowConflictKinds = ["update/update", "update/delete", "delete/update", "insert/insert"] as const;
export type RowConflictKind = (typeof rowConflictKinds)[number];

/** Found by the three-way merge; all other kinds break only afterwards. */
export function isRowConflict(kind: string): kind is RowConflictKind {
  return (rowConflictKinds as readonly string[]).includes(kind);
}

/** What breaks only after merging. */
export const constraintConflictKinds = [
  "foreign-key",
  "unique",
  "check",
  "not-null",
  "exclusion",
  "suspected-damage",
] as const;
/** All kinds: those of the three-way merge, then those of constraints and of the guard. */
export const conflictKinds = [...rowConflictKinds, ...constraintConflictKinds] as const;
export type ConflictKind = (typeof conflictKinds)[number];

/** Named `<what current did>/<what incoming did>`. Conflicts are data in the result; errors are for faults. */
export interface Conflict {
  readonly kind: RowConflictKind;
  readonly rows: Triple<Row | undefined>;
  /** The cells in conflict; empty when the row as a whole is. */
  readonly cells: readonly ConflictCell[];
  /** Positions that merge cleanly and wait for the conflict: written by incoming alone. */
  readonly clean: readonly number[];
}

/** A cell that both sides changed, to different values. */
export interface ConflictCell extends Triple<Value> {
  /** Position in `Table.columns`. */
  readonly column: number;
}

/** What somebody or something says about a conflict. */
export type Resolution =
  | { readonly kind: "take"; readonly role: Role }
  /** Values for some or all of the conflicting cells, by column position. */
  | { readonly kind: "cells"; readonly values: ReadonlyMap<number, Value> }
  /** Both rows stay: the incoming one takes a new key. Only for insert/insert, in mode replay. */
  | { readonly kind: "rekey" }
  /** Leave it open, and ask nobody further down the chain. */
  | { readonly kind: "leave" };

/** What a strategy says: a resolution, and why, in words that people read later. */
export type Answer = Resolution & { readonly reason: string };

/**
 * A strategy decides conflicts. It is a guest: it sees only the model, is pure and synchronous, and either answers or
 * passes. It never guesses.
 */
export interface Strategy {
  /** As typed on the command line: "newest". */
  readonly name: string;
  /** One line, for help and screens. */
  readonly summary: string;
  /**
   * The options it takes: what is wrong with a value, in words; undefined when nothing is. One that was not given is
   * asked about as undefined, so that what is missing can be missed. Whoever declares none takes none.
   */
  readonly options?: Readonly<Record<string, (value: unknown) => string | undefined>>;
  /** Those of its options that name a column: it must be there in some table that the entry is for. */
  readonly columnOptions?: readonly string[];
  /** Returns undefined to pass the conflict on to the next entry of the chain. */
  resolve(conflict: Conflict, context: StrategyContext): Answer | undefined;
}

/** What a strategy may know besides the conflict. */
export interface StrategyContext {
  readonly table: Table;
  /** What the config gives besides `match` and `use`. */
  readonly options: Readonly<Record<string, unknown>>;
}
