import { describe, expect, test } from "vitest";
import type { Difference } from "../../../src/model/change.js";
import { createPlanStore, openPlanStore } from "../../../src/store/plan-store.js";
import { blanked, emptyStore, inConflict, planPath, readAll, restored } from "./sample-plan.js";

const ids = (count: number): readonly number[] => Array.from({ length: count }, (_, id) => id);

describe("batches", () => {
  test.each([1, 2, 3, 5, 1000])("of %i hold no more, and all rows in order", async (size) => {
    const store = await emptyStore();
    await store.appendDifferences(0, ids(5).map(blanked));
    await store.flushDifferences();
    const sizes: number[] = [];
    const all: Difference[] = [];
    for await (const batch of store.differences(0, size)) {
      sizes.push(batch.length);
      all.push(...batch);
    }
    expect(all).toStrictEqual(ids(5).map(blanked));
    expect(Math.max(...sizes)).toBe(Math.min(size, 5));
  });

  test.each([0, -1, 1.5, Number.NaN])("of %d rows are refused", async (size) => {
    const store = await emptyStore();
    await expect(readAll(store.rows({}, size))).rejects.toThrow(RangeError);
  });
});

test("rows appended in any order come out in order, over many pages and row groups", async () => {
  const store = await emptyStore();
  const count = 10_000;
  // 7 and the count have no divisor in common: every position once.
  await store.appendRows(ids(count).map((id) => restored((id * 7) % count)));
  await store.flushRows();
  const positions = (await readAll(store.rows())).map(({ position }) => position);
  expect(positions).toStrictEqual(ids(count));
  const falling = (await readAll(store.rows({ descending: true }, 77))).map(({ position }) => position);
  expect(falling).toStrictEqual([...positions].reverse());
});

test("a few rows are found far apart", async () => {
  const store = await emptyStore();
  const far = [3, 5_000_000, 4_000_000_000_000];
  await store.appendRows([...ids(3000).map((id) => restored(id + 10)), ...far.map((at) => inConflict(at))]);
  await store.flushRows();
  expect(await readAll(store.rows({ inConflict: true }))).toStrictEqual(far.map((at) => inConflict(at)));
});

test("texts of any length come back, in pages that fit into memory", async () => {
  const store = await emptyStore({ memoryLimitMb: 32 });
  // The second part starts with U+FEFF, then with the second half of a character, were it cut there.
  const awkward = [
    "\uFEFF".repeat(7000),
    `x${"\u{1F9EF}".repeat(7000)}`,
    `${"x".repeat(1990)}\uFEFFyz`.repeat(9),
  ];
  const large = (id: number): Difference => ({
    ...blanked(id),
    post: [String(id), awkward[id % 3] ?? "", id % 50 === 0 ? "€".repeat(1_000_000) : null],
  });
  await store.appendDifferences(0, ids(200).map(large));
  await store.flushDifferences();
  let at = 0;
  for await (const batch of store.differences(0)) {
    for (const difference of batch) expect(difference).toStrictEqual(large(at++));
  }
  expect(at).toBe(200);
});

test("a consumer that stops early leaves nothing behind", async () => {
  const file = planPath();
  const store = await createPlanStore(file);
  await store.appendRows(ids(6000).map((id) => restored(id)));
  await store.flushRows();
  for await (const [row] of store.rows()) {
    expect(row).toStrictEqual(restored(0));
    break;
  }
  await expect(
    (async () => {
      for await (const _ of store.rows({}, 2)) throw new Error("the consumer failed");
    })(),
  ).rejects.toThrow("the consumer failed");
  await store.close();
  const again = await openPlanStore(file);
  expect(await readAll(again.rows({}, 5000))).toHaveLength(6000);
  await again.close();
});

test("several readers and a writer do not disturb one another", async () => {
  const store = await emptyStore();
  for (const table of [0, 1]) await store.appendDifferences(table, ids(5000).map(blanked));
  await store.flushDifferences();
  const copy = async (table: number) => {
    for await (const batch of store.differences(table, 300)) {
      await store.appendRows(batch.map(({ key }) => restored(Number(key[0]) * 2 + table, { table })));
    }
  };
  await Promise.all([copy(0), copy(1)]);
  await store.flushRows();
  await store.dropDifferences();
  const positions = (await readAll(store.rows())).map(({ position }) => position);
  expect(positions).toStrictEqual(ids(10_000));
});

test("closing waits for what is under way, and ends it", async () => {
  const store = await emptyStore();
  await store.appendDifferences(0, ids(9000).map(blanked));
  await store.flushDifferences();
  const forever = async (work: () => Promise<unknown>) => {
    for (;;) await work();
  };
  const ends = Promise.allSettled([
    forever(() => readAll(store.differences(0, 500))),
    forever(() => store.appendDifferences(1, ids(500).map(blanked))),
    forever(() => store.countDifferences()),
  ]);
  await new Promise((resolve) => setTimeout(resolve, 30));
  await store.close();
  const closed = { status: "rejected", reason: expect.objectContaining({ message: "the plan is closed" }) };
  expect(await ends).toStrictEqual([closed, closed, closed]);
});

test("a failure to write is told to everybody who comes after", async () => {
  const store = await emptyStore();
  const unknown = { ...blanked(1), operation: "truncate" as "delete" };
  await store.appendDifferences(0, [unknown]);
  await expect(store.flushDifferences()).rejects.toMatchObject({ code: "plan" });
  await store.appendDifferences(0, [blanked(2)]);
  await expect(store.flushDifferences()).rejects.toThrow("truncate");
  expect(await store.countDifferences()).toStrictEqual([]);
});
