import { describe, expect, it } from "vitest";
import { cellStrategy } from "../../../merge-strategies/kit/cell-strategy.js";
import { nonNull } from "../../../merge-strategies/non-null.js";
import type { RowConflictKind } from "../../../src/model/conflict.js";
import { conflicts } from "../merge/conflicts.js";
import { deviceTable, tableOf } from "../tables.js";
import { decideRow, updateConflict } from "./cell-cases.js";

/** Sides by the letter that incoming has; everything else it passes. */
const byLetter = cellStrategy({
  name: "by-letter",
  summary: "Do as the letter says, in tests.",
  because: "the letter says so",
  decide: ({ incoming }) =>
    incoming === "i"
      ? "incoming"
      : incoming === "c"
        ? "current"
        : incoming === "v"
          ? { value: "V" }
          : undefined,
});

const table = tableOf("thing", ["id", "one", "two", "three"]);
const base = ["1", "a", "a", "a"];
const current = ["1", "b", "b", "b"];

function answer(...letters: readonly string[]) {
  return byLetter.resolve(updateConflict({ base, current, incoming: ["1", ...letters] }), {
    table,
    options: {},
  });
}

describe("one answer of many cells", () => {
  it.each([
    ["current", "c"],
    ["incoming", "i"],
  ])("all to %s is that side's", (role, letter) => {
    expect(answer(letter, letter, letter)).toEqual({
      kind: "take",
      role,
      reason: "by-letter: the letter says so",
    });
  });

  it("some to each side, some to neither, some passed", () => {
    const values = new Map([
      [1, "i"],
      [2, "V"],
    ]);
    expect(answer("i", "v", "?")).toEqual({ kind: "cells", values, reason: "by-letter: the letter says so" });
    expect(answer("i", "c", "?")).toMatchObject({
      values: new Map([
        [1, "i"],
        [2, "b"],
      ]),
    });
  });

  it("one side, but not for all", () => {
    expect(answer("i", "?", "i")).toMatchObject({
      kind: "cells",
      values: new Map([
        [1, "i"],
        [3, "i"],
      ]),
    });
  });

  it("passes where every cell is passed", () => {
    expect(answer("?", "?", "?")).toBeUndefined();
  });
});

it.each<RowConflictKind>(["update/delete", "delete/update", "insert/insert"])("passes on %s", (kind) => {
  expect(nonNull.resolve(conflicts[kind], { table: deviceTable, options: {} })).toBeUndefined();
});

describe("a cell of a group", () => {
  const grouped = { ...table, groups: [[1, 2]] };
  const decide = (incoming: readonly string[], now: readonly string[] = current) =>
    decideRow(byLetter, grouped, { base, current: now, incoming });

  it("is passed where another of the group changed on any side", () => {
    expect(decide(["1", "i", "i", "i"])).toEqual([undefined, undefined, undefined, "i"]);
    expect(decide(["1", "i", "b", "i"])).toEqual([undefined, undefined, undefined, "i"]);
  });

  it("is decided where the others of the group are as they were", () => {
    expect(decide(["1", "i", "a", "?"], ["1", "b", "a", "b"])).toEqual([
      undefined,
      "i",
      undefined,
      undefined,
    ]);
  });
});
