import type { Direction } from "../../model/journal.js";
import type { PlanHeader } from "../../model/plan.js";
import type { Unit } from "./isolate.js";
import type { BatchSize, RowQueue } from "./queue.js";
import { type Sieve, sift } from "./selection.js";
import { type PreparedRows, prepareRows } from "./write-rows.js";

/** Rows for one transaction, with all that can be worked out before it begins. */
export interface Batch {
  /** Never empty, unless there are some that wait. */
  readonly units: readonly Unit[];
  readonly prepared: PreparedRows;
  /** What cannot be written, for it needs a row that is not. */
  readonly late: readonly Unit[];
  /** All of these, and those that are done with, as the queue had them. */
  readonly taken: readonly Unit[];
}

/**
 * Makes batches: the next one is read and worked out while the server is at work on the one before. What is found out
 * about that one may change what the next one is: then it is put back, and made anew.
 */
export class Ahead {
  readonly #queue: RowQueue;
  readonly #size: BatchSize;
  readonly #sieve: Sieve;
  readonly #plan: { readonly header: PlanHeader; readonly direction: Direction };
  #coming: Promise<Batch | undefined> | undefined;
  #here: Batch | undefined;

  constructor(queue: RowQueue, size: BatchSize, sieve: Sieve, header: PlanHeader) {
    this.#queue = queue;
    this.#size = size;
    this.#sieve = sieve;
    this.#plan = { header, direction: sieve.direction };
  }

  /** Begins to make the next batch; nobody has to wait for it. */
  prepare(): void {
    if (this.#coming !== undefined) return;
    const coming = this.#make();
    this.#coming = coming;
    // A failure is seen by whoever asks for the batch.
    coming.then(
      (batch) => {
        if (this.#coming === coming) this.#here = batch;
      },
      () => undefined,
    );
  }

  /** @returns undefined when there are no more rows */
  async next(): Promise<Batch | undefined> {
    this.prepare();
    const batch = await this.#coming;
    this.#forget();
    return batch;
  }

  /** @returns the next batch if it can be sent in this moment, with nothing to be done before */
  ready(): Batch | undefined {
    const batch = this.#here;
    if (batch === undefined || batch.units.length === 0 || batch.late.length > 0) return undefined;
    this.#forget();
    return batch;
  }

  /** These are the next ones again, as far as they still are to be written. */
  async putBack(units: readonly Unit[]): Promise<void> {
    const prepared = await this.#coming;
    this.#forget();
    if (prepared !== undefined) this.#queue.putBack(prepared.taken);
    this.#queue.putBack(units);
  }

  async close(): Promise<void> {
    await this.#coming?.catch(() => undefined);
    await this.#queue.close();
  }

  #forget(): void {
    this.#coming = undefined;
    this.#here = undefined;
  }

  async #make(): Promise<Batch | undefined> {
    for (;;) {
      const taken = await this.#queue.take(this.#size.rows);
      if (taken.length === 0) return undefined;
      const { ready: units, late } = sift(this.#sieve, taken);
      if (units.length + late.length === 0) continue;
      return { units, late, taken, prepared: await prepareRows(this.#plan, units.flat()) };
    }
  }
}
