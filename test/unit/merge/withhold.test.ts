import { describe, expect, it } from "vitest";
import { withhold } from "../../../src/merge/withhold.js";
import type { ForeignKey } from "../../../src/model/table.js";
import type { Bar, Need, Reason, Rivalry } from "../../../src/model/withheld.js";

const rule: ForeignKey = {
  ...{ name: "issue_owner", table: "public.issue", columns: ["owner"] },
  ...{ parent: "public.owner", parentColumns: ["id"], onDelete: "c", onUpdate: "a" },
  ...{ nullable: true, deferrable: false, matchFull: false },
};

function reason(text: string): Reason {
  return { kind: "foreign-key", columns: [], constraint: "issue_owner", text };
}

const need = (row: number, needs: number): Need => ({
  ...{ row, needs, rule, awaits: "parent" },
  reason: reason(`${row} needs ${needs}`),
});

const bar = (row: number, excluded = false): Bar => ({
  ...{ row, excluded, because: undefined },
  reason: reason(`${row} is barred`),
});

const rivals = (a: number, b: number): Rivalry => ({
  rows: [a, b],
  reasons: [reason(`${b} is there`), reason(`${a} is there`)],
});

function withheldBy(
  needs: readonly Need[],
  { bars = [], rivalries = [] }: { bars?: readonly Bar[]; rivalries?: readonly Rivalry[] },
) {
  const found = withhold({ bars, needs, rivalries });
  return [...found].map(([row, { outcome, reason }]) => `${row} ${outcome}: ${reason.text}`).sort();
}

describe("what is withheld", () => {
  it("is what is barred, and what needs it, and so on", () => {
    expect(withheldBy([need(2, 1), need(3, 2), need(5, 4)], { bars: [bar(1)] })).toEqual([
      "1 conflict: 1 is barred",
      "2 conflict: 2 needs 1",
      "3 conflict: 3 needs 2",
    ]);
  });

  it("is skipped where something excluded is behind it, whatever else stands in its way", () => {
    expect(withheldBy([need(2, 1), need(2, 3)], { bars: [bar(3), bar(1, true)] })).toEqual([
      "1 skipped: 1 is barred",
      "2 skipped: 2 needs 1",
      "3 conflict: 3 is barred",
    ]);
  });

  it("of a ring that needs itself is nothing", () => {
    expect(withheldBy([need(1, 2), need(2, 1)], {})).toEqual([]);
  });
});

describe("of two rivals", () => {
  it("the first one stays", () => {
    expect(withheldBy([], { rivalries: [rivals(1, 2), rivals(3, 1)] })).toEqual([
      "2 conflict: 1 is there",
      "3 conflict: 1 is there",
    ]);
  });

  it("the second one stays if the first is withheld anyway", () => {
    expect(withheldBy([], { bars: [bar(1)], rivalries: [rivals(1, 2)] })).toEqual([
      "1 conflict: 1 is barred",
    ]);
  });

  it("the second one stays if the first needs what loses against a third", () => {
    // 2 stays, so 5 goes, and with it 3: then nothing is in the way of 4.
    expect(withheldBy([need(3, 5)], { rivalries: [rivals(2, 5), rivals(3, 4)] })).toEqual([
      "3 conflict: 3 needs 5",
      "5 conflict: 2 is there",
    ]);
  });

  it("none stays that needs two rivals", () => {
    expect(withheldBy([need(1, 2), need(1, 3)], { rivalries: [rivals(2, 3), rivals(1, 4)] })).toEqual([
      "1 conflict: 1 needs 3",
      "3 conflict: 2 is there",
    ]);
  });

  it("the one stays that the other needs", () => {
    expect(withheldBy([need(1, 2)], { rivalries: [rivals(1, 2)] })).toEqual(["1 conflict: 2 is there"]);
  });

  it("none stays if each needs the other", () => {
    expect(withheldBy([need(1, 3), need(3, 2), need(2, 1)], { rivalries: [rivals(1, 2)] })).toEqual([
      "1 conflict: 1 needs 3",
      "2 conflict: 2 needs 1",
      "3 conflict: 3 needs 2",
    ]);
  });

  it("the one that stays keeps what it needs", () => {
    // 1 stays with 5, so 3 loses although it comes before 5.
    expect(withheldBy([need(1, 5)], { rivalries: [rivals(1, 2), rivals(3, 5)] })).toEqual([
      "2 conflict: 1 is there",
      "3 conflict: 5 is there",
    ]);
  });
});
