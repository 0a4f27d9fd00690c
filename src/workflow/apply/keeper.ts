import type { Direction, JournalBatch } from "../../model/journal.js";
import type { FoundTarget } from "../../postgres/writing/write-target.js";
import type { Journal, Settled } from "../../store/applying/journal.js";

/** Keeps the journal of one run: numbers batches, and tells the fate of one together with the intent of the next. */
export class JournalKeeper {
  readonly #journal: Journal;
  readonly #direction: Direction;
  #last: number;
  #settled: Settled[] = [];

  private constructor(journal: Journal, direction: Direction, last: number) {
    this.#journal = journal;
    this.#direction = direction;
    this.#last = last;
  }

  static async open(journal: Journal, direction: Direction): Promise<JournalKeeper> {
    return new JournalKeeper(journal, direction, await journal.lastNumber());
  }

  /**
   * Before `COMMIT`: it is on disk when the promise resolves.
   * @returns the number of the batch, at once
   */
  intend(
    { id, place, startedAt }: FoundTarget,
    transaction: string,
    rows: readonly number[],
  ): { readonly number: number; readonly isWritten: Promise<void> } {
    this.#last += 1;
    const batch: JournalBatch = {
      ...{ number: this.#last, target: id, direction: this.#direction, transaction, place, startedAt },
      ...{ written: rows, already: [] },
    };
    const settled = this.#settled;
    this.#settled = [];
    const isWritten = this.#journal.intend(batch, settled);
    // Whoever awaits it sees the failure; until then it must not count as unhandled.
    isWritten.catch(() => undefined);
    return { number: this.#last, isWritten };
  }

  /** To be written with the next intent; a batch of which it is not written is asked about when the run is resumed. */
  settle(settled: Settled): void {
    this.#settled.push(settled);
  }

  async flush(): Promise<void> {
    const settled = this.#settled;
    this.#settled = [];
    await this.#journal.settle(settled);
  }
}
