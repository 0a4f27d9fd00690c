import { SchemaMismatchError } from "../model/errors.js";
import type { Row } from "../model/value.js";

/** The two rows of one key; `undefined` where a side has none. */
export interface AlignedRow {
  readonly left: Row | undefined;
  readonly right: Row | undefined;
}

/** What is done with the rows while they are walked. */
export interface Alignment {
  /** The order in which both streams arrive. */
  readonly compare: (a: Row, b: Row) => number;
  /** Rows of one key for which this holds are dropped: only differences are kept. */
  readonly equal: (a: Row, b: Row) => boolean;
  readonly batchSize: number;
  /** Text that a batch holds about, in UTF-16 units, at most. */
  readonly batchText?: number;
  /** For the message when a stream turns out not to be in order. */
  readonly table: string;
  /** Told now and then how many keys were compared so far, and at the end how many in all. */
  readonly onCompared?: (keys: number) => void;
}

const reportEvery = 4096;

/**
 * Walks two streams sorted by the same key and pairs the rows of one key; yields only the pairs that differ, in
 * batches, so that the caller pays one step per batch rather than per row.
 */
export async function* alignRows(
  left: AsyncIterable<readonly Row[]>,
  right: AsyncIterable<readonly Row[]>,
  { compare, equal, batchSize, batchText = 8_000_000, table, onCompared }: Alignment,
): AsyncGenerator<readonly AlignedRow[]> {
  const a = new OrderedRows(left, compare, `${table} in pre`);
  const b = new OrderedRows(right, compare, `${table} in post`);
  try {
    let [batch, text]: [AlignedRow[], number] = [[], 0];
    // Rows arrive in large batches: awaiting only where one ends keeps the loop synchronous in between.
    let l = a.take() ?? (await a.refill());
    let r = b.take() ?? (await b.refill());
    let compared = 0;
    while (l !== undefined || r !== undefined) {
      const order: number = l === undefined ? 1 : r === undefined ? -1 : compare(l, r);
      if (order !== 0 || !equal(l as Row, r as Row)) {
        const pair = { left: order <= 0 ? l : undefined, right: order >= 0 ? r : undefined };
        batch.push(pair);
        text += lengthOf(pair.left) + lengthOf(pair.right);
        if (batch.length >= batchSize || text >= batchText) {
          yield batch;
          [batch, text] = [[], 0];
        }
      }
      compared += 1;
      if (compared % reportEvery === 0) onCompared?.(compared);
      if (order <= 0) l = a.take() ?? (await a.refill());
      if (order >= 0) r = b.take() ?? (await b.refill());
    }
    onCompared?.(compared);
    if (batch.length > 0) yield batch;
  } finally {
    await Promise.all([a.close(), b.close()]);
  }
}

function lengthOf(row: Row | undefined): number {
  let length = 0;
  for (const value of row ?? []) length += value?.length ?? 0;
  return length;
}

/**
 * Rows one by one, checked to be in strictly rising order. A merge join over rows out of order reports the same row
 * as deleted and inserted again (pitfall 19): better no plan than a wrong one.
 */
export class OrderedRows {
  readonly #batches: AsyncIterator<readonly Row[]>;
  readonly #compare: (a: Row, b: Row) => number;
  readonly #what: string;
  #rows: readonly Row[] = [];
  #at = 0;
  #previous: Row | undefined;

  constructor(source: AsyncIterable<readonly Row[]>, compare: (a: Row, b: Row) => number, what: string) {
    this.#batches = source[Symbol.asyncIterator]();
    this.#compare = compare;
    this.#what = what;
  }

  /** The next row of the batch at hand; undefined where a new batch is needed. */
  take(): Row | undefined {
    const row = this.#rows[this.#at];
    if (row === undefined) return undefined;
    this.#at += 1;
    if (this.#previous !== undefined && this.#compare(this.#previous, row) >= 0) throw outOfOrder(this.#what);
    this.#previous = row;
    return row;
  }

  /** The first row of the next batch; undefined at the end. */
  async refill(): Promise<Row | undefined> {
    for (;;) {
      const batch = await this.#batches.next();
      if (batch.done === true) return undefined;
      this.#rows = batch.value;
      this.#at = 0;
      const row = this.take();
      if (row !== undefined) return row;
    }
  }

  async close(): Promise<void> {
    await this.#batches.return?.(undefined);
  }
}

function outOfOrder(what: string): SchemaMismatchError {
  return new SchemaMismatchError(
    `the rows of ${what} did not arrive in the order of their key, or one key came twice`,
    {
      hint:
        "the key's index may be corrupt (a changed collation library does that): check it with amcheck, " +
        "or REINDEX; to go on without this table use --exclude-tables",
    },
  );
}
