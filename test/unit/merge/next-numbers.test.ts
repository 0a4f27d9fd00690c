import { describe, expect, it } from "vitest";
import { nextNumbers } from "../../../src/merge/next-numbers.js";
import type { Sequence } from "../../../src/model/sequence.js";

const sequence = (lastValue: bigint | undefined, other: Partial<Sequence> = {}): Sequence => ({
  ...{ label: "public.s", columns: [], increment: 1n, min: 1n, max: 100n, cycle: false },
  state: lastValue === undefined ? undefined : { lastValue, isCalled: true },
  ...other,
});

function first(numbers: Iterable<bigint> | undefined, count: number): readonly bigint[] {
  const found: bigint[] = [];
  for (const number of numbers ?? []) if (found.push(number) === count) break;
  return found;
}

describe("the next numbers", () => {
  it.each([
    ["past current", 7n, 3n, [8n, 9n]],
    ["past post", 3n, 7n, [8n, 9n]],
    ["past both", 7n, 7n, [8n, 9n]],
  ])("go on %s", (_, current, post, expected) => {
    expect(first(nextNumbers(sequence(current), sequence(post)), 2)).toEqual(expected);
  });

  it("go on past current alone where post has no such sequence, or may not be read", () => {
    expect(first(nextNumbers(sequence(7n), undefined), 1)).toEqual([8n]);
    expect(first(nextNumbers(sequence(7n), sequence(undefined)), 1)).toEqual([8n]);
  });

  it("keep the rhythm of current", () => {
    const tens = { increment: 10n };
    expect(first(nextNumbers(sequence(3n, tens), sequence(20n)), 2)).toEqual([33n, 43n]);
    expect(first(nextNumbers(sequence(3n, tens), sequence(23n)), 2)).toEqual([33n, 43n]);
  });

  it("count down where the sequence does", () => {
    const down = { increment: -1n, min: -100n, max: -1n };
    expect(first(nextNumbers(sequence(-3n, down), sequence(-7n, down)), 2)).toEqual([-8n, -9n]);
  });

  it("begin with the first number of a sequence that was never asked", () => {
    const fresh = sequence(undefined, { state: { lastValue: 1n, isCalled: false } });
    expect(first(nextNumbers(fresh, undefined), 2)).toEqual([1n, 2n]);
  });

  it("end with the sequence, even one that would begin again", () => {
    expect(first(nextNumbers(sequence(98n, { cycle: true }), undefined), 9)).toEqual([99n, 100n]);
    expect(first(nextNumbers(sequence(100n), undefined), 9)).toEqual([]);
  });

  it("are unknown where current may not be read", () => {
    expect(nextNumbers(sequence(undefined), sequence(7n))).toBeUndefined();
  });
});
