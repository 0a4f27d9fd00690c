import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keepCurrent } from "../../merge-strategies/keep-current.js";
import { takeIncoming } from "../../merge-strategies/take-incoming.js";
import { cellsChange, settle, settledVerdict } from "../../src/merge/settle.js";
import { type Change, invert } from "../../src/model/change.js";
import type { Conflict, Strategy } from "../../src/model/conflict.js";
import type { Row } from "../../src/model/value.js";
import { entry } from "../unit/merge/conflicts.js";
import { applyChange, ending, merge, type World, worlds } from "./merge-worlds.js";

const holds = (law: (world: World) => void) => fc.assert(fc.property(worlds, law), { numRuns: 1000 });

/** Law over the worlds that end in a conflict. */
const onConflict = (law: (conflict: Conflict, world: World) => void) =>
  holds((world) => {
    const verdict = merge(world);
    if (verdict.kind === "conflict") law(verdict.conflict, world);
  });

function settledBy(strategy: Strategy, conflict: Conflict, { table }: World): Row | undefined {
  const settled = settle(table, conflict, [entry(strategy)]);
  if (settled.kind !== "settled") throw new Error(`${strategy.name} leaves nothing open`);
  return ending(settledVerdict(settled), conflict.rows.current);
}

/** Every change a merge can come up with: of clean rows, of settled conflicts, of the clean cells of a row. */
function changesOf(world: World): readonly Change[] {
  const verdict = merge(world);
  if (verdict.kind === "apply") return [verdict.change];
  if (verdict.kind !== "conflict") return [];
  const { conflict } = verdict;
  const settled = [keepCurrent, takeIncoming].map((strategy) =>
    settle(world.table, conflict, [entry(strategy)]),
  );
  const changes = settled.flatMap((one) => (one.kind === "settled" ? (one.change ?? []) : []));
  return [...changes, cellsChange(conflict, new Map()) ?? []].flat();
}

describe("a change", () => {
  it("and then its inverse is nothing at all", () => {
    holds((world) => {
      const { current } = world.rows;
      for (const change of changesOf(world)) {
        const changed = applyChange(current, change);
        expect(changed).not.toEqual(current);
        expect(applyChange(changed, invert(change))).toEqual(current);
      }
    });
  });

  it("is the inverse of its inverse", () => {
    holds((world) => {
      for (const change of changesOf(world)) expect(invert(invert(change))).toEqual(change);
    });
  });

  it("carries the row it leaves behind, and writes nothing that was there before", () => {
    holds((world) => {
      for (const change of changesOf(world)) {
        const changed = applyChange(world.rows.current, change);
        if (change.kind !== "delete") expect(changed).toEqual(change.after);
        if (change.kind !== "update") continue;
        expect(change.before).toEqual(world.rows.current);
        expect(change.columns.filter((at) => change.before[at] === change.after[at])).toEqual([]);
        expect(change.columns.length).toBeGreaterThan(0);
      }
    });
  });
});

describe("settling a conflict", () => {
  it("take-incoming leaves current with what incoming has in every cell in conflict", () => {
    onConflict((conflict, world) => {
      const row = settledBy(takeIncoming, conflict, world);
      if (conflict.rows.incoming === undefined) expect(row).toBeUndefined();
      for (const { column, incoming } of conflict.cells) expect(row?.[column]).toBe(incoming);
    });
  });

  it("keep-current leaves it with what it has, but for cells that incoming alone changed", () => {
    onConflict((conflict, world) => {
      const { current } = conflict.rows;
      const row = settledBy(keepCurrent, conflict, world);
      expect(row?.filter((_, at) => !conflict.clean.includes(at))).toEqual(
        current?.filter((_, at) => !conflict.clean.includes(at)),
      );
    });
  });

  it("makes no cell that neither side wrote", () => {
    onConflict((conflict, world) => {
      const { current, incoming } = conflict.rows;
      for (const strategy of [keepCurrent, takeIncoming]) {
        settledBy(strategy, conflict, world)?.forEach((cell, at) => {
          expect([current?.[at], incoming?.[at]]).toContain(cell);
        });
      }
    });
  });

  it("once settled, it is settled: merging the result again has nothing to decide", () => {
    onConflict((conflict, world) => {
      const row = settledBy(takeIncoming, conflict, world);
      const again = merge({ ...world, rows: { ...world.rows, current: row } });
      expect(["already", "kept"]).toContain(again.kind);
    });
  });
});
