import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareBlocks,
  divideInBuckets,
  divideRange,
  groupRanges,
  isDense,
  joinRanges,
  rangeOfBlock,
} from "../../../src/merge/blocks.js";

const bigint64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

describe("divideRange", () => {
  it("covers every key of any range once, and nothing else", () => {
    fc.assert(
      fc.property(bigint64, bigint64, fc.integer({ min: 1, max: 200 }), (a, b, wanted) => {
        const within = a < b ? { low: a, high: b } : { low: b, high: a };
        const blocks = divideRange(within, wanted);
        expect(blocks.count).toBeLessThanOrEqual(Math.max(2, wanted));
        const ranges = Array.from({ length: blocks.count }, (_, block) => rangeOfBlock(blocks, block));
        expect(ranges[0]?.low).toBe(within.low);
        expect(ranges.at(-1)?.high).toBe(within.high);
        for (const [at, { low, high }] of ranges.entries()) {
          expect(low <= high).toBe(true);
          if (at > 0) expect(low).toBe((ranges[at - 1]?.high ?? 0n) + 1n);
          // As the servers number them.
          const number = (key: bigint) => (key >> blocks.shift) - (within.low >> blocks.shift);
          expect([number(low), number(high)]).toEqual([BigInt(at), BigInt(at)]);
        }
      }),
    );
  });

  it("has two blocks at least where it reaches across zero, however few are wanted", () => {
    expect(divideRange({ low: -1n, high: 0n }, 1)).toMatchObject({ count: 2, shift: 0n });
    expect(divideRange({ low: -(2n ** 63n), high: 2n ** 63n - 1n }, 1).count).toBe(2);
  });

  it("gives half as many blocks as wanted, or more, where there are enough keys", () => {
    expect(divideRange({ low: 1n, high: 3_000_000n }, 73_000).count).toBe(46_876);
    expect(divideRange({ low: 5n, high: 5n }, 8).count).toBe(1);
  });

  it("makes buckets a power of two", () => {
    expect([1, 8, 9, 1000].map((wanted) => divideInBuckets(wanted).count)).toEqual([1, 8, 8, 512]);
  });
});

describe("compareBlocks", () => {
  const digests = (...blocks: readonly (readonly [number, bigint])[]) => ({
    counts: Float64Array.from(blocks.map(([count]) => count)),
    sums: BigInt64Array.from(blocks.map(([, sum]) => sum)),
  });

  it("tells blocks that differ by their rows or by how many", () => {
    const pre = digests([3, 7n], [3, 7n], [3, 7n], [0, 0n], [0, 0n]);
    const post = digests([3, 7n], [3, 8n], [2, 7n], [0, 0n], [4, 0n]);
    expect(compareBlocks([pre, post])).toEqual({ differing: [1, 2, 4], differingRows: 10, equalKeys: 3 });
    expect(compareBlocks([pre, post, pre])).toEqual(compareBlocks([pre, post]));
    expect(compareBlocks([pre, pre, pre]).differing).toEqual([]);
  });
});

describe("ranges to read", () => {
  const range = (low: number, high: number, rows = high - low + 1) => ({
    range: { low: BigInt(low), high: BigInt(high) },
    rows,
  });

  it("join where they touch", () => {
    expect(joinRanges([range(0, 7), range(8, 15), range(24, 31)])).toEqual([range(0, 15), range(24, 31)]);
  });

  it("are read together up to a limit, each once and in order", () => {
    const ranges = [range(0, 9), range(20, 29), range(40, 59), range(80, 81)];
    const groups = groupRanges(ranges, { rows: 20, ranges: 2 });
    expect(groups.map((group) => group.length)).toEqual([2, 1, 1]);
    expect(groups.flat()).toEqual(ranges.map((one) => one.range));
    expect(groupRanges([])).toEqual([]);
  });
});

it("is dense when a block would hardly be without a difference", () => {
  expect(isDense({ rows: 300, differing: 300 }, 40)).toBe(true);
  expect(isDense({ rows: 300, differing: 1 }, 40)).toBe(false);
  expect(isDense({ rows: 0, differing: 0 }, 40)).toBe(false);
});
