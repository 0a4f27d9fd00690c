import type { Row } from "./value.js";

/** A row as one snapshot has it. */
export interface Sighting {
  /** `undefined`: no such row. */
  readonly row: Row | undefined;
  /** `xmin` there. */
  readonly transaction: string | undefined;
}

/**
 * Neighbouring intervals between snapshots, by number: 1 is from `pre` to the first snapshot between, and the last one
 * ends at `post`.
 */
export interface IntervalRange {
  readonly first: number;
  readonly last: number;
}

/** One of several copies of a database, each from another moment. The URL holds secrets: never print it. */
export interface SnapshotTarget {
  /** As it was given: `22:08`, `2019-09-23T22:08Z`, `before-deploy`. */
  readonly label: string;
  readonly url: string;
  /** Minutes since some fixed moment; undefined unless all labels are times. */
  readonly minute: number | undefined;
}

/** Snapshots from inside the window, and which intervals hold the damage. */
export interface BetweenSettings {
  /** In the order in which they were taken. */
  readonly snapshots: readonly SnapshotTarget[];
  /** Where no rule speaks, only what changed in these is damage; empty: nobody said which. */
  readonly damage: readonly IntervalRange[];
}

/** Names of the ends of all intervals, from `pre` to `post`. */
export function endsOf(between: {
  readonly snapshots: readonly { readonly label: string }[];
}): readonly string[] {
  return ["pre", ...between.snapshots.map(({ label }) => label), "post"];
}

export function isWithin(interval: number, { first, last }: IntervalRange): boolean {
  return first <= interval && interval <= last;
}
