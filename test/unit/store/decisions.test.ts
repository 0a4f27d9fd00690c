import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";
import type { Decision } from "../../../src/model/decision.js";
import { createPlanStore, openPlanStore } from "../../../src/store/plan-store.js";
import { decided } from "./sample-decision.js";
import { emptyStore, planPath, readAll } from "./sample-plan.js";

const bob = { by: "bob", at: "2024-03-02T05:00:00.000Z" };

const deeds = async (store: Awaited<ReturnType<typeof emptyStore>>) =>
  (await readAll(store.decisionJournal())).map(({ number, deed, by, at, decision }) => [
    number,
    deed,
    by,
    at,
    decision.conflict,
    decision.resolution,
  ]);

describe("decisions", () => {
  test("come back as they were saved, whatever is in them", async () => {
    const store = await emptyStore();
    const all: readonly Decision[] = [
      decided(1),
      decided(2, { resolution: "value", values: { release: null, 'na"me': "", note: "null" } }),
      decided(3, { reason: 'tab\t, line\n, "quote", \u{1F9EF}, \'--, \uFEFF', by: "o'neill" }),
      decided(4, { resolution: "value", values: { note: "x".repeat(50_000) }, kind: "foreign-key" }),
    ];
    await store.saveDecisions(all);
    expect(await readAll(store.decisions())).toStrictEqual(all);
    expect(await readAll(store.decisions(1))).toStrictEqual(all);
    expect(await store.decisionOf("conflict-3")).toStrictEqual(all[2]);
    expect(await store.decisionOf("conflict-9")).toBeUndefined();
    expect(await store.decisionsOf(["conflict-4", "conflict-9", "conflict-1"])).toStrictEqual(
      new Map([
        ["conflict-1", all[0]],
        ["conflict-4", all[3]],
      ]),
    );
    expect(await store.decisionsOf([])).toStrictEqual(new Map());
    const journal = await readAll(store.decisionJournal());
    expect(journal.map(({ decision }) => decision)).toStrictEqual(all);
  });

  test("take the place of the one before, and the journal keeps both", async () => {
    const store = await emptyStore();
    await store.saveDecisions([decided(1), decided(2)]);
    await store.saveDecisions([decided(1, { resolution: "incoming", ...bob })]);
    expect(await readAll(store.decisions())).toStrictEqual([
      decided(2),
      decided(1, { resolution: "incoming", ...bob }),
    ]);
    const { at } = decided(1);
    expect(await deeds(store)).toStrictEqual([
      [1, "decided", "ann", at, "conflict-1", "current"],
      [2, "decided", "ann", at, "conflict-2", "current"],
      [3, "decided", "bob", bob.at, "conflict-1", "incoming"],
    ]);
  });

  test("of two on one conflict saved at once, the last one counts", async () => {
    const store = await emptyStore();
    await store.saveDecisions([decided(1), decided(1, { resolution: "base" })]);
    expect(await readAll(store.decisions())).toStrictEqual([decided(1, { resolution: "base" })]);
  });

  test("are withdrawn, and the journal says by whom", async () => {
    const store = await emptyStore();
    await store.saveDecisions([decided(1), decided(2)]);
    expect(await store.withdrawDecisions(["conflict-2", "conflict-7"], bob)).toStrictEqual([decided(2)]);
    expect(await store.withdrawDecisions(["conflict-2"], bob)).toStrictEqual([]);
    expect(await readAll(store.decisions())).toStrictEqual([decided(1)]);
    expect((await deeds(store)).at(-1)).toStrictEqual([
      3,
      "withdrawn",
      "bob",
      bob.at,
      "conflict-2",
      "current",
    ]);
  });

  test("of an earlier plan are told apart in the journal", async () => {
    const store = await emptyStore();
    await store.saveDecisions([decided(1)], "reused");
    await store.lapseDecisions([decided(2)], bob);
    expect(await readAll(store.decisions())).toStrictEqual([decided(1)]);
    expect((await deeds(store)).map(([, deed, by]) => [deed, by])).toStrictEqual([
      ["reused", "ann"],
      ["lapsed", "bob"],
    ]);
  });

  test("asked for at once are done one after the other", async () => {
    const store = await emptyStore();
    const some = Array.from({ length: 20 }, (_, at) => decided(at));
    await Promise.all(some.map((decision) => store.saveDecisions([decision])));
    expect(await readAll(store.decisions())).toStrictEqual(some);
    expect(await store.lastJournalNumber()).toBe(20);
  });

  test("are many", async () => {
    const store = await emptyStore();
    const many = Array.from({ length: 5000 }, (_, at) => decided(at));
    await store.saveDecisions(many);
    expect(await readAll(store.decisions())).toStrictEqual(many);
    const withdrawn = many.slice(0, 4990).map(({ conflict }) => conflict);
    expect(await store.withdrawDecisions(withdrawn, bob)).toHaveLength(4990);
    expect(await readAll(store.decisions())).toStrictEqual(many.slice(4990));
    expect(await store.lastJournalNumber()).toBe(9990);
  });

  test("that cannot be saved leave nothing behind, and do not stand in the way of the next", async () => {
    const store = await emptyStore();
    const broken = decided(2, { resolution: "theirs" as never });
    await expect(store.saveDecisions([decided(1), broken])).rejects.toThrow("cannot go on with");
    expect(await readAll(store.decisions())).toStrictEqual([]);
    expect(await readAll(store.decisionJournal())).toStrictEqual([]);
    await store.saveDecisions([decided(1)]);
    expect(await readAll(store.decisions())).toStrictEqual([decided(1)]);
  });

  test("are read while others are saved", async () => {
    const store = await emptyStore();
    await store.saveDecisions(Array.from({ length: 3000 }, (_, at) => decided(at)));
    const read: Decision[] = [];
    for await (const batch of store.decisions(100)) {
      await store.saveDecisions([decided(10_000 + read.length)]);
      read.push(...batch);
    }
    // Those saved meanwhile may be among them.
    expect(read.slice(0, 3000).map(({ conflict }) => conflict)).toEqual(
      Array.from({ length: 3000 }, (_, at) => `conflict-${at}`),
    );
  });
});

describe("a plan opened for reading only", () => {
  test("shows its decisions and takes none", async () => {
    const file = planPath();
    const store = await createPlanStore(file);
    await store.saveDecisions([decided(1)]);
    await store.close();
    const reader = await openPlanStore(file, { readOnly: true });
    expect(await readAll(reader.decisions())).toStrictEqual([decided(1)]);
    await expect(reader.saveDecisions([decided(2)])).rejects.toThrow("opened for reading only");
    await reader.close();
  });
});

test("anybody's DuckDB client can read them", async () => {
  const file = planPath();
  const store = await createPlanStore(file);
  await store.saveDecisions([decided(1, { resolution: "value", values: { release: "7" }, reason: "asked" })]);
  await store.close();
  const instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  const found = await connection.runAndReadAll(
    `SELECT conflict, table_name, resolution, "values" ->> 'release' AS release, reason, decided_by FROM decision`,
  );
  expect(found.getRowObjectsJson()).toEqual([
    {
      conflict: "conflict-1",
      table_name: "public.device",
      resolution: "value",
      release: "7",
      reason: "asked",
      decided_by: "ann",
    },
  ]);
  connection.closeSync();
  instance.closeSync();
});
