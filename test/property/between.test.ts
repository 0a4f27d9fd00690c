import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aroundDamage, meetCurrent, stepsOf } from "../../src/merge/between/around-damage.js";
import { classify } from "../../src/merge/classify.js";
import { changedColumns, type Ruling } from "../../src/merge/rules/rules.js";
import type { Difference } from "../../src/model/change.js";
import type { Mode, Row } from "../../src/model/value.js";
import { tableOf } from "../unit/tables.js";

/** One row with one value: "no such row" is a value like any other to the oracle. */
type State = "none" | "a" | "b" | "c";

interface Event {
  readonly to: State;
  readonly by: "damage" | "people";
}

const state = fc.constantFrom<State>("none", "a", "b", "c");
const events = fc.array(fc.record({ to: state, by: fc.constantFrom("damage" as const, "people" as const) }), {
  minLength: 1,
  maxLength: 6,
});

const table = tableOf("item", ["id", "value"]);
const rowOf = (value: State): Row | undefined => (value === "none" ? undefined : ["1", value]);

type Fate = "none" | "already" | "conflict" | State;

/** What an undo has to do, in words only of values: no rows, no steps, no code of ours. */
function oracle(first: State, told: readonly Event[], current: State): Fate | { readonly write: State } {
  const values = [first, ...told.map(({ to }) => to)];
  const moved = told.flatMap((event, at) => (values[at] === event.to ? [] : [event]));
  const last = moved.findLastIndex(({ by }) => by === "damage");
  const damage = moved[last];
  if (damage === undefined) return "none";
  const wanted = moved.slice(0, last).findLast(({ by }) => by === "people")?.to ?? first;
  const since = moved.slice(last + 1).map(({ to }) => to);
  if (wanted === damage.to || since.includes(wanted)) return "none";
  if (current === wanted) return "already";
  if (since.length > 0 || current !== damage.to) return "conflict";
  return { write: wanted };
}

function judged(first: State, told: readonly Event[], mode: Mode) {
  const seen = [first, ...told.map(({ to }) => to)].map((value) => ({
    row: rowOf(value),
    transaction: undefined,
  }));
  const [pre, post] = [seen[0]?.row, seen.at(-1)?.row];
  const difference: Difference = { key: ["1"], operation: "update", pre, post, transaction: undefined, seen };
  const steps = stepsOf(table, difference, new Map());
  const rulings = steps.map((step): Ruling => {
    const isDamage = told[(step.interval ?? 1) - 1]?.by === "damage";
    if (isDamage === (mode === "undo"))
      return { kind: "incoming", columns: changedColumns(step), rule: undefined };
    return { kind: "kept", reason: "" };
  });
  return aroundDamage(table, difference, steps, rulings, mode);
}

const options = { sameValue: () => false, touchWrite: "restore" } as const;

describe("damage between snapshots", () => {
  it("is undone as the oracle says", () => {
    fc.assert(
      fc.property(state, events, state, (first, told, current) => {
        const { difference, folded } = judged(first, told, "undo");
        const wanted = oracle(first, told, current);
        if (difference === undefined) {
          expect(wanted).toBe("none");
          return;
        }
        const base = folded.overwritten.length > 0 ? meetCurrent(folded, rowOf(current)) : difference.post;
        const verdict = classify(table, { base, current: rowOf(current), incoming: difference.pre }, options);
        const change = verdict.kind === "apply" ? verdict.change : undefined;
        const after = change === undefined || change.kind === "delete" ? undefined : change.after;
        expect(change === undefined ? verdict.kind : { write: after?.[1] ?? "none" }).toEqual(wanted);
      }),
      { numRuns: 3000 },
    );
  });

  it("leaves people's last word to be replayed", () => {
    fc.assert(
      fc.property(state, events, (first, told) => {
        const { difference, folded } = judged(first, told, "replay");
        const values = [first, ...told.map(({ to }) => to)];
        const moved = told.filter(({ to }, at) => values[at] !== to);
        const word = moved.findLast(({ by }) => by === "people")?.to ?? first;
        expect(folded.people?.[1] ?? "none").toBe(word);
        const isSettled = folded.overwritten !== "row" || first !== "none";
        if (isSettled) expect(difference === undefined).toBe(word === first);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Rows of several cells, of which nobody takes any away: each cell is a story of its own. */
describe("cells of one row", () => {
  const wide = tableOf("wide", ["id", "x", "y", "z"]);
  const cell = fc.constantFrom("a", "b", "c");
  const cells = fc.tuple(cell, cell, cell);
  const step = fc.record({ to: cells, damage: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()) });

  it("do not mix", () => {
    fc.assert(
      fc.property(cells, fc.array(step, { minLength: 1, maxLength: 5 }), (first, told) => {
        const rows = [first, ...told.map(({ to }) => to)].map((values): Row => ["1", ...values]);
        const seen = rows.map((row) => ({ row, transaction: undefined }));
        const difference: Difference = {
          ...{ key: ["1"], operation: "update", pre: rows[0], post: rows.at(-1), transaction: undefined },
          seen,
        };
        const steps = stepsOf(wide, difference, new Map());
        const rulings = steps.map((one): Ruling => {
          const isDamage = told[(one.interval ?? 1) - 1]?.damage ?? [];
          const columns = changedColumns(one).filter((at) => isDamage[at - 1] === true);
          return columns.length === 0
            ? { kind: "kept", reason: "" }
            : { kind: "incoming", columns, rule: undefined };
        });
        const { folded } = aroundDamage(wide, difference, steps, rulings, "undo");
        for (const at of [1, 2, 3]) {
          const mine = told.map(({ to, damage }) => ({
            to: to[at - 1] as State,
            by: damage[at - 1] === true ? ("damage" as const) : ("people" as const),
          }));
          for (const current of ["a", "b", "c"] as const) {
            const base = meetCurrent(folded, rows[0]?.with(at, current));
            const [left, wanted] = [base?.[at], folded.wanted?.[at]];
            const fate = oracle(first[at - 1] as State, mine, current);
            const found =
              left === wanted
                ? "none"
                : current === wanted
                  ? "already"
                  : current === left
                    ? { write: wanted }
                    : "conflict";
            expect(found).toEqual(fate);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
