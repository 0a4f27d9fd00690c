import { describe, expect, it } from "vitest";
import { type Chain, chainsOf, longestChain } from "../../../src/merge/chain.js";
import type { Withheld } from "../../../src/model/withheld.js";

const reason = { kind: "foreign-key", columns: [], constraint: "issue_parent", text: "" } as const;

/** Each row waits for the one that is named; what waits for itself alone is barred. */
function chainIn(waits: Readonly<Record<number, number | undefined>>, row: number): Chain {
  const withheld = Object.entries(waits).map(
    ([waiting, because]) =>
      [Number(waiting), { outcome: "conflict", reason, because }] satisfies [number, Withheld],
  );
  return chainsOf(new Map(withheld))(row);
}

/** Row n waits for n - 1, down to row 1, which is barred. */
function line(length: number): Record<number, number | undefined> {
  return Object.fromEntries(Array.from({ length }, (_, at) => [at + 1, at === 0 ? undefined : at]));
}

describe("the chain of a withheld row", () => {
  it.each<[string, Readonly<Record<number, number | undefined>>, number, readonly number[]]>([
    ["is empty where no row is in the way", { 1: undefined }, 1, []],
    ["names a row that nothing keeps back", { 1: 9 }, 1, [9]],
    ["goes on to the cause of the cause", { 1: 2, 2: 3, 3: undefined }, 1, [2, 3]],
    ["ends at a row that is not withheld", { 1: 2, 2: 3 }, 1, [2, 3]],
    ["has seven links where there are seven", line(8), 8, [7, 6, 5, 4, 3, 2, 1]],
    ["ends where a ring closes", { 1: 2, 2: 3, 3: 1 }, 1, [2, 3, 1]],
    ["that leads into a ring, too", { 1: 2, 2: 3, 3: 2 }, 1, [2, 3, 2]],
    ["of a row that waits for itself", { 1: 1 }, 1, [1]],
  ])("%s", (_, waits, row, rows) => {
    expect(chainIn(waits, row)).toEqual({ rows, omitted: 0 });
  });

  it("is whole up to the limit", () => {
    const { rows, omitted } = chainIn(line(longestChain + 1), longestChain + 1);
    expect([rows.length, rows.at(-1), omitted]).toEqual([longestChain, 1, 0]);
  });

  it("has its beginning and its end beyond that", () => {
    const { rows, omitted } = chainIn(line(1001), 1001);
    expect(rows.slice(0, 2)).toEqual([1000, 999]);
    expect(rows.slice(-2)).toEqual([1002 - longestChain, 1]);
    // A thousand links in all.
    expect(rows.length + omitted).toBe(1000);
  });

  it("takes no longer for a hundred thousand rows of one list", () => {
    const withheld = new Map(
      Object.entries(line(100_000)).map(([row, because]) => [
        Number(row),
        { outcome: "conflict", reason, because } satisfies Withheld,
      ]),
    );
    const chain = chainsOf(withheld);
    for (const row of withheld.keys()) expect(chain(row).rows.at(-1) ?? 1).toBe(1);
  });
});
