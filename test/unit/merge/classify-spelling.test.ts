import { describe, expect, it } from "vitest";
import { spellingQuestions } from "../../../src/merge/classify.js";
import { at, column, device, deviceTable, tableOf } from "../tables.js";
import { runCases } from "./merge-case.js";

describe("values that differ in spelling only", () => {
  runCases([
    {
      name: "are a change like any other between base and incoming",
      base: { price: "1.0" },
      current: { price: "1.0" },
      incoming: { price: "1.00" },
      expect: { outcome: "apply", writes: ["price"] },
    },
    {
      name: "never conflict between current and incoming: that cell is done",
      base: { price: "2" },
      current: { price: "1.0" },
      incoming: { price: "1.00" },
      expect: { outcome: "already" },
    },
    {
      name: "do not hold the other cells back",
      base: { price: "2" },
      current: { price: "1.0" },
      incoming: { price: "1.00", owner: "eve" },
      expect: { outcome: "apply", writes: ["owner"] },
    },
    {
      name: "are one row when both inserted it",
      current: { price: "1.0" },
      incoming: { price: "1.00" },
      expect: { outcome: "already" },
    },
    {
      name: "are not among the columns of an insert/insert conflict",
      current: { price: "1.0", owner: "bob" },
      incoming: { price: "1.00" },
      expect: { outcome: "conflict", kind: "insert/insert", columns: ["owner"] },
    },
    {
      name: "text is never the same in another spelling",
      base: { label: "2" },
      current: { label: "1.0" },
      incoming: { label: "1.00" },
      expect: { outcome: "conflict", kind: "update/update", columns: ["label"] },
    },
  ]);

  const price = at(deviceTable, "price");
  const rows = {
    base: device({ price: "2" }),
    current: device({ price: "1.0", owner: "bob" }),
    incoming: device({ price: "1.00", owner: null }),
  };

  it("are asked about only where both sides have a value", () => {
    expect(spellingQuestions(deviceTable, rows)).toEqual([{ column: price, a: "1.0", b: "1.00" }]);
  });

  it("are not asked about where the type has no equality of its own", () => {
    const columns = deviceTable.columns.map((column) => ({ ...column, equals: undefined }));
    expect(spellingQuestions({ ...deviceTable, columns }, rows)).toEqual([]);
  });

  it.each([
    ["current has no such row", { ...rows, current: undefined }],
    ["nothing is incoming", { ...rows, incoming: undefined }],
    ["only incoming changed the cell", { ...rows, current: rows.base }],
  ])("are not asked about where %s", (_, versions) => {
    expect(spellingQuestions(deviceTable, versions)).toEqual([]);
  });

  it("are asked about in every column of a group", () => {
    const amounts = ["price", "deposit"].map((name) => column(name, { type: "numeric" }));
    const table = tableOf("offer", ["id", ...amounts], { groups: [[1, 2]] });
    const versions = { base: ["1", "5", "2"], current: ["1", "6.0", "3.0"], incoming: ["1", "6.00", "3.00"] };
    expect(spellingQuestions(table, versions).map((question) => question.column)).toEqual([1, 2]);
  });
});
