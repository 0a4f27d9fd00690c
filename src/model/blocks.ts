/** Keys from `low` to `high`, both included. */
export interface KeyRange {
  readonly low: bigint;
  readonly high: bigint;
}

/**
 * How the keys of a table are divided into blocks, numbered from 0: integer keys by value, so that a block can be read
 * through the key's index; all others are buckets. What is in one block may be anything, as long as a row that
 * is the same on both sides is in the same block: a row that was changed may be in two.
 */
export type Blocks = RangeBlocks | BucketBlocks;

/** A power of two of them: by the hash of the key, or by another column. */
export interface BucketBlocks {
  readonly kind: "buckets";
  readonly count: number;
  readonly by?: BlockColumn | undefined;
}

/** A column of growing numbers, 2^shift of which are in one block. */
export interface BlockColumn {
  /** Its position in the table. */
  readonly column: number;
  readonly shift: number;
}

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
  | { readonly kind: "buckets"; readonly of: BucketBlocks; readonly numbers: readonly number[] }
  /** Places of row versions, as PostgreSQL reads an array of them: those of one database. */
  | { readonly kind: "places"; readonly places: string };
