import { describe, expect, it } from "vitest";
import { type Wait, wavesOf } from "../../../src/merge/ordering/waves.js";

const against = (row: number, needs: number): Wait => ({ row, needs, inOrder: false });
const along = (row: number, needs: number): Wait => ({ row, needs, inOrder: true });

function told(waits: readonly Wait[]) {
  const { waves, stuck } = wavesOf(waits);
  return { waves: Object.fromEntries(waves), stuck: stuck.size > 0 };
}

describe("waves", () => {
  it("there is one where the usual order does", () => {
    expect(told([along(2, 1), along(3, 2), along(1, 3)])).toEqual({ waves: {}, stuck: false });
  });

  it("who waits against the order comes one later, and who waits for that one not before it", () => {
    const waits = [along(4, 3), against(3, 2), against(2, 1), along(1, 0)];
    expect(told(waits)).toEqual({ waves: { 2: 1, 3: 2, 4: 2 }, stuck: false });
  });

  it("who waits for several comes after the last", () => {
    expect(told([against(4, 1), against(4, 3), against(3, 2)]).waves).toEqual({ 3: 1, 4: 2 });
  });

  it("a ring against the order is stuck, a ring along it is one statement", () => {
    expect(told([against(1, 2), against(2, 1)]).stuck).toBe(true);
    expect(told([against(1, 2), along(2, 1)]).stuck).toBe(true);
    expect(wavesOf([against(1, 2), along(2, 1), along(3, 2), against(1, 0)]).stuck).toEqual(
      new Set([1, 2, 3]),
    );
    expect(told([along(1, 2), along(2, 1), against(1, 0)])).toEqual({ waves: { 1: 1, 2: 1 }, stuck: false });
  });
});
