import { describe, expect, it } from "vitest";
import { mostKinds } from "../../../../src/merge/timeline/change-kinds.js";
import { ChangeCounter, type CountedTable } from "../../../../src/merge/timeline/count-changes.js";
import { walkSnapshots } from "../../../../src/merge/timeline/walk-snapshots.js";
import type { Row } from "../../../../src/model/value.js";

const device: CountedTable = {
  label: "public.device",
  present: [true, true, true],
  columns: { names: ["id", "pin", "name", "updated_at"], touch: new Set([3]), redacted: new Set([2]) },
  schema: [[], []],
};

/** Each snapshot as a stream of small batches, to shake the walk. */
async function* stream(rows: readonly Row[], size: number): AsyncGenerator<readonly Row[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}

async function count(snapshots: readonly (readonly Row[])[], table = device, size = 1) {
  const counter = new ChangeCounter(table);
  const keys = await walkSnapshots(
    snapshots.map((rows) => stream(rows, size)),
    {
      compare: (a, b) => Number(a[0]) - Number(b[0]),
      names: snapshots.map((_, at) => `snapshot ${at}`),
      onKey: (rows) => counter.take(rows),
    },
  );
  return { keys, intervals: counter.intervals() };
}

const before: readonly Row[] = [
  ["1", "7", "ada", "t0"],
  ["2", "7", "bob", "t0"],
  ["3", null, "cy", "t0"],
];

describe("counting from snapshot to snapshot", () => {
  it.each([1, 2, 100])("each key once, in batches of %i", async (size) => {
    const middle: readonly Row[] = [
      ["1", null, "ada", "t1"],
      ["2", null, "bob", "t1"],
      ["4", "9", "dan", "t1"],
    ];
    const { keys, intervals } = await count([before, middle, middle], device, size);
    expect(keys).toBe(4);
    expect(intervals).toMatchObject([
      { rowsBefore: 3, rowsAfter: 3, counts: { insert: 1, update: 2, delete: 1 } },
      { rowsBefore: 3, rowsAfter: 3, counts: { insert: 0, update: 0, delete: 0 }, kinds: [], columns: [] },
    ]);
    expect(intervals[0]?.kinds).toEqual([
      { operation: "update", columns: [{ name: "pin", transition: "to-null", value: undefined }], rows: 2 },
      { operation: "delete", columns: [], rows: 1 },
      { operation: "insert", columns: [], rows: 1 },
    ]);
  });

  it("one value that all rows got is named, unless it is hidden or there was one row", async () => {
    const after: readonly Row[] = [
      ["1", "8", "x", "t1"],
      ["2", "8", "x", "t1"],
      ["3", "8", "cy", "t1"],
    ];
    const { intervals } = await count([before, after, after]);
    expect(intervals[0]?.kinds).toEqual([
      {
        operation: "update",
        columns: [
          { name: "pin", transition: "between", value: "8" },
          { name: "name", transition: "between", value: undefined },
        ],
        rows: 2,
      },
      { operation: "update", columns: [{ name: "pin", transition: "from-null", value: undefined }], rows: 1 },
    ]);
    expect(intervals[0]?.columns).toEqual([
      { name: "pin", transition: "between", value: "8", rows: 2 },
      { name: "pin", transition: "from-null", value: undefined, rows: 1 },
      { name: "name", transition: "between", value: undefined, rows: 2 },
    ]);
  });

  it("touch columns count where nothing else changed", async () => {
    const touched = before.map(([id = "", pin = null, name = ""]) => [id, pin, name, "t1"]);
    const { intervals } = await count([before, touched, touched]);
    expect(intervals[0]?.kinds).toMatchObject([{ columns: [{ name: "updated_at", value: "t1" }], rows: 3 }]);
  });

  it("a table that is not there is not compared, only counted", async () => {
    const table = { ...device, present: [true, false, true], schema: [["table dropped"], ["table created"]] };
    const { intervals } = await count([before, [], before], table);
    expect(intervals).toMatchObject([
      { rowsBefore: 3, rowsAfter: undefined, counts: { insert: 0, update: 0, delete: 0 } },
      { rowsBefore: undefined, rowsAfter: 3, counts: { insert: 0, update: 0, delete: 0 } },
    ]);
  });

  it("kinds are bounded, counts are not", async () => {
    const names = Array.from({ length: mostKinds + 40 }, (_, at) => `c${at}`);
    const columns = { names: ["id", ...names], touch: new Set<number>(), redacted: new Set<number>() };
    const wide = { ...device, present: [true, true], columns, schema: [[]] };
    const row = (id: number, other = -1): Row => [
      `${id}`,
      ...names.map((_, at) => (at === other ? "b" : "a")),
    ];
    const ids = names.map((_, at) => at);
    const { intervals } = await count([ids.map((id) => row(id)), ids.map((id) => row(id, id))], wide);
    expect(intervals[0]).toMatchObject({ counts: { update: names.length }, otherKinds: 40 });
    expect(intervals[0]?.kinds).toHaveLength(mostKinds);
    expect(intervals[0]?.columns).toHaveLength(names.length);
  });

  it("rows out of order are refused", async () => {
    await expect(count([before, [...before].reverse(), before])).rejects.toThrow(
      /snapshot 1 did not arrive in the order/,
    );
  });
});
