import type { Row } from "../../model/value.js";
import { OrderedRows } from "../align-rows.js";

/** What is done with the rows while they are walked. */
export interface SnapshotWalk {
  /** The order in which all streams arrive. */
  readonly compare: (a: Row, b: Row) => number;
  /** For the message when a stream turns out not to be in order: one name a stream. */
  readonly names: readonly string[];
  /**
   * Told each key once, in order, with its row in each stream; `undefined` where a stream has none. The list is used
   * again for the next key. Where a promise comes back, the next key waits for it.
   */
  readonly onKey: (rows: readonly (Row | undefined)[]) => void | Promise<void>;
  /** Told now and then how many keys there were so far, and at the end how many in all. */
  readonly onWalked?: (keys: number) => void;
}

const reportEvery = 4096;

/** Walks any number of streams sorted by the same key, all together; memory holds a batch of each. */
export async function walkSnapshots(
  streams: readonly AsyncIterable<readonly Row[]>[],
  { compare, names, onKey, onWalked }: SnapshotWalk,
): Promise<number> {
  const sources = streams.map((stream, at) => new OrderedRows(stream, compare, names[at] ?? ""));
  try {
    const heads = await Promise.all(sources.map(async (source) => source.take() ?? (await source.refill())));
    const rows: (Row | undefined)[] = heads.map(() => undefined);
    let keys = 0;
    while (takeFirst(heads, rows, compare)) {
      const pause = onKey(rows);
      if (pause !== undefined) await pause;
      keys += 1;
      if (keys % reportEvery === 0) onWalked?.(keys);
      for (const [at, source] of sources.entries()) {
        // Awaiting only where a batch ends keeps the loop synchronous in between.
        if (rows[at] !== undefined) heads[at] = source.take() ?? (await source.refill());
      }
    }
    onWalked?.(keys);
    return keys;
  } finally {
    await Promise.all(sources.map((source) => source.close()));
  }
}

/** Puts the rows of the first key into `rows`. @returns whether there was one */
function takeFirst(
  heads: readonly (Row | undefined)[],
  rows: (Row | undefined)[],
  compare: (a: Row, b: Row) => number,
): boolean {
  let first: Row | undefined;
  for (let at = 0; at < heads.length; at += 1) {
    const head = heads[at];
    rows[at] = undefined;
    if (head === undefined) continue;
    const order = first === undefined ? -1 : compare(head, first);
    if (order > 0) continue;
    if (order < 0) {
      rows.fill(undefined, 0, at);
      first = head;
    }
    rows[at] = head;
  }
  return first !== undefined;
}
