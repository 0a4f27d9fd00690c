import { expect, it } from "vitest";
import { learnTrace } from "../../../../src/merge/signatures/learn-trace.js";

const entry = (id: number, device: number) => ({ table: 4, row: [String(id), "pin", String(device)] });
const pinned = (id: number, ...inserted: { table: number; row: string[] }[]) => ({
  key: [String(id)],
  inserted,
});

it("is the table whose rows name nearly all of them, and the column that does", () => {
  const rows = Array.from({ length: 20 }, (_, at) => pinned(at, entry(900 + at, at)));
  expect(learnTrace(rows)).toEqual({ table: 4, positions: [2] });
  expect(learnTrace([...rows, pinned(99)])).toEqual({ table: 4, positions: [2] });
});

it.each([
  ["too few to learn from", [pinned(1, entry(901, 1)), pinned(2, entry(902, 2))]],
  ["no row beside them", [pinned(1), pinned(2), pinned(3)]],
  ["rows that name others", [1, 2, 3, 4].map((id) => pinned(id, entry(900, id + 1)))],
  ["rows that name some of them", [pinned(1, entry(901, 1)), pinned(2, entry(902, 2)), pinned(3), pinned(4)]],
])("is not learned from %s", (_, rows) => {
  expect(learnTrace(rows)).toBeUndefined();
});

it("takes all columns of a composite key", () => {
  const rows = [1, 2, 3].map((id) => ({
    key: [String(id), "en"],
    inserted: [{ table: 7, row: ["en", "x", String(id)] }],
  }));
  expect(learnTrace(rows)).toEqual({ table: 7, positions: [2, 0] });
});
