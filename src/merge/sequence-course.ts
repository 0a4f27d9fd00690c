import type { Sequence } from "../model/sequence.js";

/** The last number that counts as handed out; undefined where nobody may know. */
export function passedBy({ state, increment }: Sequence): bigint | undefined {
  if (state === undefined) return undefined;
  return state.isCalled ? state.lastValue : state.lastValue - increment;
}

/** The bounds of a sequence as if it counted up: one that counts down is mirrored at zero. */
export interface Course {
  readonly sign: 1n | -1n;
  readonly step: bigint;
  readonly lowest: bigint;
  readonly highest: bigint;
}

export function courseOf({ increment, min, max }: Sequence): Course {
  return increment > 0n
    ? { sign: 1n, step: increment, lowest: min, highest: max }
    : { sign: -1n, step: -increment, lowest: -max, highest: -min };
}

export function mirrored(number: bigint | undefined, sign: 1n | -1n): bigint | undefined {
  return number === undefined ? undefined : sign * number;
}
