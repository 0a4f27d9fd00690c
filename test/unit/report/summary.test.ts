import { describe, expect, it } from "vitest";
import { outcomes } from "../../../src/model/change.js";
import type { Tally } from "../../../src/model/plan.js";
import { describeConnections, type Summary, summarize } from "../../../src/report/summary.js";
import { deviceTable, tableOf } from "../tables.js";
import { headerOf, tally } from "./plans.js";

const seat = tableOf("seat", ["guest", "row", "hall"], { key: [2, 1] });
const tables = [deviceTable, seat];

const tallies: readonly Tally[] = [
  tally(0, "update", "apply", { change: "update", rows: 1894 }),
  tally(0, "update", "apply", { change: "update", rows: 6, decided: true, conflictKind: "update/update" }),
  tally(0, "delete", "apply", { change: "insert", rows: 40 }),
  tally(0, "update", "already", { rows: 3 }),
  tally(0, "update", "conflict", { conflictKind: "update/update", rows: 5 }),
  tally(0, "update", "conflict", { conflictKind: "update/update", change: "update", rows: 2 }),
  tally(0, "update", "conflict", { conflictKind: "delete/update", rows: 7 }),
  tally(0, "insert", "kept", { rows: 11 }),
  tally(0, "update", "kept", { conflictKind: "update/update", decided: true, rows: 4 }),
  tally(1, "insert", "apply", { change: "delete", rows: 2 }),
  tally(1, "delete", "excluded", { rows: 13 }),
  tally(1, "update", "skipped", { rows: 1 }),
];

const summaryOf = (more = {}, of = tallies): Summary =>
  summarize(headerOf({ tables, rowsCompared: { "public.device": 90_000, "public.seat": 300 }, ...more }), of);

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

it("has the form the contract gives it", () => {
  const summary = summaryOf();
  expect(Object.keys(summary)).toEqual(
    expect.arrayContaining([
      "formatVersion",
      "planId",
      "mode",
      "createdAt",
      "tool",
      "connections",
      "totals",
      "tables",
      "signatures",
      "sequences",
      "warnings",
    ]),
  );
  expect(summary).toMatchObject({ formatVersion: 1, mode: "undo", tool: { version: "0.1.0" } });
  expect(summary.connections.current).toEqual({
    database: "fleet",
    server: "db1:5432",
    version: "16.2",
    snapshotAt: "2024-03-01T03:10:00.000Z",
  });
});

it("counts each table", () => {
  expect(summaryOf().tables).toEqual([
    {
      table: "public.device",
      key: ["id"],
      method: "stream",
      rowsCompared: 90_000,
      incident: { insert: 11, update: 1921, delete: 40 },
      apply: { insert: 40, update: 1900, delete: 0 },
      already: 3,
      conflicts: { "delete/update": 7, "update/update": 7 },
      kept: 15,
      excluded: 0,
      skipped: 0,
    },
    {
      table: "public.seat",
      key: ["hall", "row"],
      method: "stream",
      rowsCompared: 300,
      incident: { insert: 2, update: 1, delete: 13 },
      apply: { insert: 0, update: 0, delete: 2 },
      already: 0,
      conflicts: {},
      kept: 0,
      excluded: 13,
      skipped: 1,
    },
  ]);
});

it("counts all of them", () => {
  expect(summaryOf().totals).toEqual({
    rowsCompared: 90_300,
    incoming: 1988,
    apply: 1942,
    already: 3,
    conflict: 14,
    kept: 15,
    excluded: 13,
    skipped: 1,
    decided: 10,
    open: 14,
  });
});

describe("nothing is ever uncounted", () => {
  it("incoming is the sum of the six outcomes, and of what the incident did", () => {
    const { totals, tables: perTable } = summaryOf();
    expect(outcomes.reduce((total, outcome) => total + totals[outcome], 0)).toBe(totals.incoming);
    expect(perTable.reduce((total, table) => total + sum(table.incident), 0)).toBe(totals.incoming);
  });

  it("each table's incident is the sum of what became of it", () => {
    for (const { incident, apply, conflicts, already, kept, excluded, skipped } of summaryOf().tables) {
      expect(sum(apply) + sum(conflicts) + already + kept + excluded + skipped).toBe(sum(incident));
    }
  });

  it("not even a conflict of a kind nobody knows", () => {
    const [table] = summaryOf({}, [tally(0, "update", "conflict", { rows: 2 })]).tables;
    expect(sum(table?.conflicts ?? {})).toBe(2);
  });

  it("an empty plan has zeros, not gaps", () => {
    const { totals, tables: perTable } = summaryOf({ rowsCompared: {} }, []);
    expect(sum(totals)).toBe(0);
    expect(perTable.map(({ rowsCompared }) => rowsCompared)).toEqual([0, 0]);
  });
});

describe("open", () => {
  const left = (table: string, open: boolean, what = "it has no primary key") => ({ table, what, open });

  it("are rows in conflict and tables nobody excluded, each table once", () => {
    const leftOut = [
      left("public.log", true),
      left("public.invoice", true, "column total is not in pre"),
      left("public.invoice", true, "column note is not in post"),
      left("public.archive", false, "excluded by --exclude-tables"),
    ];
    const summary = summaryOf({ leftOut });
    expect(summary.totals.open).toBe(16);
    expect(summary.leftOut).toContainEqual({
      table: "public.log",
      reason: "it has no primary key",
      open: true,
    });
    expect(summary.leftOut).toHaveLength(4);
  });

  it("is nothing where all conflicts were decided", () => {
    const decided = [tally(0, "update", "kept", { decided: true, conflictKind: "update/update", rows: 9 })];
    expect(summaryOf({}, decided).totals).toMatchObject({ open: 0, decided: 9, conflict: 0, kept: 9 });
  });
});

it("lists the sequences that are moved, each with the column that owns it", () => {
  const sequences = [
    { sequence: "public.both", columns: ["public.seat.row", "public.device.id"], from: "12", to: "40" },
    { sequence: "public.ticket", columns: [], from: "0", to: "7" },
  ];
  expect(summaryOf({ sequences }).sequences).toEqual([
    { sequence: "public.both", column: "public.seat.row", from: "12", to: "40" },
    { sequence: "public.ticket", column: null, from: "0", to: "7" },
  ]);
});

it("tells where the three snapshots are from", () => {
  expect(describeConnections(headerOf())).toEqual([
    "pre: fleet_pre on db1:5432, PostgreSQL 16.2, as of 2024-03-01T03:10:00.000Z",
    "post: fleet_post on db1:5432, PostgreSQL 16.2, as of 2024-03-01T03:10:00.000Z",
    "current: fleet on db1:5432, PostgreSQL 16.2, as of 2024-03-01T03:10:00.000Z",
  ]);
});
