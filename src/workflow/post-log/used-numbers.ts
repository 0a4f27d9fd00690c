import type { NamedValues } from "../../model/post-log.js";
import type { Sequence } from "../../model/sequence.js";
import type { Table } from "../../model/table.js";
import { readSequences } from "../../postgres/catalog/read-sequences.js";
import type { Session } from "../../postgres/session/session.js";

/**
 * Where the sequences of `post` would have stood, as far as the log tells: past every number that it handed out to a
 * row, also to one that was deleted again.
 */
export class UsedNumbers {
  readonly #sequences: readonly Sequence[];
  /** By place of the sequence. */
  readonly #furthest = new Map<number, bigint>();

  private constructor(sequences: readonly Sequence[]) {
    this.#sequences = sequences;
  }

  /** @param session of `pre`: from there the log goes on */
  static async from(session: Session): Promise<UsedNumbers> {
    return new UsedNumbers(await readSequences(session));
  }

  /** An inserted row. */
  note({ label }: Table, row: NamedValues): void {
    for (const [at, { columns, increment }] of this.#sequences.entries()) {
      for (const { table, column } of columns) {
        const value = table === label ? row[column] : undefined;
        if (value == null || !/^-?\d+$/.test(value)) continue;
        const [number, furthest] = [BigInt(value), this.#furthest.get(at)];
        const isFurther = furthest === undefined || (increment > 0n ? number > furthest : number < furthest);
        if (isFurther) this.#furthest.set(at, number);
      }
    }
  }

  sequences(): readonly Sequence[] {
    return this.#sequences.map((sequence, at) => {
      const { state, increment } = sequence;
      const furthest = this.#furthest.get(at);
      if (state === undefined || furthest === undefined) return sequence;
      const isPast = increment > 0n ? furthest >= state.lastValue : furthest <= state.lastValue;
      return isPast ? { ...sequence, state: { lastValue: furthest, isCalled: true } } : sequence;
    });
  }
}
