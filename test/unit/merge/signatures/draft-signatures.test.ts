import { describe, expect, it } from "vitest";
import { draftSignatures } from "../../../../src/merge/signatures/draft-signatures.js";
import type { DifferenceGroup } from "../../../../src/model/signature.js";
import { tableOf } from "../../tables.js";

/** Columns: 0 id, 1 pin, 2 name, 3 updated_at, which is touched by everybody. */
const table = { ...tableOf("device", ["id", "pin", "name", "updated_at"]), touch: [3] };

function group(shape: string, written: DifferenceGroup["written"], rows: number): DifferenceGroup {
  const operation = shape === "-" ? "delete" : shape === "+" ? "insert" : "update";
  const transactions = written === "untold" ? 0 : written === "bulk" ? 2 : rows;
  return { table: 0, operation, shape: operation === "update" ? shape : "", written, rows, transactions };
}

/** Each signature as `kind: its groups`, without those that nothing is left for. */
function told(
  groups: readonly DifferenceGroup[],
  emptied: ReadonlySet<number> = new Set(),
): readonly string[] {
  return draftSignatures([table], groups, emptied)
    .filter((draft) => draft.groups.length > 0)
    .map(
      ({ kind, groups: its, of }) =>
        `${kind}${of === undefined ? "" : ` of ${of}`}: ${its.map(({ shape }) => shape).join(", ")}`,
    );
}

describe("signatures of one table", () => {
  it.each<[string, readonly DifferenceGroup[], readonly string[]]>([
    ["a bulk", [group("1n 3o", "bulk", 900)], ["bulk: 1n 3o"]],
    [
      "a bulk beneath what others wrote since",
      [group("1n 3o", "bulk", 900), group("1n 2o 3o", "few", 40)],
      ["bulk: 1n 3o", "overlaid of 0: 1n 2o 3o"],
    ],
    [
      "people who did the same, and otherwise, one by one",
      [
        group("1n 3o", "bulk", 900),
        group("1n 3o", "few", 20),
        group("1o 3o", "few", 10),
        group("1o 2o", "few", 2),
      ],
      ["bulk: 1n 3o", "outliers of 0: 1n 3o", "outliers of 0: 1o 3o, 1o 2o"],
    ],
    [
      "people's work elsewhere in the row",
      [group("1n", "bulk", 900), group("2o 3o", "few", 20)],
      ["bulk: 1n", "scattered: 2o 3o"],
    ],
    [
      "touch columns alone, of which nothing can be unlike",
      [group("3o", "bulk", 900), group("3o", "few", 8), group("2o 3o", "few", 7)],
      ["bulk: 3o", "scattered: 3o", "scattered: 2o 3o"],
    ],
    [
      "more people than the bulk has rows, who are no outliers of it",
      [group("1n", "few", 900), group("1n", "bulk", 10)],
      ["scattered: 1n", "bulk: 1n"],
    ],
    [
      "where nothing tells who wrote, what is rare against the most frequent",
      [
        group("1n", "untold", 900),
        group("1n 2o", "untold", 40),
        group("1o", "untold", 20),
        group("2o", "untold", 500),
      ],
      ["untold: 1n", "overlaid of 0: 1n 2o", "outliers of 0: 1o", "untold: 2o"],
    ],
    ["deletes, of which nobody tells", [group("-", "untold", 12)], ["untold: "]],
  ])("%s", (_, groups, expected) => {
    expect(told(groups)).toEqual(expected);
  });

  it("an emptied table", () => {
    expect(told([group("-", "untold", 12)], new Set([0]))).toEqual(["emptied: "]);
  });

  it("only what is beneath, or unlike, speaks of some columns alone", () => {
    const groups = [group("1n 3o", "bulk", 900), group("1n 2o 3o", "few", 40), group("2o", "few", 3)];
    const drafts = draftSignatures([table], groups, new Set());
    expect(drafts.slice(0, 3).map(({ masks }) => masks)).toEqual([false, true, false]);
    expect(drafts[1]?.cells).toEqual([{ position: 1, letter: "n" }]);
    expect(drafts[1]?.beside).toEqual([2]);
  });

  it("has a place for every group, however many there are", () => {
    const groups = Array.from({ length: 500 }, (_, at) => group(`${at + 10}o`, "few", 500 - at));
    const drafts = draftSignatures([{ ...table, touch: [] }], groups, new Set());
    expect(drafts.length).toBeLessThan(300);
    expect(drafts.at(-1)).toMatchObject({ kind: "scattered", operation: "update", groups: [] });
  });
});
