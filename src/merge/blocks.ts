import type { BlockColumn, BlockDigests, BucketBlocks, KeyRange, RangeBlocks } from "../model/blocks.js";

/**
 * Divides a range of integer keys into blocks of a power of two: as many as wanted, or as few as half of that. Blocks
 * never reach across zero, so a range that does has two at least.
 */
export function divideRange(within: KeyRange, wanted: number): RangeBlocks {
  let shift = 0n;
  while (blocksIn(within, shift) > BigInt(Math.max(2, wanted))) shift += 1n;
  return { kind: "ranges", count: Number(blocksIn(within, shift)), within, shift };
}

function blocksIn({ low, high }: KeyRange, shift: bigint): bigint {
  return (high >> shift) - (low >> shift) + 1n;
}

/** Buckets are a power of two. @param by undefined: the hash of the key */
export function divideInBuckets(wanted: number, by?: BlockColumn): BucketBlocks {
  return { kind: "buckets", by, count: 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, wanted)))) };
}

/** The keys of one block, none outside the range that was divided. */
export function rangeOfBlock({ within, shift }: RangeBlocks, block: number): KeyRange {
  const number = (within.low >> shift) + BigInt(block);
  const low = number << shift;
  const high = low + (1n << shift) - 1n;
  return { low: low < within.low ? within.low : low, high: high > within.high ? within.high : high };
}

export interface BlockComparison {
  /** In rising order. */
  readonly differing: readonly number[];
  /** Rows in them: the side that has more counts. */
  readonly differingRows: number;
  /** Keys in all other blocks. */
  readonly equalKeys: number;
}

/** @param all of two databases at least */
export function compareBlocks(all: readonly BlockDigests[]): BlockComparison {
  const [pre, ...others] = all;
  if (pre === undefined) throw new RangeError("no digests to compare");
  const differing: number[] = [];
  let differingRows = 0;
  let equalKeys = 0;
  for (let block = 0; block < pre.counts.length; block += 1) {
    const before = pre.counts[block] ?? 0;
    const isSame = (other: BlockDigests) =>
      (other.counts[block] ?? 0) === before && other.sums[block] === pre.sums[block];
    if (others.every(isSame)) {
      equalKeys += before;
    } else {
      differing.push(block);
      differingRows += Math.max(...all.map(({ counts }) => counts[block] ?? 0));
    }
  }
  return { differing, differingRows, equalKeys };
}

/** Keys that differ somewhere, and about how many rows there are to read. */
export interface DifferingRange {
  readonly range: KeyRange;
  readonly rows: number;
}

/** Neighbours become one. In and out in rising order. */
export function joinRanges(ranges: readonly DifferingRange[]): readonly DifferingRange[] {
  const joined: DifferingRange[] = [];
  for (const next of ranges) {
    const last = joined.at(-1);
    if (last === undefined || last.range.high + 1n !== next.range.low) {
      joined.push(next);
      continue;
    }
    const range = { low: last.range.low, high: next.range.high };
    joined[joined.length - 1] = { range, rows: last.rows + next.rows };
  }
  return joined;
}

/** Ranges that are read by one query each: few enough for the server to sort, enough for round trips not to matter. */
export function groupRanges(
  ranges: readonly DifferingRange[],
  limits = { rows: 20_000, ranges: 2_000 },
): readonly (readonly KeyRange[])[] {
  const groups: KeyRange[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const next of ranges) {
    const open = groups.at(-1);
    if (open === undefined || open.length >= limits.ranges || rows + next.rows > limits.rows) {
      groups.push([next.range]);
      rows = next.rows;
    } else {
      open.push(next.range);
      rows += next.rows;
    }
  }
  return groups;
}

/** Buckets whose rows are asked for at once. */
export function groupBuckets(
  buckets: readonly number[],
  rowsOf: (bucket: number) => number,
  mostRows: number,
): readonly (readonly number[])[] {
  const groups: number[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const bucket of buckets) {
    rows += rowsOf(bucket);
    if (rows > mostRows) {
      groups.push([]);
      rows = rowsOf(bucket);
    }
    groups.at(-1)?.push(bucket);
  }
  return groups;
}

/**
 * Whether so many rows differ that nearly every block of them would: finding out by digests costs a scan, and saves
 * nothing.
 */
export function isDense({ rows, differing }: Sample, rowsInBlock: number): boolean {
  if (rows === 0) return false;
  return 1 - (1 - differing / rows) ** rowsInBlock > 0.8;
}

/** Rows looked at here and there. */
export interface Sample {
  readonly rows: number;
  readonly differing: number;
}
