import fc from "fast-check";
import { expect, it } from "vitest";
import type { Change, PlannedRow } from "../../../src/model/change.js";
import type { Row } from "../../../src/model/value.js";
import { stagingShape } from "../../../src/sql/patch/staging.js";
import type { KeyedChange, PatchStep } from "../../../src/sql/patch/step.js";
import { holdRows } from "../../../src/workflow/files/held-rows.js";
import { type Direction, type PatchSource, patchSteps } from "../../../src/workflow/files/patch-steps.js";
import { tableOf } from "../tables.js";
import { emptyStore, readAll, restored } from "./sample-plan.js";

const tables = [tableOf("device", ["id", "release", "seen_at"]), tableOf("seat", ["id", "row", "side"])];

const before = ["7", "17", null] as const;
const after = ["7", null, "noon"] as const;
const changes = fc.constantFrom<Change | undefined>(
  { kind: "insert", after },
  { kind: "delete", before },
  { kind: "update", before, after, columns: [1] },
  { kind: "update", before, after, columns: [2, 1] },
  undefined,
);
const park = fc.option(fc.constant([{ column: 1, value: "aside" }]), { nil: undefined });

const rowsOf = fc.array(
  fc.record({ table: fc.nat({ max: 1 }), change: changes, park, wave: fc.nat({ max: 2 }) }),
  {
    maxLength: 15,
  },
);

/** All that a patch is made of. */
async function told(source: PatchSource, direction: Direction) {
  const steps = await patchSteps(source, { tables }, direction);
  const all = [];
  for (const { changes: read, ...step } of steps) {
    const changes = await readAll(read());
    all.push({ step, changes: changes.map((change) => stagedOf({ ...step, changes: read }, change)) });
  }
  return all;
}

/** The cells that go into a patch: of others there may be any, or none. */
function stagedOf(step: PatchStep, { change, ...rest }: KeyedChange) {
  const shape = stagingShape(step);
  const cells = (row: Row, positions: readonly number[]) => positions.map((at) => row[at] ?? null);
  const before = cells(change.kind === "insert" ? [] : change.before, shape.before);
  const after = cells(change.kind === "delete" ? [] : change.after, shape.after);
  return { ...rest, kind: change.kind, before, after };
}

it("a small patch is the same whether its rows are held or read from the store step by step", async () => {
  await fc.assert(
    fc.asyncProperty(rowsOf, async (drawn) => {
      const rows = drawn.map(({ table, change, park: cells, wave }, position): PlannedRow => {
        const isMoved = change !== undefined && cells !== undefined;
        const moved = isMoved ? { park: cells, ...(wave > 0 ? { wave } : {}) } : {};
        const current = change?.kind === "insert" ? undefined : before;
        return restored(position, { table, change, current, key: [String(position)], ...moved });
      });
      const store = await emptyStore();
      try {
        await store.appendRows(rows);
        await store.flushRows();
        const held = await holdRows(store.rows({ anyChange: true }));
        if (held === undefined) throw new Error("too many rows");
        for (const direction of ["patch", "rollback"] as const)
          expect(await told(held, direction)).toEqual(await told(store, direction));
      } finally {
        await store.close();
      }
    }),
    { numRuns: 25 },
  );
});

it("a large patch is not held", async () => {
  async function* many(rows: number, row: PlannedRow) {
    for (let at = 0; at < rows; at += 1) yield [row];
  }
  const wide = restored(1, { pre: ["1", "x".repeat(5_000_000), null] });
  expect(await holdRows(many(2000, restored(1)))).toBeDefined();
  expect(await holdRows(many(2001, restored(1)))).toBeUndefined();
  expect(await holdRows(many(2, wide))).toBeUndefined();
});

it("what a patch never asks by is refused rather than passed over", async () => {
  const held = await holdRows(
    (async function* () {
      yield [restored(1)];
    })(),
  );
  if (held === undefined) throw new Error("too many rows");
  await expect(readAll(held.writes({ outcomes: ["skipped"] }))).rejects.toThrow("asked for by outcomes");
});
