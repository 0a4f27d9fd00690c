import { describe, expect, it } from "vitest";
import { classify, updateChange } from "../../../src/merge/classify.js";
import { at, device, deviceTable, sameByValue } from "../tables.js";
import { runCases } from "./merge-case.js";

describe("an incoming update (design 2.1)", () => {
  runCases([
    {
      name: "changed columns untouched: they are written",
      base: {},
      current: {},
      incoming: { owner: "eve" },
      expect: { outcome: "apply", writes: ["owner"] },
    },
    {
      name: "current changed other columns: only the incoming ones are written",
      base: {},
      current: { label: "torch" },
      incoming: { owner: "eve" },
      expect: { outcome: "apply", writes: ["owner"] },
    },
    {
      name: "to NULL is a value like any other",
      base: {},
      current: { label: null },
      incoming: { owner: null },
      expect: { outcome: "apply", writes: ["owner"] },
    },
    {
      name: "the same columns to the same values: done",
      base: {},
      current: { owner: "eve", label: null },
      incoming: { owner: "eve", label: null },
      expect: { outcome: "already" },
    },
    {
      name: "current did the same and more: done",
      base: {},
      current: { owner: "eve", label: "torch" },
      incoming: { owner: "eve" },
      expect: { outcome: "already" },
    },
    {
      name: "one of two cells is done: the other is written",
      base: {},
      current: { owner: "eve" },
      incoming: { owner: "eve", label: "torch" },
      expect: { outcome: "apply", writes: ["label"] },
    },
    {
      name: "one of the same columns to another value: conflict on that one",
      base: {},
      current: { owner: "bob", label: "torch" },
      incoming: { owner: "eve", label: "torch" },
      expect: { outcome: "conflict", kind: "update/update", columns: ["owner"] },
    },
    {
      name: "what merged cleanly waits for the conflict",
      base: {},
      current: { owner: "bob" },
      incoming: { owner: "eve", label: "torch", ends_at: null },
      expect: { outcome: "conflict", kind: "update/update", columns: ["owner"], clean: ["label", "ends_at"] },
    },
    {
      name: "NULL against the empty string is a conflict",
      base: {},
      current: { owner: null },
      incoming: { owner: "" },
      expect: { outcome: "conflict", kind: "update/update", columns: ["owner"] },
    },
    {
      name: 'NULL against the word "NULL" is a conflict',
      base: {},
      current: { owner: null },
      incoming: { owner: "NULL" },
      expect: { outcome: "conflict", kind: "update/update", columns: ["owner"] },
    },
    {
      name: "row deleted",
      base: {},
      incoming: { owner: "eve" },
      expect: { outcome: "conflict", kind: "delete/update" },
    },
  ]);
});

describe("an incoming delete (design 2.1)", () => {
  runCases([
    { name: "row untouched", base: {}, current: {}, expect: { outcome: "apply", writes: "delete" } },
    {
      name: "row changed",
      base: {},
      current: { owner: "bob" },
      expect: { outcome: "conflict", kind: "update/delete" },
    },
    { name: "row gone", base: {}, expect: { outcome: "already" } },
  ]);
});

describe("an incoming insert (design 2.1)", () => {
  runCases([
    { name: "no such row", incoming: { owner: "eve" }, expect: { outcome: "apply", writes: "insert" } },
    { name: "same row there", current: {}, incoming: {}, expect: { outcome: "already" } },
    {
      name: "different row there: conflict on the differing columns, nothing merged cell by cell",
      current: { owner: "bob" },
      incoming: { owner: "eve", label: null },
      expect: { outcome: "conflict", kind: "insert/insert", columns: ["label", "owner"] },
    },
  ]);
});

it("refuses a difference that is none", () => {
  const rows = { base: undefined, current: device(), incoming: undefined };
  expect(() => classify(deviceTable, rows, { sameValue: sameByValue, touchWrite: "restore" })).toThrow(
    RangeError,
  );
});

it("an update carries the whole row before and after, and names what it writes", () => {
  const owner = at(deviceTable, "owner");
  const current = device({ label: "torch" });
  expect(updateChange(current, device({ owner: "eve" }), [owner])).toEqual({
    kind: "update",
    before: current,
    after: device({ label: "torch", owner: "eve" }),
    columns: [owner],
  });
});
