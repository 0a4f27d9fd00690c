import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Difference, PlannedConflict, PlannedRow } from "../../../src/model/change.js";
import type { PlanHeader } from "../../../src/model/plan.js";
import { createPlanStore, type PlanStore, type StoreOptions } from "../../../src/store/plan-store.js";
import { newFolder } from "../../support/folder.js";
import { tableOf } from "../tables.js";

/** A path for a plan, in a folder of its own. */
export const planPath = (): string => join(newFolder(), "plan.duckdb");

/** An empty store, closed when the test is finished. */
export async function emptyStore(options?: StoreOptions): Promise<PlanStore> {
  const store = await createPlanStore(planPath(), options);
  onTestFinished(() => store.close());
  return store;
}

export async function readAll<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

/** `public.device` of an update that blanked the release: the id, its release, when it was seen. */
export function blanked(id: number): Difference {
  return {
    key: [String(id)],
    operation: "update",
    pre: [String(id), "17", "2024-03-01"],
    post: [String(id), null, "2024-03-01"],
    transaction: "812231",
  };
}

/** A device at this position whose release is to be restored. */
export function restored(position: number, changes: Partial<PlannedRow> = {}): PlannedRow {
  const { key, operation, pre, post, transaction } = blanked(position);
  const current = post ?? [];
  return {
    position,
    table: 0,
    key,
    operation,
    outcome: "apply",
    pre,
    post,
    current,
    transaction,
    change: { kind: "update", before: current, after: pre ?? [], columns: [1] },
    conflict: undefined,
    decided: false,
    reason: undefined,
    ...changes,
  };
}

/** A device that somebody gave another release in the meantime. */
export function inConflict(position: number, conflict: Partial<PlannedConflict> = {}): PlannedRow {
  return restored(position, {
    outcome: "conflict",
    current: [String(position), "18", "2024-03-02"],
    change: undefined,
    conflict: {
      id: `conflict-${position}`,
      kind: "update/update",
      columns: [1],
      cause: undefined,
      resolution: undefined,
      reason: undefined,
      ...conflict,
    },
  });
}

const database = {
  database: "shop",
  server: "localhost:5432",
  version: "17.2",
  snapshotAt: "2024-03-02T03:00:00Z",
  systemIdentifier: "7301",
  inRecovery: false,
};

export const header: PlanHeader = {
  planId: "b1946ac9",
  toolVersion: "0.1.0",
  mode: "undo",
  createdAt: "2024-03-02T03:04:05Z",
  granularity: "row",
  touchWrite: "restore",
  triggerPolicy: "fire",
  connections: { pre: database, post: database, current: database },
  tables: [
    tableOf("device", ["id", "release", "seen_at"]),
    tableOf("membership", ["role", "team", "person"], { key: [2, 1] }),
  ],
  foreignKeys: [],
  triggers: [],
  sequences: [],
  numbering: { pre: [], post: [], current: [], tables: [], excludeTables: [] },
  sequenceWarnings: [],
  decidedUpTo: 0,
  leftOut: [],
  invariants: [],
  warnings: ['a warning with "quotes" and a \u{1F9EF}'],
  rowsCompared: { "public.device": 3_000_000, "public.membership": 12 },
};
