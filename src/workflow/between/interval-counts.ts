import type { Difference } from "../../model/change.js";
import type { BetweenFacts } from "../../model/plan.js";
import type { Signature } from "../../model/signature.js";
import { signatureNumber } from "../../model/signature.js";
import type { Table } from "../../model/table.js";
import type { Operation } from "../../model/value.js";

/** Counts what changed in which interval, by table and by signature. */
export class IntervalCounts {
  readonly #intervals: number;
  readonly #tables = new Map<string, Record<Operation, number>[]>();
  readonly #signatures = new Map<number, number[]>();
  #ended = false;

  /** @param intervals how many there are */
  constructor(intervals: number) {
    this.#intervals = intervals;
  }

  /** The steps of one row. Rows that are judged again, after the end, count once. */
  take({ label }: Table, steps: readonly Difference[]): void {
    if (this.#ended) return;
    for (const { interval = 1, operation, signature } of steps) {
      const counts = this.#tables.get(label) ?? this.#zeros();
      this.#tables.set(label, counts);
      const here = counts[interval - 1];
      if (here !== undefined) here[operation] += 1;
      if (signature === undefined) continue;
      const rows = this.#signatures.get(signature) ?? new Array<number>(this.#intervals).fill(0);
      this.#signatures.set(signature, rows);
      rows[interval - 1] = (rows[interval - 1] ?? 0) + 1;
    }
  }

  end(): void {
    this.#ended = true;
  }

  tables(): BetweenFacts["tables"] {
    return Object.fromEntries(this.#tables);
  }

  /** The signatures with the intervals of their rows. */
  of(signatures: readonly Signature[]): readonly Signature[] {
    return signatures.map((signature) => {
      const intervals = this.#signatures.get(signatureNumber(signature.id));
      return intervals === undefined ? signature : { ...signature, intervals };
    });
  }

  #zeros(): Record<Operation, number>[] {
    return Array.from({ length: this.#intervals }, () => ({ insert: 0, update: 0, delete: 0 }));
  }
}
