import fc from "fast-check";
import { expect, it } from "vitest";
import { moveSequence, noKeys, withKey } from "../../src/merge/move-sequences.js";
import type { Sequence } from "../../src/model/sequence.js";

/** A sequence within small bounds, so that ends are met; it counts up or down, and stands anywhere. */
const sequences = fc
  .record({
    step: fc.bigInt({ min: 1n, max: 7n }),
    down: fc.boolean(),
    min: fc.bigInt({ min: -40n, max: 0n }),
    max: fc.bigInt({ min: 1n, max: 40n }),
    at: fc.nat({ max: 80 }),
    isCalled: fc.boolean(),
  })
  .map(({ step, down, min, max, at, isCalled }): Sequence => {
    const lastValue = min + (BigInt(at) % (max - min + 1n));
    const increment = down ? -step : step;
    const bounds = { increment, min, max, cycle: false };
    return { label: "public.s", columns: [], ...bounds, state: { lastValue, isCalled } };
  });

/** What it hands out from here on. */
function comes({ increment, min, max }: Sequence, from: bigint): bigint[] {
  const numbers: bigint[] = [];
  for (let n = from; n >= min && n <= max; n += increment) numbers.push(n);
  return numbers;
}

const stands = ({ state }: Sequence) => state as NonNullable<Sequence["state"]>;

/** As PostgreSQL's `nextval`: the first number, where none was handed out since it was set. */
function upcoming(sequence: Sequence): bigint[] {
  const { lastValue, isCalled } = stands(sequence);
  return comes(sequence, isCalled ? lastValue + sequence.increment : lastValue);
}

it("hands out nothing that is taken, and moves no further than it must", () => {
  const keys = fc.array(fc.bigInt({ min: -50n, max: 50n }), { maxLength: 8 });
  fc.assert(
    fc.property(
      sequences,
      sequences,
      keys,
      fc.constantFrom("undo", "replay"),
      (current, other, taken, mode) => {
        const { label, columns, increment, min, max, cycle } = current;
        const post = { ...other, label, columns, increment, min, max, cycle };
        fc.pre(stands(post).lastValue >= min && stands(post).lastValue <= max);
        const written = taken.reduce((known, key) => withKey(known, current, String(key)), noKeys);
        const { move } = moveSequence(mode, { pre: undefined, post, current }, written);
        const before = upcoming(current);
        const after = move === undefined ? before : comes(current, BigInt(move.to) + increment);
        // Never back, and in the rhythm it had.
        expect(before.slice(before.length - after.length)).toEqual(after);
        const postHas = new Set(upcoming(post).slice(0, 1));
        const lostTo = mode === "replay" ? [...postHas][0] : undefined;
        const up = increment > 0n;
        const isTaken = (number: bigint) =>
          (taken.includes(number) && !written.atTheEnd) ||
          (mode === "replay" && (lostTo === undefined || (up ? number < lostTo : number > lostTo)));
        expect(after.filter(isTaken)).toEqual([]);
        // The last number that was skipped is the reason: it or one before it, but after the one before, is taken.
        const skipped = before.slice(0, before.length - after.length).at(-1);
        if (skipped === undefined) return;
        const reaches = (number: bigint) =>
          up
            ? number > skipped - increment && number <= skipped
            : number < skipped - increment && number >= skipped;
        const lost = mode === "replay" && (lostTo === undefined || reaches(lostTo - increment));
        expect(lost || taken.some(reaches)).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});
