/**
 * Glossary (the same words in code, flags, files and screens; the contract is section 1 of the design):
 *
 * - `pre`, `post`, `current`: the three databases. Before the incident, after it, and the live one.
 * - incident delta: every row that differs between `pre` and `post`, keyed by primary key.
 * - base, current, incoming: the three versions of a row or a cell in a merge. In mode `undo` base is `post` and
 *   incoming is `pre`; in mode `replay` it is the other way round.
 * - difference: one row of the incident delta, before anybody judged it.
 * - ruling: what the rules make of a difference (is it incoming at all, and which of its columns).
 * - verdict: what the three-way merge makes of an incoming difference.
 * - outcome: what became of it in the end; each difference has exactly one.
 * - change: a row the patch writes, with what was there before, so that it can be guarded and undone.
 * - touch column: a column that records that a row was written, not what it says.
 */

/** A cell exactly as PostgreSQL prints it under the pinned session; never a number, a Date or a decoded object. */
export type Value = string | null;

/** One value per `Table.columns`, in that order. */
export type Row = readonly Value[];

/** The printed key of a row, in key-column order. Key columns are never NULL. */
export type Key = readonly string[];

export type Side = "current" | "incoming";
export type Role = "base" | Side;

/** The three versions of one thing: schemas, rows and cells alike. */
export interface Triple<T> {
  readonly base: T;
  readonly current: T;
  readonly incoming: T;
}

/** The databases by name, in the order in which people speak of them. */
export const databaseRoles = ["pre", "post", "current"] as const;
/** Which of the three databases. */
export type DatabaseRole = (typeof databaseRoles)[number];

/** `undo`: take the damage back from `current`. `replay`: put a lost window back onto it. */
export type Mode = "undo" | "replay";

/** What one incident did to a row (direction pre to post), or what a patch does to it. */
export const operations = ["insert", "update", "delete"] as const;
/** What was done to a row. */
export type Operation = (typeof operations)[number];

/** A switch over a union ends here; the compiler proves that nothing gets through. */
export function assertNever(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
