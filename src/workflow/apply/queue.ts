import type { Unit } from "./isolate.js";

/** What a batch holds in memory, a few times over, in UTF-16 units. */
const mostText = 8_000_000;

/** Rows that wait to be written, in order, read from the store as they are needed. */
export class RowQueue {
  readonly #source: AsyncIterator<readonly Unit[]>;
  #waiting: Unit[] = [];

  constructor(source: AsyncGenerator<readonly Unit[]>) {
    this.#source = source;
  }

  /**
   * Units of so many rows together, or a single one that is larger; fewer where their text is long; none when there are
   * no more.
   */
  async take(rows: number): Promise<readonly Unit[]> {
    let [units, size, text] = [0, 0, 0];
    for (;;) {
      const next = this.#waiting[units];
      if (next !== undefined) {
        text += textOf(next);
        if (units > 0 && (size + next.length > rows || text > mostText)) break;
        size += next.length;
        units += 1;
        continue;
      }
      const more = await this.#source.next();
      if (more.done === true) break;
      this.#waiting.push(...more.value);
    }
    return this.#waiting.splice(0, units);
  }

  /** What was taken last is to be taken again. */
  putBack(units: readonly Unit[]): void {
    this.#waiting = [...units, ...this.#waiting];
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }
}

/**
 * How many rows a batch has: as many as can be written in the time that others may be made to wait. Nobody knows what a
 * row costs here, with these indexes and triggers, so it is tried.
 */
export class BatchSize {
  readonly #most: number;
  readonly #targetMs: number;
  #rows: number;

  constructor(most: number, targetMs: number) {
    this.#most = most;
    this.#targetMs = targetMs;
    this.#rows = Math.min(most, 100);
  }

  get rows(): number {
    return Math.max(1, Math.floor(this.#rows));
  }

  took(rows: number, ms: number): void {
    // A small batch says little about a large one.
    if (rows < this.rows / 2 && ms < this.#targetMs) return;
    const factor = Math.min(2, Math.max(0.5, this.#targetMs / Math.max(ms, 1)));
    this.#rows = Math.min(this.#most, Math.max(1, this.#rows * factor));
  }

  /** Somebody was in the way: of fewer rows, fewer are in anybody's way. */
  halve(): void {
    this.#rows = Math.max(1, this.#rows / 2);
  }
}

function textOf(unit: Unit): number {
  let length = 0;
  for (const { change } of unit) {
    if (change === undefined) continue;
    if (change.kind !== "insert") for (const value of change.before) length += value?.length ?? 0;
    if (change.kind !== "delete") for (const value of change.after) length += value?.length ?? 0;
  }
  return length;
}
