import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ringsOf } from "../../../src/merge/ordering/rings.js";

const wait = ([row, needs]: readonly [number, number]) => ({ row, needs, inOrder: true });
const told = (...waits: readonly (readonly [number, number])[]) => {
  const rings = new Map<number, number[]>();
  for (const [row, ring] of ringsOf(waits.map(wait))) rings.set(ring, [...(rings.get(ring) ?? []), row]);
  return [...rings.values()].map((ring) => ring.sort((a, b) => a - b)).sort(([a = 0], [b = 0]) => a - b);
};

describe("rings", () => {
  it("are none where nobody waits for himself", () => {
    expect(told()).toEqual([]);
    expect(told([1, 2], [2, 3], [1, 3])).toEqual([]);
  });

  it("hold those that wait for each other, and not who only waits for them", () => {
    expect(told([1, 2], [2, 1], [0, 1], [2, 3])).toEqual([[1, 2]]);
    expect(told([1, 2], [2, 3], [3, 1], [3, 4], [4, 5], [5, 4])).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it("are found along a chain that no call stack would hold", () => {
    const length = 200_000;
    const chain = Array.from({ length }, (_, at) => wait([at, (at + 1) % length]));
    expect(new Set(ringsOf(chain).values()).size).toBe(1);
    expect(ringsOf(chain.slice(1)).size).toBe(0);
  });

  it("are where each of two reaches the other", () => {
    const row = fc.integer({ min: 0, max: 7 });
    fc.assert(
      fc.property(fc.array(fc.tuple(row, row), { maxLength: 20 }), (pairs) => {
        const waits = pairs.filter(([a, b]) => a !== b);
        const reaches = (from: number) => {
          const found = new Set<number>();
          const queue = [from];
          for (const at of queue)
            for (const [a, b] of waits) if (a === at && !found.has(b)) queue.push(found.add(b) && b);
          return found;
        };
        const rings = ringsOf(waits.map(wait));
        for (let a = 0; a < 8; a += 1) {
          expect(rings.has(a)).toBe(reaches(a).has(a));
          for (let b = 0; b < a; b += 1) {
            const together = reaches(a).has(b) && reaches(b).has(a);
            expect(rings.has(a) && rings.get(a) === rings.get(b)).toBe(together);
          }
        }
      }),
    );
  });
});
