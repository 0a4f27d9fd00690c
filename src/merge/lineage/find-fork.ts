/** Commit times of a run of transactions, as printed; null where there is none. */
export type CommitTimes = readonly (string | null)[];

/** Transactions looked at together. */
export const windowLength = 64;
/** Windows asked for at a time: each round trip leaves a seventeenth of what was there. */
const windowsAtOnce = 16;
/** So many transactions have to have been committed at the same microsecond on both sides, each at its own. */
const proof = 16;

/**
 * Position of the last of these transactions that is proven to be the same on both sides; undefined: none is. No two
 * clocks agree on so many microseconds, one after the other, so up to there the two had one history.
 */
export function lastShared(pre: CommitTimes, post: CommitTimes): number | undefined {
  const equal = new Set<string>();
  let last: number | undefined;
  for (const [at, time] of pre.entries()) {
    const other = post[at] ?? null;
    if (time === null || other === null) continue;
    if (time !== other) break;
    equal.add(time);
    last = at;
  }
  return equal.size >= proof ? last : undefined;
}

/** Where to look next between two transactions, the later excluded: starts of windows, evenly spread, in rising order. */
export function windowsBetween(low: bigint, high: bigint): readonly bigint[] {
  const span = high - low;
  const starts = Array.from(
    { length: windowsAtOnce },
    (_, at) => low + (span * BigInt(at + 1)) / BigInt(windowsAtOnce + 1),
  );
  return [...new Set(starts)].filter((start) => start > low && start < high);
}
