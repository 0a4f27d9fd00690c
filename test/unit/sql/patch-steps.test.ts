import { describe, expect, it } from "vitest";
import { type Change, invert, type PlannedRow } from "../../../src/model/change.js";
import type { Direction } from "../../../src/model/journal.js";
import type { Tally } from "../../../src/model/plan.js";
import { keyOf, type Table } from "../../../src/model/table.js";
import type { KeyedChange, PatchStep } from "../../../src/sql/patch/step.js";
import type { PlanStore, RowFilter } from "../../../src/store/plan-store.js";
import { patchSteps } from "../../../src/workflow/files/patch-steps.js";
import { tableOf } from "../tables.js";

/** In plan order: parents before children. */
const tables = [tableOf("owner", ["id", "name"]), tableOf("device", ["id", "owner", "label"])] as const;
const [owner, device] = [0, 1];

const planned: readonly { readonly table: number; readonly change: Change }[] = [
  { table: owner, change: { kind: "insert", after: ["1", "ada"] } },
  { table: owner, change: { kind: "update", before: ["2", "bob"], after: ["2", "eve"], columns: [1] } },
  { table: owner, change: { kind: "delete", before: ["3", "mallory"] } },
  { table: device, change: { kind: "insert", after: ["7", "1", "lamp"] } },
  { table: device, change: { kind: "insert", after: ["8", "1", "torch"] } },
  {
    table: device,
    change: { kind: "update", before: ["9", "3", "bulb"], after: ["9", "1", "bulb"], columns: [1] },
  },
  {
    table: device,
    change: { kind: "update", before: ["10", "3", "spark"], after: ["10", "1", null], columns: [1, 2] },
  },
  { table: device, change: { kind: "delete", before: ["11", "3", null] } },
];

/** As much of a plan store as the patch needs. */
const store: Pick<PlanStore, "tallies" | "updateShapes" | "writes"> = {
  async tallies() {
    return planned.map(({ table, change }): Tally => {
      const { kind } = change;
      const apply = {
        outcome: "apply",
        conflictKind: undefined,
        decided: false,
        rekeyed: false,
        rows: 1,
      } as const;
      return { table, operation: invert(change).kind, change: kind, ...apply };
    });
  },
  async updateShapes(table) {
    const updates = planned.filter((row) => row.table === table && row.change.kind === "update");
    return updates.map(({ change }) => ({
      columns: change.kind === "update" ? change.columns : [],
      rows: 1,
    }));
  },
  async *writes(filter: RowFilter = {}) {
    const { table, changes, columns } = filter;
    const wanted = planned.filter(
      (row) =>
        row.table === table &&
        changes?.includes(row.change.kind) === true &&
        (columns === undefined ||
          String(columns) === String(row.change.kind === "update" ? row.change.columns : "")),
    );
    yield wanted.map(plannedRow);
  },
};

function plannedRow({ table, change }: (typeof planned)[number], position: number): PlannedRow {
  const row = change.kind === "insert" ? change.after : change.before;
  return {
    position,
    table,
    key: keyOf(tables[table] as Table, row),
    operation: invert(change).kind,
    outcome: "apply",
    pre: undefined,
    post: undefined,
    current: change.kind === "insert" ? undefined : change.before,
    transaction: undefined,
    change,
    conflict: undefined,
    decided: false,
    reason: undefined,
  };
}

async function stepsOf(
  direction: Direction,
): Promise<readonly { step: PatchStep; rows: readonly KeyedChange[] }[]> {
  const steps = await patchSteps(store as PlanStore, { tables }, direction);
  return Promise.all(
    steps.map(async (step) => {
      const rows: KeyedChange[] = [];
      for await (const batch of step.changes()) rows.push(...batch);
      return { step, rows };
    }),
  );
}

const told = ({ step }: { step: PatchStep }) =>
  `${step.kind} ${step.rows} ${step.table.name} (${step.columns})`;

describe("the order of the steps", () => {
  it("patch: inserts with parents first, then updates, then deletes with children first", async () => {
    expect((await stepsOf("patch")).map(told)).toEqual([
      "insert 1 owner (0,1)",
      "insert 2 device (0,1,2)",
      "update 1 owner (1)",
      "update 1 device (1)",
      "update 1 device (1,2)",
      "delete 1 device (0,1,2)",
      "delete 1 owner (0,1)",
    ]);
  });

  it("rollback: by the same rule, with what was inserted deleted and the other way round", async () => {
    expect((await stepsOf("rollback")).map(told)).toEqual([
      "insert 1 owner (0,1)",
      "insert 1 device (0,1,2)",
      "update 1 owner (1)",
      "update 1 device (1)",
      "update 1 device (1,2)",
      "delete 2 device (0,1,2)",
      "delete 1 owner (0,1)",
    ]);
  });
});

it.each(["patch", "rollback"] as const)(
  "%s: a step holds as many rows as it says, all of its kind",
  async (direction) => {
    const steps = await stepsOf(direction);
    expect(
      steps.map(({ step, rows }) => [step.rows, rows.every(({ change }) => change.kind === step.kind)]),
    ).toEqual(steps.map(({ rows }) => [rows.length, true]));
    expect(steps.reduce((sum, { rows }) => sum + rows.length, 0)).toBe(planned.length);
  },
);

it("the rollback takes back each change of the patch, row by row", async () => {
  const byTable = (steps: Awaited<ReturnType<typeof stepsOf>>) =>
    steps.flatMap(({ step, rows }) =>
      rows.map(({ key, change }) => ({ table: step.table.name, key, change })),
    );
  const back = byTable(await stepsOf("rollback"));
  for (const { table, key, change } of byTable(await stepsOf("patch"))) {
    expect(back).toContainEqual({ table, key, change: invert(change) });
  }
});
