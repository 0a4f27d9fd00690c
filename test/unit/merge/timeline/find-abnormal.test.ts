import { describe, expect, it } from "vitest";
import {
  type CountedInterval,
  findAbnormal,
  suggestWindows,
} from "../../../../src/merge/timeline/find-abnormal.js";
import type { TableInterval } from "../../../../src/model/timeline.js";

const nothing = { insert: 0, update: 0, delete: 0 };

function table(change: Partial<TableInterval>): TableInterval {
  const quiet = { rowsBefore: 1000, rowsAfter: 1000, counts: nothing, columns: [], kinds: [] };
  return { table: "public.device", ...quiet, otherKinds: 0, schema: [], ...change };
}

const cleared = (rows: number) =>
  table({
    counts: { ...nothing, update: rows },
    columns: [{ name: "pin", transition: "to-null", value: undefined, rows }],
  });

function intervals(tables: readonly TableInterval[], minutes: readonly number[] = []): CountedInterval[] {
  return tables.map((one, at) => ({
    from: `${at}`,
    to: `${at + 1}`,
    minutes: minutes[at],
    tables: [one],
  }));
}

/** Positions of the abnormal intervals. */
function abnormal(counted: readonly CountedInterval[]): readonly number[] {
  return findAbnormal(counted).flatMap(({ findings }, at) => (findings.length > 0 ? [at] : []));
}

describe("findAbnormal", () => {
  const cases = [
    { name: "all alike", rows: [50, 55, 48, 52], expected: [] },
    { name: "one stands out", rows: [5, 4, 1900, 6], expected: [2] },
    {
      name: "two stand out, and do not hide each other",
      rows: [5, 1900, 1800, 6, 4, 7, 5],
      expected: [1, 2],
    },
    { name: "twice as much is no incident", rows: [100, 210, 90, 110], expected: [] },
    { name: "few rows are none, however unusual", rows: [0, 19, 0, 0], expected: [] },
    { name: "counts that jump about allow more", rows: [10, 400, 90, 300, 500, 20], expected: [] },
    { name: "two intervals have only each other", rows: [3, 800], expected: [1] },
    { name: "one has none to be held against", rows: [800], expected: [] },
    { name: "what is small beside the largest is not named", rows: [0, 5000, 0, 60, 0], expected: [1] },
  ];
  it.each(cases)("$name", ({ rows, expected }) => {
    expect(abnormal(intervals(rows.map(cleared)))).toEqual(expected);
  });

  it("where times are known, rates are compared: a long interval may hold more", () => {
    const rows = [100, 100, 1500, 100].map(cleared);
    expect(abnormal(intervals(rows, [4, 4, 60, 4]))).toEqual([]);
    expect(abnormal(intervals(rows, [4, 4, 4, 4]))).toEqual([2]);
  });

  it("a small column is found among much other work on the table", () => {
    const busy = (pins: number) =>
      table({
        counts: { ...nothing, update: 5000 + pins },
        columns: [
          { name: "seen", transition: "between", value: undefined, rows: 5000 },
          ...(pins === 0
            ? []
            : ([{ name: "pin", transition: "to-null", value: undefined, rows: pins }] as const)),
        ],
      });
    const [, second] = findAbnormal(intervals([busy(0), busy(300), busy(0)]));
    expect(second?.findings).toEqual([
      {
        reason: "unusual",
        table: "public.device",
        operation: "update",
        columns: [{ name: "pin", transition: "to-null", value: undefined }],
        rows: 300,
        usual: 0,
      },
    ]);
  });

  it("columns that changed in as many rows are one finding", () => {
    const both = table({
      counts: { ...nothing, update: 500 },
      columns: [
        { name: "a", transition: "to-null", value: undefined, rows: 500 },
        { name: "b", transition: "between", value: "x", rows: 498 },
      ],
    });
    const found = findAbnormal(intervals([cleared(0), both, cleared(0)]))[1]?.findings;
    expect(found?.map(({ columns }) => columns.map(({ name }) => name))).toEqual([["a", "b"]]);
  });

  it("an emptied or dropped table is abnormal, however small and whatever the others do", () => {
    const gone = { counts: { ...nothing, delete: 3 }, rowsBefore: 3 };
    const emptied = intervals([table({ ...gone, rowsAfter: 0 })]);
    expect(findAbnormal(emptied)[0]?.findings).toMatchObject([{ reason: "emptied", rows: 3 }]);
    const dropped = intervals([table({ rowsBefore: 3, rowsAfter: undefined, schema: ["table dropped"] })]);
    expect(findAbnormal(dropped)[0]?.findings).toMatchObject([{ reason: "dropped", rows: 3 }]);
    expect(abnormal(intervals([table({ rowsBefore: 0, rowsAfter: undefined })]))).toEqual([]);
  });

  it("an emptied table is told once, not again as unusually many deletes", () => {
    const gone = table({ counts: { ...nothing, delete: 900 }, rowsBefore: 900, rowsAfter: 0 });
    expect(findAbnormal(intervals([cleared(0), gone, cleared(0)]))[1]?.findings).toHaveLength(1);
  });
});

describe("suggestWindows", () => {
  const windows = (rows: readonly number[]) =>
    suggestWindows(findAbnormal(intervals(rows.map(cleared)))).map(({ pre, post }) => [pre, post]);
  it("neighbours are one window, and several windows come with one over all", () => {
    expect(windows([0, 0, 0])).toEqual([]);
    expect(windows([0, 900, 900, 0, 0, 0, 0])).toEqual([[1, 3]]);
    expect(windows([0, 900, 0, 0, 0, 900, 0])).toEqual([
      [1, 2],
      [5, 6],
      [1, 6],
    ]);
  });
});
