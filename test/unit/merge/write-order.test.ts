import { describe, expect, it } from "vitest";
import { writeOrder } from "../../../src/merge/ordering/write-order.js";
import type { Bond, BondKind } from "../../../src/model/bond.js";

const bond =
  (kind: BondKind) =>
  (row: number, needs: number): Bond => ({ row, needs, kind });
const [usual, level, against, together] = (["usual", "level", "against", "together"] as const).map(bond) as [
  ReturnType<typeof bond>,
  ReturnType<typeof bond>,
  ReturnType<typeof bond>,
  ReturnType<typeof bond>,
];

/** `2`, `3/1` for row 3 at level 1, `[4 5]` for a unit; phases one after the other. */
function told(...bonds: readonly Bond[]): readonly string[] {
  return writeOrder(bonds).phases.map(({ rows, units }) =>
    [
      ...rows.map(({ position, level: at }) => (at === 0 ? `${position}` : `${position}/${at}`)),
      ...units.map((unit) => `[${unit.join(" ")}]`),
    ].join(" "),
  );
}

describe("the order in which rows may be committed", () => {
  it("is that of the steps where they see to it", () => {
    expect(told(usual(2, 1), usual(3, 2), usual(4, 1))).toEqual([""]);
  });

  it("within a step: who is needed first, by levels", () => {
    expect(told(level(1, 2), level(2, 3), level(4, 2))).toEqual(["2/1 1/2 4/2"]);
  });

  it("against the order of the steps: a phase later, with all that needs it", () => {
    expect(told(against(1, 9), usual(2, 1), against(3, 2))).toEqual(["", "1 2", "3"]);
  });

  it("tied rows are one unit, however they are tied", () => {
    expect(told(together(1, 5), together(5, 9), together(2, 3))).toEqual(["[1 5 9] [2 3]"]);
  });

  it("what waits for itself is a unit", () => {
    expect(told(level(1, 2), level(2, 1), level(3, 1))).toEqual(["[1 2]", "3"]);
    expect(told(usual(1, 2), against(2, 3), usual(3, 1))).toEqual(["[1 2 3]"]);
  });

  it("what a unit needs comes before it, what needs it after it", () => {
    // An address changes hands (1, 2); 1 waits for its own child 3 to go, and 4 is a new child of 2.
    expect(told(together(1, 2), usual(1, 3), usual(4, 2))).toEqual(["[1 2]", "4"]);
    expect(told(together(1, 2), usual(1, 3), against(3, 9))).toEqual(["", "3 [1 2]"]);
  });

  it("units that need each other's rows follow one another", () => {
    expect(told(together(1, 2), together(3, 4), usual(1, 3))).toEqual(["[3 4] [1 2]"]);
    expect(told(together(1, 2), usual(5, 2), together(3, 4), usual(3, 5))).toEqual(["[1 2]", "5 [3 4]"]);
  });

  it("levels count within a phase only", () => {
    expect(told(level(2, 1), together(1, 8), level(3, 2))).toEqual(["[1 8]", "2 3/1"]);
  });

  it("a chain of a hundred thousand rows is no deeper than the stack", () => {
    const chain = Array.from({ length: 100_000 }, (_, at) => level(at, at + 1));
    const [phase] = writeOrder(chain).phases;
    expect(phase?.rows.at(-1)).toEqual({ position: 0, level: 100_000 });
  });
});
