import { describe, expect, test } from "vitest";
import type { PlannedRow } from "../../../src/model/change.js";
import { createPlanStore, openPlanStore, type RowFilter } from "../../../src/store/plan-store.js";
import { blanked, emptyStore, header, inConflict, planPath, readAll, restored } from "./sample-plan.js";

describe("differences", () => {
  test("come back by table, in the order in which they were appended", async () => {
    const store = await emptyStore();
    await store.appendDifferences(1, [blanked(9), blanked(2)]);
    await store.appendDifferences(0, [blanked(5)]);
    await store.appendDifferences(1, [blanked(4)]);
    await store.flushDifferences();
    expect(await readAll(store.differences(1))).toStrictEqual([blanked(9), blanked(2), blanked(4)]);
    expect(await readAll(store.differences(0))).toStrictEqual([blanked(5)]);
    expect(await readAll(store.differences(7))).toStrictEqual([]);
  });

  test("are counted by table and operation", async () => {
    const store = await emptyStore();
    await store.appendDifferences(1, [blanked(1)]);
    await store.appendDifferences(0, [
      { key: ["1"], operation: "delete", pre: ["1"], post: undefined, transaction: undefined },
      { key: ["2"], operation: "insert", pre: undefined, post: ["2"], transaction: "7" },
      { key: ["3"], operation: "insert", pre: undefined, post: ["3"], transaction: "7" },
    ]);
    await store.flushDifferences();
    expect(await store.countDifferences()).toStrictEqual([
      { table: 0, operation: "insert", rows: 2 },
      { table: 0, operation: "delete", rows: 1 },
      { table: 1, operation: "update", rows: 1 },
    ]);
  });

  test("can be dropped, and appended again", async () => {
    const store = await emptyStore();
    await store.appendDifferences(0, [blanked(1)]);
    await store.dropDifferences();
    expect(await store.countDifferences()).toStrictEqual([]);
    await store.appendDifferences(0, [blanked(2)]);
    await store.flushDifferences();
    expect(await readAll(store.differences(0))).toStrictEqual([blanked(2)]);
  });
});

describe("rows", () => {
  const rows: readonly PlannedRow[] = [
    restored(0),
    inConflict(1),
    restored(2, {
      change: { kind: "insert", after: ["2", "17", null] },
      current: undefined,
      operation: "delete",
    }),
    restored(3, {
      change: { kind: "delete", before: ["3", null, "2024-03-01"] },
      operation: "insert",
      table: 1,
    }),
    restored(4, { change: undefined, outcome: "kept", reason: "an insert of the incident" }),
    inConflict(5, {
      resolution: "current",
      reason: "newest",
      columns: [],
      kind: "foreign-key",
      cause: "issue 4",
    }),
  ];

  async function filled() {
    const store = await emptyStore();
    await store.appendRows([...rows].reverse());
    await store.flushRows();
    return store;
  }

  test("come back exactly, in order of position", async () => {
    expect(await readAll((await filled()).rows())).toStrictEqual(rows);
  });

  test.each<{ filter: RowFilter; expected: readonly number[] }>([
    { filter: { descending: true }, expected: [5, 4, 3, 2, 1, 0] },
    { filter: { table: 1 }, expected: [3] },
    { filter: { table: 2 }, expected: [] },
    { filter: { outcomes: ["conflict", "kept"] }, expected: [1, 4, 5] },
    { filter: { outcomes: [] }, expected: [] },
    { filter: { changes: ["insert", "delete"] }, expected: [2, 3] },
    { filter: { anyChange: true }, expected: [0, 2, 3] },
    { filter: { anyChange: false, descending: true }, expected: [5, 4, 1] },
    { filter: { columns: [1] }, expected: [0] },
    { filter: { columns: [1, 2] }, expected: [] },
    { filter: { inConflict: true }, expected: [1, 5] },
    { filter: { inConflict: false, table: 0, changes: ["update"] }, expected: [0] },
  ])("are filtered by $filter", async ({ filter, expected }) => {
    const found = await readAll((await filled()).rows(filter));
    expect(found.map(({ position }) => position)).toStrictEqual(expected);
  });

  test("are tallied by all that the summary tells apart", async () => {
    const store = await filled();
    await store.appendRows([restored(6), restored(7, { decided: true })]);
    await store.flushRows();
    const update = {
      table: 0,
      operation: "update",
      conflictKind: undefined,
      decided: false,
      rekeyed: false,
      rows: 1,
    } as const;
    expect(await store.tallies()).toStrictEqual([
      { ...update, outcome: "apply", change: "update", rows: 2 },
      { ...update, outcome: "apply", change: "update", decided: true },
      { ...update, outcome: "conflict", change: undefined, conflictKind: "foreign-key" },
      { ...update, outcome: "conflict", change: undefined, conflictKind: "update/update" },
      { ...update, outcome: "kept", change: undefined },
      { ...update, operation: "delete", outcome: "apply", change: "insert" },
      { ...update, operation: "insert", outcome: "apply", change: "delete", table: 1 },
    ]);
  });

  test("tell the sets of columns that updates write", async () => {
    const store = await emptyStore();
    const writing = (position: number, columns: readonly number[], table = 0) => {
      const row = restored(position, { table });
      return { ...row, change: { ...row.change, columns } } as PlannedRow;
    };
    await store.appendRows([writing(0, [2, 1]), writing(1, [10]), writing(2, [1, 2]), writing(3, [0], 1)]);
    await store.appendRows([inConflict(4)]);
    await store.flushRows();
    expect(await store.updateShapes(0)).toStrictEqual([
      { columns: [1, 2], rows: 2 },
      { columns: [10], rows: 1 },
    ]);
    const both = await readAll(store.rows({ columns: [1, 2] }));
    expect(both.map(({ position }) => position)).toStrictEqual([0, 2]);
  });

  test("are refused when a change does not replace what is current", async () => {
    const store = await emptyStore();
    const row = restored(3, { current: ["3", "18", null] });
    await expect(store.appendRows([row])).rejects.toThrow("position 3 does not replace what is current");
  });
});

describe("replaced rows", () => {
  const long = restored(1, { pre: ["1", "x".repeat(9000), null], change: undefined });

  test("stand where the others stood, which are gone with their long texts", async () => {
    const store = await emptyStore();
    await store.appendRows([restored(0), long, restored(2)]);
    await store.replaceRows([inConflict(2), { ...long, pre: ["1", "y".repeat(5000), null] }]);
    expect(await readAll(store.rows())).toStrictEqual([
      restored(0),
      { ...long, pre: ["1", "y".repeat(5000), null] },
      inConflict(2),
    ]);
    await store.replaceRows([]);
    expect(await readAll(store.rows({ positions: [2, 0] }))).toStrictEqual([restored(0), inConflict(2)]);
    expect(await readAll(store.rows({ positions: [] }))).toStrictEqual([]);
  });

  test("leave everything as it was when one of them cannot be stored", async () => {
    const store = await emptyStore();
    await store.appendRows([restored(0), long]);
    await store.flushRows();
    const wrong = restored(1, { current: ["1", "18", null] });
    await expect(store.replaceRows([inConflict(0), wrong])).rejects.toThrow("position 1");
    await store.flushRows();
    expect(await readAll(store.rows())).toStrictEqual([restored(0), long]);
  });
});

describe("the header", () => {
  test("comes back, and can be replaced", async () => {
    const store = await emptyStore();
    await store.writeHeader({ ...header, planId: "before" });
    await store.writeHeader(header);
    expect(await store.readHeader()).toStrictEqual(header);
  });

  test("is missed when the plan was not finished", async () => {
    const store = await emptyStore();
    await expect(store.readHeader()).rejects.toMatchObject({
      code: "plan",
      message: "the plan is unfinished",
    });
  });
});

test("a plan can be opened again, to be read and to be added to", async () => {
  const file = planPath();
  const written = await createPlanStore(file);
  await written.writeHeader(header);
  await written.appendDifferences(0, [blanked(1)]);
  await written.flushDifferences();
  await written.close();

  const added = await openPlanStore(file);
  await added.appendDifferences(0, [blanked(0)]);
  await added.flushDifferences();
  await added.close();

  const read = await openPlanStore(file, { readOnly: true });
  expect(await readAll(read.differences(0))).toStrictEqual([blanked(1), blanked(0)]);
  expect(await read.readHeader()).toStrictEqual(header);
  await read.close();
});

test("what was not flushed is neither seen nor kept", async () => {
  const file = planPath();
  const store = await createPlanStore(file);
  await store.appendRows([restored(0)]);
  await store.flushRows();
  await store.appendRows([restored(1)]);
  expect(await readAll(store.rows())).toHaveLength(1);
  await store.close();
  const again = await openPlanStore(file);
  expect(await readAll(again.rows())).toStrictEqual([restored(0)]);
  await again.close();
});
