import { describe, expect, it } from "vitest";
import { followReferences } from "../../../src/merge/follow-references.js";
import { valuesKey } from "../../../src/model/values-key.js";

const leads = (columns: readonly number[], from: readonly string[], to: readonly string[]) => ({
  columns,
  to: new Map([[valuesKey(from), to]]),
});

describe("a reference that came in", () => {
  const row = ["1", "7", "8", null];

  it("follows what it refers to", () => {
    expect(followReferences(row, [0, 1, 2, 3], [leads([1], ["7"], ["70"])])).toEqual(["1", "70", "8", null]);
  });

  it("of several columns follows as one, wherever the new value is", () => {
    const references = [leads([1, 2], ["7", "8"], ["70", "8"])];
    expect(followReferences(row, [2], references)).toEqual(["1", "70", "8", null]);
  });

  it("of several foreign keys follows by what the row held, not by what another one made of it", () => {
    const references = [leads([1], ["7"], ["8"]), leads([2], ["8"], ["9"])];
    expect(followReferences(row, [1, 2], references)).toEqual(["1", "8", "9", null]);
  });

  it.each([
    ["refers to something else", [1], leads([1], ["6"], ["60"])],
    ["refers to nothing", [3], leads([3], ["7"], ["70"])],
    ["was there before", [0, 2], leads([1], ["7"], ["70"])],
  ])("does not follow where it %s", (_, incoming, reference) => {
    expect(followReferences(row, incoming, [reference])).toBeUndefined();
  });
});
