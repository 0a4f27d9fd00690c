import { describe, expect, it } from "vitest";
import { copyNumberOf, deltaKey } from "../../../src/model/bag.js";
import type { Mode, Operation } from "../../../src/model/value.js";
import { CopyNumbers } from "../../../src/workflow/judging/number-copies.js";

/** What becomes of the copies of one row, by how many each database has; and how many current has in the end. */
function merge(mode: Mode, [base, current, incoming]: readonly [number, number, number]) {
  const [pre, post] = mode === "undo" ? [incoming, base] : [base, incoming];
  const operation: Operation = pre < post ? "insert" : "delete";
  const numbers = new CopyNumbers(mode);
  const outcome = { apply: 0, already: 0 };
  const written: number[] = [];
  for (let copy = Math.min(pre, post) + 1; copy <= Math.max(pre, post); copy += 1) {
    const row = ["a"];
    const key = deltaKey("id", copy, { pre, post });
    const sides = operation === "insert" ? { pre: undefined, post: row } : { pre: row, post: undefined };
    const found = numbers.number({
      difference: { key, operation, ...sides, transaction: undefined },
      ruling: { kind: "incoming", columns: [], rule: undefined },
      arriving: undefined,
      copies: current,
    });
    const isThere = found.current !== undefined;
    const isWanted = incoming > base;
    outcome[isThere === isWanted ? "already" : "apply"] += 1;
    if (isThere !== isWanted) written.push(copyNumberOf(found.key));
  }
  const after = current + (incoming > base ? outcome.apply : -outcome.apply);
  // Inserted copies follow on those there are, deleted ones go down from the last.
  expect(written).toEqual(written.map((_, at) => (incoming > base ? current + 1 + at : current - at)));
  return { ...outcome, after };
}

describe.each(["undo", "replay"] as const)("copies of one row, mode %s", (mode) => {
  it.each<[string, readonly [number, number, number], ReturnType<typeof merge>]>([
    ["deleted: current is as base", [3, 3, 1], { apply: 2, already: 0, after: 1 }],
    ["deleted: current has lost one, too", [3, 2, 1], { apply: 1, already: 1, after: 1 }],
    ["deleted: current has lost as many", [3, 1, 1], { apply: 0, already: 2, after: 1 }],
    ["deleted: current has lost more", [3, 0, 1], { apply: 0, already: 2, after: 0 }],
    ["deleted: current has gained some", [3, 5, 1], { apply: 2, already: 0, after: 3 }],
    ["deleted: all of them", [2, 2, 0], { apply: 2, already: 0, after: 0 }],
    ["inserted: current is as base", [1, 1, 3], { apply: 2, already: 0, after: 3 }],
    ["inserted: current has gained one, too", [1, 2, 3], { apply: 1, already: 1, after: 3 }],
    ["inserted: current has gained as many", [1, 3, 3], { apply: 0, already: 2, after: 3 }],
    ["inserted: current has gained more", [1, 5, 3], { apply: 0, already: 2, after: 5 }],
    ["inserted: current has lost some", [3, 1, 5], { apply: 2, already: 0, after: 3 }],
    ["inserted: there was none", [0, 0, 2], { apply: 2, already: 0, after: 2 }],
  ])("%s", (_, counts, expected) => {
    expect(merge(mode, counts)).toEqual(expected);
  });

  it("by a law: never below zero, nothing uncounted, both sides' changes once where they agree", () => {
    for (let base = 0; base < 6; base += 1)
      for (let current = 0; current < 6; current += 1)
        for (let incoming = 0; incoming < 6; incoming += 1) {
          const { apply, already, after } = merge(mode, [base, current, incoming]);
          expect(apply + already).toBe(Math.abs(incoming - base));
          const same = Math.sign(current - base) === Math.sign(incoming - base);
          const both =
            Math.sign(incoming - base) * Math.min(Math.abs(current - base), Math.abs(incoming - base));
          expect(after).toBe(current + incoming - base - (same ? both : 0));
          expect(after).toBeGreaterThanOrEqual(0);
          // Mirrored: whoever of the two is incoming, the ending is the same.
          expect(merge(mode, [base, incoming, current]).after).toBe(after);
        }
  });
});

it("copies that a rule keeps do not count: the others are numbered without a gap", () => {
  const numbers = new CopyNumbers("undo");
  const copies = [2, 3, 4].map((copy) =>
    numbers.number({
      difference: {
        key: deltaKey("id", copy, { pre: 1, post: 4 }),
        operation: "insert",
        pre: undefined,
        post: ["a"],
        transaction: String(copy),
      },
      ruling: copy === 3 ? { kind: "kept", reason: "people's" } : { kind: "incoming", columns: [], rule: 1 },
      arriving: undefined,
      copies: 3,
    }),
  );
  // Current has lost one of the four since: that is taken for one of the two.
  expect(copies.map(({ current }) => current !== undefined)).toEqual([false, false, true]);
  expect(copies[2]?.key).toEqual(["id", "3", "3"]);
});
