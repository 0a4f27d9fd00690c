/** Commit times of a run of transactions, as printed; null where there is none. */
export type CommitTimes = readonly (string | null)[];

/** Transactions looked at together. */
export const windowLength = 64;
/** Windows asked for at a time: each round trip leaves a seventeenth of what was there. */
export const windowsAtOnce = 16;
/** So many transactions have to have been committed at the same microsecond on both sides, each at its own. */
const proof = 16;

/**
 * Whether these transactions were committed before two copies went each its own way: no two clocks agree on so many
 * microseconds.
 */
export function isShared(pre: CommitTimes, post: CommitTimes): boolean {
  const equal = new Set<string>();
  for (const [at, time] of pre.entries()) {
    const other = post[at] ?? null;
    if (time === null || other === null) continue;
    if (time !== other) return false;
    equal.add(time);
  }
  return equal.size >= proof;
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

/** Position of the last transaction of a shared window that both have committed. */
export function lastShared(pre: CommitTimes, post: CommitTimes): number {
  return pre.findLastIndex((time, at) => time !== null && time === post[at]);
}
