import { expect, it } from "vitest";
import { told } from "../../cli/tui/state/scan.js";
import type { State } from "../../cli/tui/state/state.js";
import type { Progress } from "../../src/index.js";
import { onConnect } from "./sample.js";
import { follow, press, shownPlace } from "./walk.js";

type Rows = Extract<Progress, { kind: "rows" }>;

const rows = (table: string, done: number, more: Partial<Rows> = {}): Progress => ({
  ...{ kind: "rows", phase: "compare", table, tableNumber: 1, tables: 3, done, total: 100 },
  ...more,
});

function after(...progress: readonly Progress[]) {
  const scanning = follow(onConnect(), press("accept")).state;
  const state = progress.reduce((before: State, each, at) => told(before, each, at + 1), scanning);
  return shownPlace(state, "scan").tables.map(({ table, rows, endedAt }) => [table, rows, endedAt]);
}

it("tables one after the other: the sum says how far each is", () => {
  expect(after(rows("a", 10), rows("a", 30), rows("b", 35))).toEqual([
    ["a", 30, 3],
    ["b", 5, undefined],
  ]);
});

it("tables to come: they wait until they are begun, and each phase has its own", () => {
  const toCome = (phase: "compare" | "merge", ...names: readonly string[]): Progress => ({
    ...{ kind: "tables", phase, tables: names.map((table) => ({ table, rows: 50 })) },
  });
  const begun = [toCome("compare", "a", "b"), rows("b", 7, { tableDone: 7 })];
  expect(after(...begun)).toEqual([
    ["a", 0, undefined],
    ["b", 7, undefined],
  ]);
  const merging = { phase: "merge", total: 9 } as const;
  expect(after(...begun, toCome("merge", "b", "c"), rows("b", 5, merging), rows("c", 9, merging))).toEqual([
    ["b", 5, 5],
    ["c", 4, undefined],
  ]);
});

it("tables side by side: each says so itself, and when it is done", () => {
  const told = after(
    rows("a", 10, { tableDone: 10 }),
    rows("b", 12, { tableDone: 2 }),
    rows("a", 32, { tableDone: 30, tableEnded: true }),
    rows("c", 32, { tableDone: 0 }),
    rows("b", 37, { tableDone: 7 }),
  );
  expect(told).toEqual([
    ["a", 30, 3],
    ["b", 7, undefined],
    ["c", 0, undefined],
  ]);
});
