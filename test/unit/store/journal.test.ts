import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { Approval, Finding, JournalBatch } from "../../../src/model/journal.js";
import { createPlanStore, openPlanStore, type PlanStore } from "../../../src/store/plan-store.js";
import { newFolder } from "../../support/folder.js";
import { restored } from "./sample-plan.js";

let file: string;
let store: PlanStore;

beforeEach(async () => {
  file = join(newFolder(), "plan.duckdb");
  store = await createPlanStore(file);
  await store.appendRows([0, 1, 2, 3, 4, 5].map((position) => restored(position)));
  await store.flushRows();
  return () => store.close();
});

const batch = (number: number, written: readonly number[], more: Partial<JournalBatch> = {}) => ({
  ...{
    number,
    target: "7/5",
    direction: "patch" as const,
    transaction: `${700 + number}`,
    place: "db1/1",
    startedAt: "now",
  },
  ...{ written, already: [] },
  ...more,
});

async function reopen(): Promise<void> {
  await store.close();
  store = await openPlanStore(file);
}

describe("the journal", () => {
  test("counts a batch once its fate is known, also after the file was closed", async () => {
    await store.journal.intend(batch(1, [0, 1], { already: [2] }), []);
    await store.journal.intend(batch(2, [3]), [{ number: 1, fate: "committed" }]);
    await reopen();
    expect([...(await store.journal.states("7/5"))]).toEqual([1, 1, 2, 0, 0, 0]);
    expect(await store.journal.unknown("7/5")).toEqual([batch(2, [3])]);
    expect(await store.journal.lastNumber()).toBe(2);
    await store.journal.settle([{ number: 2, fate: "aborted" }]);
    expect(await store.journal.unknown("7/5")).toEqual([]);
    expect([...(await store.journal.states("7/5"))]).toEqual([1, 1, 2, 0, 0, 0]);
  });

  test("is told what became of the rows of a batch", async () => {
    await store.journal.intend(batch(1, [0, 1, 2]), []);
    await store.journal.amend({ number: 1, written: [0], already: [1, 2] });
    await store.journal.settle([{ number: 1, fate: "committed" }]);
    expect([...(await store.journal.states("7/5"))]).toEqual([1, 2, 2, 0, 0, 0]);
  });

  test("a rollback opens rows again, and they can be written again", async () => {
    const steps = [
      batch(1, [0, 1, 2]),
      batch(2, [2], { direction: "rollback", already: [1] }),
      batch(3, [1]),
    ];
    for (const step of steps) await store.journal.intend(step, []);
    await store.journal.settle(steps.map(({ number }) => ({ number, fate: "committed" })));
    expect([...(await store.journal.states("7/5"))]).toEqual([1, 1, 0, 0, 0, 0]);
  });

  test("knows one database from another", async () => {
    await store.journal.intend(batch(1, [0], { target: "8/1", place: "db9/1" }), []);
    await store.journal.settle([{ number: 1, fate: "committed" }]);
    expect([...(await store.journal.states("7/5"))]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await store.journal.places("7/5")).toEqual([]);
    expect(await store.journal.places("8/1")).toEqual(["db9/1"]);
  });

  test("forgets rows that turned out not to be there", async () => {
    await store.journal.intend(batch(1, [0, 1, 2]), []);
    await store.journal.settle([{ number: 1, fate: "committed" }]);
    await store.journal.forget("7/5", [1, 5]);
    expect([...(await store.journal.states("7/5"))]).toEqual([1, 0, 1, 0, 0, 0]);
  });

  test("keeps the findings of the last run", async () => {
    const moved: Finding = { position: 3, kind: "moved", text: `owner is 'b"ob', expected 'ann\n'` };
    const waits: Finding = { position: 1, kind: "waits", text: 'needs public.issue {"id":"4"}' };
    await store.journal.addFindings("7/5", "patch", [{ ...moved, position: 5 }]);
    await store.journal.clearFindings("7/5", "patch");
    await store.journal.addFindings("7/5", "patch", [moved]);
    await store.journal.addFindings("7/5", "patch", [waits]);
    await store.journal.clearFindings("7/5", "rollback");
    expect(await store.journal.findings("7/5", "patch", 10)).toEqual([waits, moved]);
    expect(await store.journal.findings(undefined, "patch", 1)).toEqual([waits]);
    expect(await store.journal.findings("7/6", "patch", 10)).toEqual([]);
  });
});

test("bonds are kept as they are, in the place of those before", async () => {
  await store.bonds.replace([{ row: 4, needs: 2, kind: "against" }]);
  const bonds = [
    { row: 1, needs: 0, kind: "usual" },
    { row: 2, needs: 1, kind: "together" },
  ] as const;
  await store.bonds.replace(bonds);
  expect(await store.bonds.read()).toEqual(bonds);
});

test("approvals are kept, the last one last", async () => {
  const one: Approval = {
    fingerprint: "abc",
    by: "Ada 'x'",
    comment: undefined,
    at: "2024-01-01T00:00:00Z",
    tables: {},
  };
  await store.approvals.add({ ...one, comment: "first" });
  await store.approvals.add(one);
  expect(await store.approvals.read()).toEqual([{ ...one, comment: "first" }, one]);
});
