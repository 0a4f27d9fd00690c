import type { Table } from "./table.js";

/**
 * What two databases have in common, as far as it is proven (docs/lineage.md). Row versions of it are the same where
 * their place and their transaction are.
 */
export interface Ancestry {
  /**
   * The first transaction, in its 32 bits, that may be another one in the other database. Undefined: one server hands
   * out each transaction once.
   */
  readonly fork: string | undefined;
}

/** The side, so that a version that may be its own is never that of the other. */
export type Side = "pre" | "post";

/** Row versions of one table in one database. */
export interface Versions extends Ancestry {
  readonly table: Table;
  readonly side: Side;
}

/** What one database says of one table; both have to say the same for versions to be compared. */
export interface Evidence {
  /** Its rows can be told by their versions at all; else the reason why not. */
  readonly obstacle: string | undefined;
  /** Its file, its columns and how they print. */
  readonly shape: string;
  /** Its indexes, each with its file and the transaction that made it: a rewrite of the table makes all of them anew. */
  readonly witnesses: readonly string[];
}

/** Pages of a table, a few at a time: range `n` begins at page `n * pages`. */
export interface PageRanges {
  readonly pages: number;
  readonly first: number;
  readonly last: number;
}

/** Places of row versions, each as `page * 65536 + item`, in rising order. */
export type Places = readonly number[];

/** What a server says of itself, as far as versions depend on it. */
export interface ServerFacts {
  readonly version: string;
  readonly versionNumber: number;
  readonly encoding: string;
  /** The transaction that is next, in all of its 64 bits. */
  readonly next: bigint;
  /** Undefined where our role may not ask. */
  readonly systemIdentifier: string | undefined;
  readonly commitTimes: boolean;
}
