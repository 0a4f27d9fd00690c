import { describe, expect, it } from "vitest";
import { plain } from "./device-case.js";
import { expectedCurrent, pairsOf } from "./expectation.js";
import { judge } from "./oracle.js";
import type { PrintedTable } from "./printed.js";
import type { PlanRequest } from "./request.js";
import type { TableSpec } from "./table.js";

/** Each database has its own order of columns, and current one column more. */
const ticket: TableSpec = {
  schema: "billing",
  name: "ticket",
  label: "billing.ticket",
  plain: true,
  columns: [
    { name: "line", type: "smallint", nullable: false, identity: false },
    { name: "__proto__", type: "text", nullable: true, identity: false },
    { name: "invoice", type: "text", nullable: false, identity: false },
    { name: "modified_at", type: "text", nullable: true, identity: false },
  ],
  key: ["invoice", "line"],
  generated: [{ name: "shout", type: "text", expression: "upper(invoice)" }],
  extra: { name: "channel", role: "current", value: "web" },
  order: {
    pre: ["line", "__proto__", "invoice", "modified_at", "shout"],
    post: ["invoice", "line", "shout", "modified_at", "__proto__"],
    current: ["modified_at", "channel", "invoice", "line", "__proto__"],
  },
};

function table(columns: readonly string[], ...rows: (string | null)[][]): PrintedTable[] {
  const keyOf = (row: (string | null)[]) =>
    JSON.stringify(ticket.key.map((name) => row[columns.indexOf(name)]));
  return [
    { table: ticket.label, columns, key: ticket.key, rows: new Map(rows.map((row) => [keyOf(row), row])) },
  ];
}

const printed = {
  pre: table(
    ["line", "__proto__", "invoice", "modified_at"],
    ["1", "red", "A", null],
    ["2", "blue", "A", "May"],
    ["3", "blue", "A", "May"],
  ),
  post: table(
    ["invoice", "line", "modified_at", "__proto__"],
    ["A", "1", null, "green"],
    ["A", "3", "June", "blue"],
    ["B", "1", null, null],
  ),
  current: table(
    ["modified_at", "channel", "invoice", "line", "__proto__"],
    [null, "app", "A", "1", "green"],
    ["July", "web", "A", "3", "blue"],
    [null, "app", "B", "1", null],
    ["May", "app", "C", "1", "red"],
  ),
};

const request: PlanRequest = { ...plain, damage: undefined };
const verdicts = judge({ tables: [ticket], request }, printed, () => false);
const rows = verdicts.tables[0]?.rows;

describe("the oracle", () => {
  it("names columns, whatever their place", () => {
    expect(rows?.get('["A","1"]')).toMatchObject({ outcome: "apply", end: [null, "app", "A", "1", "red"] });
  });

  it("gives a column that only current has its default in a new row", () => {
    expect(rows?.get('["A","2"]')).toMatchObject({ outcome: "apply", end: ["May", "web", "A", "2", "blue"] });
  });

  it("takes no text for a touch column", () => {
    expect(rows?.get('["A","3"]')).toMatchObject({ outcome: "conflict", columns: ["modified_at"] });
  });

  it("looks at the incident's rows only", () => {
    expect([...(rows?.keys() ?? [])]).toEqual(['["A","1"]', '["A","2"]', '["A","3"]', '["B","1"]']);
  });

  it("counts every row once", () => {
    expect(verdicts.totals).toEqual({
      incoming: 4,
      incident: { insert: 1, update: 2, delete: 1 },
      outcomes: { apply: 2, already: 0, conflict: 1, kept: 1, excluded: 0, skipped: 0 },
      apply: { insert: 1, update: 1, delete: 0 },
      conflicts: { "update/update": 1, "update/delete": 0, "delete/update": 0, "insert/insert": 0 },
      decided: 0,
    });
    expect(verdicts.tables[0]?.totals).toEqual(verdicts.totals);
  });
});

describe("current as it should be", () => {
  it("has the rows of the incident as judged, and all others as they were", () => {
    const expected = expectedCurrent(printed.current, verdicts);
    expect([...(expected[0]?.rows.values() ?? [])].sort()).toEqual([
      [null, "app", "A", "1", "red"],
      [null, "app", "B", "1", null],
      ["July", "web", "A", "3", "blue"],
      ["May", "app", "C", "1", "red"],
      ["May", "web", "A", "2", "blue"],
    ]);
  });

  it("loses the rows that are deleted", () => {
    const undone = judge({ tables: [ticket], request: plain }, printed, () => false);
    expect(expectedCurrent(printed.current, undone)[0]?.rows.has('["B","1"]')).toBe(false);
  });
});

it("asks about texts of current that differ from pre or post", () => {
  const about = { table: "billing.ticket" };
  expect(pairsOf({ tables: [ticket], request }, printed)).toEqual([
    { ...about, column: "__proto__", left: "green", right: "red" },
    { ...about, column: "modified_at", left: "July", right: "May" },
    { ...about, column: "modified_at", left: "July", right: "June" },
  ]);
});
