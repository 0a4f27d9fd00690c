import { describe, expect, it } from "vitest";
import { type MergeVersions, mergeBothWays, type Told } from "./device-case.js";
import type { PlanRequest } from "./request.js";

interface Case extends MergeVersions {
  readonly name: string;
  readonly request?: Partial<PlanRequest>;
  readonly expect: Partial<Told>;
}

const usual = {};
const together = new Map([["public.device", [["starts_at", "ends_at"]]]]);
const open = (kind: Told["kind"], columns: readonly string[] = []) =>
  ({ outcome: "conflict", kind, columns }) as const;

function run(cases: readonly Case[]): void {
  it.each(cases)("$name", (one) => {
    const quiet: Told = { outcome: "apply", kind: undefined, columns: [], decided: false, end: one.current };
    const expected = { ...quiet, ...one.expect };
    expect(mergeBothWays(one, one.request)).toEqual([expected, expected]);
  });
}

describe("the table of section 2.1", () => {
  run([
    {
      name: "update, current as base: written",
      base: usual,
      current: usual,
      incoming: { owner: "eve" },
      expect: { outcome: "apply", end: { owner: "eve" } },
    },
    {
      name: "update, current changed another column: that one stays",
      base: usual,
      current: { label: "torch" },
      incoming: { owner: null },
      expect: { outcome: "apply", end: { label: "torch", owner: null } },
    },
    {
      name: "update, current has the same already",
      base: usual,
      current: { owner: "eve", label: "torch" },
      incoming: { owner: "eve" },
      expect: { outcome: "already" },
    },
    {
      name: "update, current has one of two cells already: the other is written",
      base: usual,
      current: { owner: "eve" },
      incoming: { owner: "eve", label: "torch" },
      expect: { outcome: "apply", end: { owner: "eve", label: "torch" } },
    },
    {
      name: "update, current changed the same column to another value",
      base: usual,
      current: { owner: "bob" },
      incoming: { owner: "eve", label: "torch" },
      expect: open("update/update", ["owner"]),
    },
    {
      name: "update, current changed it to NULL",
      base: usual,
      current: { owner: null },
      incoming: { owner: "" },
      expect: open("update/update", ["owner"]),
    },
    { name: "update, row deleted", base: usual, incoming: { owner: "eve" }, expect: open("delete/update") },
    {
      name: "delete, row untouched",
      base: usual,
      current: usual,
      expect: { outcome: "apply", end: undefined },
    },
    { name: "delete, row changed", base: usual, current: { owner: "bob" }, expect: open("update/delete") },
    { name: "delete, row gone", base: usual, expect: { outcome: "already" } },
    {
      name: "insert, no such row",
      incoming: { owner: "eve", updated_at: "dawn" },
      expect: { outcome: "apply", end: { owner: "eve", updated_at: "dawn" } },
    },
    {
      name: "insert, same row there",
      current: { owner: "eve" },
      incoming: { owner: "eve" },
      expect: { outcome: "already" },
    },
    {
      name: "insert, different row there",
      current: { owner: "bob", label: null },
      incoming: { owner: "eve", label: "torch" },
      expect: open("insert/insert", ["label", "owner"]),
    },
  ]);
});

describe("spelling", () => {
  run([
    {
      name: "a change of spelling alone is a change",
      base: usual,
      current: usual,
      incoming: { price: "1.00" },
      expect: { outcome: "apply", end: { price: "1.00" } },
    },
    {
      name: "the same new value in two spellings is done",
      base: usual,
      current: { price: "2.0" },
      incoming: { price: "2.00" },
      expect: { outcome: "already" },
    },
    {
      name: "current spelled the old value anew: still another value",
      base: usual,
      current: { price: "1.00" },
      incoming: { price: "2" },
      expect: open("update/update", ["price"]),
    },
    {
      name: "delete of a row that current spelled anew",
      base: usual,
      current: { price: "1.00" },
      expect: open("update/delete"),
    },
    {
      name: "insert of a row that is there in another spelling",
      current: { price: "1.00" },
      incoming: { price: "1" },
      expect: { outcome: "already" },
    },
  ]);
});

describe("touch columns", () => {
  run([
    {
      name: "both changed it: current keeps it",
      base: usual,
      current: { updated_at: "dusk" },
      incoming: { owner: "eve", updated_at: "dawn" },
      expect: { outcome: "apply", end: { owner: "eve", updated_at: "dusk" } },
    },
    {
      name: "only incoming changed it: written like any cell",
      base: usual,
      current: usual,
      incoming: { owner: "eve", updated_at: "dawn" },
      expect: { outcome: "apply", end: { owner: "eve", updated_at: "dawn" } },
    },
    {
      name: "write: keep, so it is not written",
      request: { touch: { write: "keep" } },
      base: usual,
      current: usual,
      incoming: { owner: "eve", updated_at: "dawn" },
      expect: { outcome: "apply", end: { owner: "eve" } },
    },
    {
      name: "all else is done: it alone is written",
      base: usual,
      current: { owner: "eve" },
      incoming: { owner: "eve", updated_at: "dawn" },
      expect: { outcome: "apply", end: { owner: "eve", updated_at: "dawn" } },
    },
    {
      name: "all else is done, and current touched it too",
      base: usual,
      current: { owner: "eve", updated_at: "dusk" },
      incoming: { owner: "eve", updated_at: "dawn" },
      expect: { outcome: "already" },
    },
    {
      name: "nothing else incoming, and current touched it too",
      base: usual,
      current: { updated_at: "dusk" },
      incoming: { updated_at: "dawn" },
      expect: { outcome: "kept" },
    },
    {
      name: "nothing else incoming, and current has it already",
      base: usual,
      current: { updated_at: "dawn" },
      incoming: { updated_at: "dawn" },
      expect: { outcome: "already" },
    },
    {
      name: "nothing else incoming, and it is never written",
      request: { touch: { write: "keep" } },
      base: usual,
      current: usual,
      incoming: { updated_at: "dawn" },
      expect: { outcome: "kept" },
    },
    {
      name: "a row touched since is untouched for a delete",
      base: usual,
      current: { updated_at: "dusk" },
      expect: { outcome: "apply", end: undefined },
    },
    {
      name: "the same row touched differently is the same row",
      current: { updated_at: "dusk" },
      incoming: usual,
      expect: { outcome: "already" },
    },
    {
      name: "an insert writes it, whatever updates do",
      request: { touch: { write: "keep" } },
      incoming: { updated_at: "dawn" },
      expect: { outcome: "apply", end: { updated_at: "dawn" } },
    },
    {
      name: "no touch columns: one like the others",
      request: { touch: { columns: [] } },
      base: usual,
      current: { updated_at: "dusk" },
      incoming: { owner: "eve", updated_at: "dawn" },
      expect: open("update/update", ["updated_at"]),
    },
    {
      name: "no touch columns: a touched row is a changed row",
      request: { touch: { columns: [] } },
      base: usual,
      current: { updated_at: "dusk" },
      expect: open("update/delete"),
    },
  ]);
});

describe("groups", () => {
  const request = { groups: together };
  run([
    {
      name: "different columns of a group: a conflict on both",
      request,
      base: usual,
      current: { starts_at: "day 0" },
      incoming: { ends_at: "day 9" },
      expect: open("update/update", ["starts_at", "ends_at"]),
    },
    {
      name: "the same without the group: no conflict",
      base: usual,
      current: { starts_at: "day 0" },
      incoming: { ends_at: "day 9" },
      expect: { outcome: "apply", end: { starts_at: "day 0", ends_at: "day 9" } },
    },
    {
      name: "current agrees on one and changed the other: a conflict on the other alone",
      request,
      base: usual,
      current: { starts_at: "day 0", ends_at: "day 3" },
      incoming: { ends_at: "day 3" },
      expect: open("update/update", ["starts_at"]),
    },
    {
      name: "both changed the group alike",
      request,
      base: usual,
      current: { starts_at: "day 0", ends_at: "day 3" },
      incoming: { starts_at: "day 0", ends_at: "day 3" },
      expect: { outcome: "already" },
    },
    {
      name: "only incoming changed the group",
      request,
      base: usual,
      current: { owner: "bob" },
      incoming: { ends_at: "day 9" },
      expect: { outcome: "apply", end: { owner: "bob", ends_at: "day 9" } },
    },
    {
      name: "only current changed the group",
      request,
      base: usual,
      current: { ends_at: "day 9" },
      incoming: { owner: "eve" },
      expect: { outcome: "apply", end: { owner: "eve", ends_at: "day 9" } },
    },
  ]);
});

describe("granularity cell", () => {
  const request = { granularity: "cell" } as const;
  run([
    {
      name: "the clean cells of a row in conflict are written",
      request,
      base: usual,
      current: { owner: "bob" },
      incoming: { owner: "eve", label: "torch", updated_at: "dawn" },
      expect: {
        ...open("update/update", ["owner"]),
        end: { owner: "bob", label: "torch", updated_at: "dawn" },
      },
    },
    {
      name: "none of a group in conflict",
      request: { ...request, groups: together },
      base: usual,
      current: { starts_at: "day 0" },
      incoming: { ends_at: "day 9", label: "torch" },
      expect: {
        ...open("update/update", ["starts_at", "ends_at"]),
        end: { starts_at: "day 0", label: "torch" },
      },
    },
    {
      name: "insert/insert is never merged cell by cell",
      request,
      current: { owner: "bob" },
      incoming: { owner: "eve", label: "torch" },
      expect: open("insert/insert", ["label", "owner"]),
    },
  ]);
});
