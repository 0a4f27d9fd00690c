import { beforeEach, describe, expect, it } from "vitest";
import type { Decision } from "../../../src/model/decision.js";
import type { PlanStore } from "../../../src/store/plan-store.js";
import { emptyStore, header, inConflict, readAll, restored } from "./sample-plan.js";

/** Positions 0–9; 2, 4, 6 and 8 are in conflict; of 8 the device is gone, and 6 is of another table. */
let store: PlanStore;
const who = { by: "ann", at: "2026-03-02T04:00:00Z" };

beforeEach(async () => {
  store = await emptyStore();
  const rows = Array.from({ length: 10 }, (_, at) =>
    at % 2 === 0 && at > 0 ? inConflict(at) : restored(at),
  );
  const gone = inConflict(8, { kind: "delete/update", columns: [] });
  const other = { ...inConflict(6), table: 1 };
  await store.appendRows(
    rows.map((row, at) => (at === 8 ? { ...gone, current: undefined } : at === 6 ? other : row)),
  );
  await store.flushRows();
  await store.writeHeader(header);
});

describe("conflictGroups", () => {
  it("counts what is alike", async () => {
    expect(await store.conflictGroups()).toEqual([
      { table: 0, kind: "update/update", positions: [1], pattern: "1vnv", rows: 2, decided: 0 },
      { table: 0, kind: "delete/update", positions: [], pattern: "1vn-", rows: 1, decided: 0 },
      { table: 1, kind: "update/update", positions: [1], pattern: "1vnv", rows: 1, decided: 0 },
    ]);
  });

  it("counts one table", async () => {
    expect(await store.conflictGroups(1)).toHaveLength(1);
  });

  it("tells what is decided, by a person or a strategy", async () => {
    await store.replaceRows([inConflict(2, { resolution: "current", reason: "newest" })]);
    await take(4);
    expect(await store.conflictGroups(0)).toMatchObject([
      { decided: 0, rows: 1 },
      { decided: 2, rows: 2 },
    ]);
  });
});

describe("conflictPositions", () => {
  it.each([
    ["all", {}, [2, 4, 6, 8]],
    ["a table", { table: 0 }, [2, 4, 8]],
    ["positions", { positions: [4, 5, 6] }, [4, 6]],
    ["a text in a value", { text: "2024-03-02" }, [2, 4, 6]],
    ["a text in the key, in upper or lower case", { text: "8" }, [2, 4, 6, 8]],
    ["a text that is nowhere", { text: "%" }, []],
    ["nothing decided", { decided: true }, []],
  ])("%s", async (_, selection, expected) => {
    expect(await store.conflictPositions(selection)).toEqual(expected);
  });

  it("a text longer than a part, which ends two parts or more after the one it begins in", async () => {
    const long = await emptyStore();
    // Characters of one, two and three bytes, and some of two UTF-16 units: parts are cut by none of these.
    const text = (count: number) => Array.from({ length: count }, (_, at) => `${at} "日本" 🐘Ä\n`).join("");
    const values = [300, 500, 900].map((count) => `${"x".repeat(1500)}${text(count)}${"y".repeat(9000)}`);
    await long.appendRows(
      values.map((value, at) => ({ ...inConflict(at), current: [String(at), value, null] })),
    );
    await long.flushRows();
    const find = (wanted: string) => long.conflictPositions({ text: wanted });
    expect(await find(text(300))).toEqual([0, 1, 2]);
    expect(await find(text(500).toUpperCase())).toEqual([1, 2]);
    expect(await find(text(900))).toEqual([2]);
    expect(await find(`${text(900)}z`)).toEqual([]);
    expect(await find("y".repeat(9000))).toEqual([0, 1, 2]);
    expect(await find("y".repeat(9001))).toEqual([]);
  });

  it("a text across the border of two parts of a long value, wherever it is", async () => {
    const long = await emptyStore();
    // Around 2000 characters a value is cut; quotes are two characters there.
    const values = Array.from(
      { length: 30 },
      (_, at) => `${"x".repeat(1970 + at)}Ein "Wörtchen" dazu${"y".repeat(3000)}`,
    );
    await long.appendRows(
      values.map((value, at) => ({ ...inConflict(at), current: [String(at), value, null] })),
    );
    await long.flushRows();
    await long.writeHeader(header);
    const all = values.map((_, at) => at);
    for (const text of ['ein "wörtchen" DAZU', "nyy", "zuy", "xe", 'n"', "xa"]) {
      const found = values.some((value) => value.toLowerCase().includes(text.toLowerCase()));
      expect(await long.conflictPositions({ text }), text).toEqual(found ? all : []);
    }
  });

  it("groups", async () => {
    const [first, second] = await store.conflictGroups();
    if (first === undefined || second === undefined) throw new Error("there are two");
    expect(await store.conflictPositions({ groups: [first] })).toEqual([2, 4]);
    expect(await store.conflictPositions({ groups: [first, second] })).toEqual([2, 4, 8]);
  });
});

describe("steps", () => {
  it("take, undo and redo, as often as one likes", async () => {
    const one = await take(2, 4);
    const two = await take(4, 8);
    expect(await standing()).toEqual(["conflict-2", "conflict-4", "conflict-8"]);
    await store.restoreDecisions(two, two.first - 1, who);
    expect(await standing()).toEqual(["conflict-2", "conflict-4"]);
    await store.restoreDecisions(one, one.first - 1, who);
    expect(await standing()).toEqual([]);
    await store.restoreDecisions(one, one.last, who);
    await store.restoreDecisions(two, two.last, who);
    expect(await standing()).toEqual(["conflict-2", "conflict-4", "conflict-8"]);
  });

  it("brings back the decision that was replaced, whole", async () => {
    await store.saveDecisions([
      { ...decision(2), resolution: "value", values: { release: null }, reason: "because" },
    ]);
    const before = await store.decisionOf("conflict-2");
    const step = await take(2);
    await store.restoreDecisions(step, step.first - 1, who);
    expect(await store.decisionOf("conflict-2")).toEqual(before);
  });

  it("withdraws what is selected, and that can be taken back", async () => {
    await take(2, 4, 6);
    const step = await store.withdrawSelected({ table: 0 }, who);
    expect(await standing()).toEqual(["conflict-6"]);
    await store.restoreDecisions(step, step.first - 1, who);
    expect(await standing()).toEqual(["conflict-2", "conflict-4", "conflict-6"]);
  });

  it("counts what is decided otherwise than before", async () => {
    await take(2);
    const then = await store.lastJournalNumber();
    const step = await take(4, 8);
    expect(await store.countDecidedSince(then)).toBe(2);
    await store.restoreDecisions(step, step.first - 1, who);
    expect(await store.countDecidedSince(then)).toBe(0);
    await store.withdrawSelected({ positions: [2] }, who);
    expect(await store.countDecidedSince(then)).toBe(1);
  });

  it("takes back and does again more than fits into memory", async () => {
    const small = await emptyStore({ memoryLimitMb: 64 });
    const reason = "as agreed in the night ".repeat(40);
    async function* batches() {
      for (let from = 0; from < 24_000; from += 500)
        yield Array.from({ length: 500 }, (_, at) => ({ ...decision(from + at), reason }));
    }
    const step = await small.takeDecisions(batches());
    await small.restoreDecisions(step, step.first - 1, who);
    expect(await small.countDecidedSince(0)).toBe(0);
    await small.restoreDecisions(step, step.last, who);
    expect(await small.countDecidedSince(0)).toBe(24_000);
  }, 60_000);

  it("saves all of them or none", async () => {
    async function* failing() {
      yield [decision(2)];
      throw new Error("the next batch cannot be decided");
    }
    await expect(store.takeDecisions(failing())).rejects.toThrow("cannot be decided");
    expect(await standing()).toEqual([]);
  });
});

function decision(at: number): Decision {
  return {
    ...{ conflict: `conflict-${at}`, table: "public.device", key: { id: String(at) }, kind: "update/update" },
    ...{ resolution: "current", reason: undefined, ...who, fingerprint: `f${at}` },
  } as Decision;
}

async function take(...positions: readonly number[]) {
  async function* batches() {
    yield positions.map(decision);
  }
  return store.takeDecisions(batches());
}

async function standing(): Promise<readonly string[]> {
  return (await readAll(store.decisions())).map(({ conflict }) => conflict).toSorted();
}
