import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlannedRow } from "../../../src/model/change.js";
import type { PlanStore } from "../../../src/store/plan-store.js";
import { emptyStore, readAll, restored } from "./sample-plan.js";

type Need = readonly [row: number, needs: number];

async function storeOf(tenants: readonly (string | undefined)[], more: readonly PlannedRow[] = []) {
  const store = await emptyStore();
  await store.appendRows([...tenants.map((tenant, at) => restored(at, { tenant })), ...more]);
  await store.flushRows();
  return store;
}

const cut = (store: PlanStore, needs: readonly Need[]) =>
  store.cutPatches(needs.map(([row, needed]) => ({ row, needs: needed })));

/** Positions by tenant: what its patch writes, and what its rollback takes back. */
async function cutOf(store: PlanStore) {
  const found: Record<string, { readonly patch: number[]; readonly rollback: number[] }> = {};
  for (const patch of await store.tenantPatches()) {
    const positions = async (direction: "patch" | "rollback") => {
      const rows = await readAll(store.rows({ patch: { patch, direction }, anyChange: true }));
      return rows.map(({ position }) => position);
    };
    found[patch.tenant ?? ""] = { patch: await positions("patch"), rollback: await positions("rollback") };
  }
  return found;
}

/** The same, told plainly: rows with all that they need; and own rows but for those with all that others need. */
function byHand(tenants: readonly (string | undefined)[], needs: readonly Need[]) {
  const closure = (rows: readonly number[]) => {
    const all = new Set(rows);
    for (const row of all) for (const [from, to] of needs) if (from === row) all.add(to);
    return all;
  };
  const found: Record<string, { readonly patch: number[]; readonly rollback: number[] }> = {};
  for (const tenant of new Set(tenants)) {
    const own = tenants.flatMap((other, at) => (other === tenant ? [at] : []));
    const patch = closure(own);
    const needed = (row: number) => needs.some(([from, to]) => to === row && !own.includes(from));
    const held = closure(own.filter(needed));
    const rising = (rows: Iterable<number>) => [...rows].sort((a, b) => a - b);
    found[tenant ?? ""] = {
      patch: rising(patch),
      rollback: own.filter((row) => !held.has(row)),
    };
  }
  return found;
}

describe("patches cut out of a plan", () => {
  it("hold what their rows need, and leave what others need when taken back", async () => {
    // 0 is nobody's and needed by rows of a and b; 1 only by a, by way of b's 3.
    const store = await storeOf([undefined, undefined, "a", "b", "b", "a"]);
    await cut(store, [
      [2, 0],
      [4, 0],
      [5, 3],
      [3, 1],
    ]);
    expect(await cutOf(store)).toEqual({
      "": { patch: [0, 1], rollback: [] },
      a: { patch: [0, 1, 2, 3, 5], rollback: [2, 5] },
      b: { patch: [0, 1, 3, 4], rollback: [4] },
    });
    expect(await store.tenantPatches()).toEqual([
      { number: 0, tenant: undefined, own: 2, guests: 0, stays: 2 },
      { number: 1, tenant: "a", own: 2, guests: 3, stays: 0 },
      { number: 2, tenant: "b", own: 2, guests: 2, stays: 1 },
    ]);
  });

  it("are numbered from the one that writes most, and only those that write are", async () => {
    const left = restored(9, { tenant: "c", change: undefined, outcome: "kept" });
    const store = await storeOf(["b", "a", "b", "'; DROP TABLE planned_row; --"], [left]);
    await cut(store, []);
    const patches = await store.tenantPatches();
    expect(patches.map(({ number, tenant }) => [number, tenant])).toEqual([
      [1, "b"],
      [2, "'; DROP TABLE planned_row; --"],
      [3, "a"],
    ]);
    expect((await cutOf(store))["'; DROP TABLE planned_row; --"]?.patch).toEqual([3]);
  });

  it("are cut anew when the plan changes", async () => {
    const store = await storeOf(["a", "b"]);
    await cut(store, [[0, 1]]);
    await store.replaceRows([restored(1, { tenant: "b", change: undefined, outcome: "kept" })]);
    await cut(store, []);
    expect(await store.tenantPatches()).toEqual([{ number: 1, tenant: "a", own: 1, guests: 0, stays: 0 }]);
  });

  it("tell tallies and shapes of their own rows", async () => {
    const store = await storeOf(["a", "b", "a"]);
    await cut(store, [[0, 1]]);
    const [patch] = await store.tenantPatches();
    if (patch === undefined) throw new Error("nothing was cut");
    const filter = { patch: { patch, direction: "patch" } } as const;
    expect(await store.tallies(filter)).toMatchObject([{ rows: 3 }]);
    expect(await store.updateShapes(0, filter)).toEqual([{ columns: [1], rows: 3 }]);
  });

  it("are what they would be by hand, however rows need each other", async () => {
    const tenants = fc.array(fc.constantFrom(undefined, "a", "b", "c"), { minLength: 2, maxLength: 12 });
    const world = tenants.chain((of) => {
      const row = fc.nat({ max: of.length - 1 });
      return fc.tuple(fc.constant(of), fc.array(fc.tuple(row, row), { maxLength: 20 }));
    });
    await fc.assert(
      fc.asyncProperty(world, async ([of, pairs]) => {
        const needs = pairs.filter(([row, needed]) => row !== needed);
        const store = await storeOf(of);
        try {
          await cut(store, needs);
          expect(await cutOf(store)).toEqual(byHand(of, needs));
        } finally {
          await store.close();
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe("counts by owner", () => {
  it("of tenants and of actors, those first of whose rows most is lost", async () => {
    const store = await emptyStore();
    await store.appendRows([
      restored(0, { tenant: "a", actor: "ann" }),
      restored(1, { tenant: "a", actor: "ann", outcome: "skipped", change: undefined }),
      restored(2, { tenant: "b", actor: "ann", table: 1 }),
      restored(3, { tenant: "b", actor: "ann" }),
      restored(4, {}),
    ]);
    await store.flushRows();
    expect(await store.tenantTallies()).toEqual([
      { tenant: "a", outcome: "apply", conflictKind: undefined, rows: 1, written: 1 },
      { tenant: "a", outcome: "skipped", conflictKind: undefined, rows: 1, written: 0 },
      { tenant: "b", outcome: "apply", conflictKind: undefined, rows: 2, written: 2 },
      { tenant: undefined, outcome: "apply", conflictKind: undefined, rows: 1, written: 1 },
    ]);
    expect(await readAll(store.actorTallies())).toMatchObject([
      { actor: "ann", tenant: "a", outcomes: { apply: 1, skipped: 1 }, tables: [0] },
      { actor: "ann", tenant: "b", outcomes: { apply: 2, skipped: 0 }, tables: [0, 1] },
      { actor: undefined, tenant: undefined, outcomes: { apply: 1 }, tables: [0] },
    ]);
    expect(await store.countActors()).toEqual({ actors: 1, rowsWithout: 1 });
  });

  it("can be left in the middle", async () => {
    const store = await emptyStore();
    await store.appendRows(Array.from({ length: 5000 }, (_, at) => restored(at, { actor: `person ${at}` })));
    await store.flushRows();
    for await (const batch of store.actorTallies()) {
      expect(batch.length).toBeLessThan(5000);
      break;
    }
    expect(await readAll(store.actorTallies())).toHaveLength(5000);
  });
});
