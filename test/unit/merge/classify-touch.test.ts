import { describe, expect, it } from "vitest";
import { classify, sameButForTouch } from "../../../src/merge/classify.js";
import { device, deviceTable, sameByValue } from "../tables.js";
import { runCases } from "./merge-case.js";

/** Touched by whom: the incident at dawn, somebody since at dusk. */
const dawn = { updated_at: "dawn" };
const dusk = { updated_at: "dusk" };

describe("touch columns (design 2.3)", () => {
  runCases([
    {
      name: "both sides changed one: current keeps it, and that alone is no conflict",
      base: {},
      current: { label: "torch", ...dusk },
      incoming: { owner: "eve", ...dawn },
      expect: { outcome: "apply", writes: ["owner"] },
    },
    {
      name: "nothing but a touch is incoming, and current has its own: kept",
      base: {},
      current: { label: "torch", ...dusk },
      incoming: dawn,
      expect: { outcome: "kept" },
    },
    {
      name: "a cell is done and current has a touch of its own: already",
      base: {},
      current: { owner: "eve", ...dusk },
      incoming: { owner: "eve", ...dawn },
      expect: { outcome: "already" },
    },
    {
      name: "they are not among the columns in conflict",
      base: {},
      current: { owner: "bob", ...dusk },
      incoming: { owner: "eve", ...dawn },
      expect: { outcome: "conflict", kind: "update/update", columns: ["owner"] },
    },
    {
      name: "a deleted row that only an update of its touch wanted is kept deleted",
      base: {},
      incoming: dawn,
      expect: { outcome: "kept" },
    },
    {
      name: "a deleted row that more was to be written to is a conflict",
      base: {},
      incoming: { owner: "eve", ...dawn },
      expect: { outcome: "conflict", kind: "delete/update" },
    },
    {
      name: "a row that differs only there counts as untouched: it is deleted",
      base: {},
      current: dusk,
      expect: { outcome: "apply", writes: "delete" },
    },
    {
      name: "a row that differs elsewhere too is in conflict with its delete",
      base: {},
      current: { label: "torch", ...dusk },
      expect: { outcome: "conflict", kind: "update/delete" },
    },
    {
      name: "two inserts that differ only there are one",
      current: dusk,
      incoming: dawn,
      expect: { outcome: "already" },
    },
    {
      name: "they are not among the columns of an insert/insert conflict",
      current: { owner: "bob", ...dusk },
      incoming: { owner: "eve", ...dawn },
      expect: { outcome: "conflict", kind: "insert/insert", columns: ["owner"] },
    },
  ]);
});

describe("write: restore", () => {
  runCases(
    [
      {
        name: "only the incident changed it: it is written like any cell",
        base: {},
        current: { label: "torch" },
        incoming: { owner: "eve", ...dawn },
        expect: { outcome: "apply", writes: ["owner", "updated_at"] },
      },
      {
        name: "even where nothing else is incoming",
        base: {},
        current: {},
        incoming: dawn,
        expect: { outcome: "apply", writes: ["updated_at"] },
      },
      {
        name: "and where the cell it came with is done",
        base: {},
        current: { owner: "eve" },
        incoming: { owner: "eve", ...dawn },
        expect: { outcome: "apply", writes: ["updated_at"] },
      },
      {
        name: "it waits with the clean cells of a row in conflict",
        base: {},
        current: { owner: "bob" },
        incoming: { label: "torch", owner: "eve", ...dawn },
        expect: {
          outcome: "conflict",
          kind: "update/update",
          columns: ["owner"],
          clean: ["label", "updated_at"],
        },
      },
    ],
    { touchWrite: "restore" },
  );
});

describe.each(["keep", "now"] as const)("write: %s", (touchWrite) => {
  runCases(
    [
      {
        name: "the incoming value is not written",
        base: {},
        current: {},
        incoming: { owner: "eve", ...dawn },
        expect: { outcome: "apply", writes: ["owner"] },
      },
      {
        name: "and an update of nothing else is kept",
        base: {},
        current: {},
        incoming: dawn,
        expect: { outcome: "kept" },
      },
      {
        name: "nor does it wait with the clean cells of a conflict",
        base: {},
        current: { owner: "bob" },
        incoming: { label: "torch", owner: "eve", ...dawn },
        expect: { outcome: "conflict", kind: "update/update", columns: ["owner"], clean: ["label"] },
      },
    ],
    { touchWrite },
  );
});

describe("without touch columns", () => {
  runCases(
    [
      {
        name: "a touch is a change like any other",
        base: {},
        current: { label: "torch", ...dusk },
        incoming: { owner: "eve", ...dawn },
        expect: { outcome: "conflict", kind: "update/update", columns: ["updated_at"], clean: ["owner"] },
      },
      {
        name: "and makes a row a changed one",
        base: {},
        current: dusk,
        expect: { outcome: "conflict", kind: "update/delete" },
      },
    ],
    { table: { ...deviceTable, touch: [] } },
  );
});

it("says which touch column was left to current", () => {
  const rows = { base: device(), current: device(dusk), incoming: device(dawn) };
  expect(classify(deviceTable, rows, { sameValue: sameByValue, touchWrite: "restore" })).toEqual({
    kind: "kept",
    reason: "only the touch column updated_at is incoming, and current keeps its own",
  });
});

it("the row as it is now is what a delete expects, touch and all", () => {
  const rows = { base: device(), current: device(dusk), incoming: undefined };
  expect(classify(deviceTable, rows, { sameValue: sameByValue, touchWrite: "restore" })).toEqual({
    kind: "apply",
    change: { kind: "delete", before: device(dusk) },
  });
});

it("two rows say the same but for their touch", () => {
  expect(sameButForTouch(deviceTable, device(dusk), device(dawn))).toBe(true);
  expect(sameButForTouch(deviceTable, device(dusk), device({ ...dusk, owner: null }))).toBe(false);
  expect(sameButForTouch({ ...deviceTable, touch: [] }, device(dusk), device(dawn))).toBe(false);
});
