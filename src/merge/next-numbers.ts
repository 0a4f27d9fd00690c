import type { Sequence } from "../model/sequence.js";
import { courseOf, mirrored, passedBy } from "./sequence-course.js";

/**
 * The numbers that neither database has handed out, in the rhythm and within the bounds of the live one's sequence
 * (design 2.5): past where `current` is, and past where `post` was, so that nobody takes one for what it meant there.
 *
 * @returns undefined where nobody may know how far `current` is
 */
export function nextNumbers(current: Sequence, post: Sequence | undefined): Iterable<bigint> | undefined {
  const passed = passedBy(current);
  if (passed === undefined) return undefined;
  const { sign, step, highest } = courseOf(current);
  const origin = sign * passed;
  const theirs = post === undefined ? undefined : mirrored(passedBy(post), sign);
  const steps = theirs === undefined || theirs <= origin ? 0n : (theirs - origin + step - 1n) / step;
  return count(origin + steps * step, step, highest, sign);
}

function* count(last: bigint, step: bigint, highest: bigint, sign: bigint): Generator<bigint> {
  for (let number = last + step; number <= highest; number += step) yield sign * number;
}
