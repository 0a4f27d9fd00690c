/** Keys from `low` to `high`, both included. */
export interface KeyRange {
  readonly low: bigint;
  readonly high: bigint;
}

/**
 * How the keys of a table are divided into blocks, numbered from 0: integer keys by value, so that a block can be read
 * through the key's index; all others by the hash of the key, so that a block is a bucket.
 */
export type Blocks = RangeBlocks | { readonly kind: "buckets"; readonly count: number };

export interface RangeBlocks {
  readonly kind: "ranges";
  readonly count: number;
  /** Only these keys are looked at. */
  readonly within: KeyRange;
  /** There are no others. */
  readonly isAll?: boolean;
  /** A block holds 2^shift values. */
  readonly shift: bigint;
}

/** What one database says of its blocks, by block number. Equal blocks have the same count and the same sum. */
export interface BlockDigests {
  readonly counts: Float64Array;
  readonly sums: BigInt64Array;
}

/** The rows of some blocks. */
export type TablePart =
  | { readonly kind: "ranges"; readonly ranges: readonly KeyRange[] }
  | { readonly kind: "buckets"; readonly of: number; readonly numbers: readonly number[] }
  /** Places of row versions, as PostgreSQL reads an array of them: those of one database. */
  | { readonly kind: "places"; readonly places: string };
