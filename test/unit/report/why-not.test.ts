import { expect, it } from "vitest";
import { conflictKinds } from "../../../src/model/conflict.js";
import { summarize } from "../../../src/report/summary.js";
import { whyNotLines } from "../../../src/report/why-not.js";
import { deviceTable, tableOf } from "../tables.js";
import { headerOf, tally } from "./plans.js";

const header = headerOf({ tables: [deviceTable, tableOf("seat", ["id"])] });
const told = (...tallies: Parameters<typeof summarize>[1]) => whyNotLines(summarize(header, tallies));

it("says nothing where everything comes back", () => {
  expect(told(tally(0, "update", "apply", { rows: 9 }), tally(0, "update", "kept", { rows: 9 }))).toEqual([]);
});

it("adds up the tables and begins with what concerns most rows", () => {
  const lines = told(
    tally(0, "update", "conflict", { conflictKind: "unique", rows: 900 }),
    tally(1, "update", "conflict", { conflictKind: "unique", rows: 100 }),
    tally(1, "update", "conflict", { conflictKind: "update/update", rows: 2 }),
    tally(1, "insert", "skipped", { rows: 30 }),
  );
  expect(lines).toEqual([
    "  1 000 unique: a row that stays has the same unique value",
    "     30 skipped: they need something that is left out, or are too long to be read",
    "      2 update/update: changed on both sides, to different values",
  ]);
});

it("has words for every kind of conflict", () => {
  for (const kind of conflictKinds) {
    const [line = ""] = told(tally(0, "update", "conflict", { conflictKind: kind, rows: 1 }));
    expect(line).toMatch(new RegExp(`^  1 ${kind}: .{10}`));
  }
});
