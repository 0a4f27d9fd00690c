import type { PlannedRow } from "../src/model/change.js";
import type { PlanHeader } from "../src/model/plan.js";
import type { Column, Table } from "../src/model/table.js";
import { createPlanStore } from "../src/store/plan-store.js";

/** How large the plan is. */
export interface PlanSize {
  readonly rows: number;
  readonly conflicts: number;
}

const tables = ["device", "setting", "membership"];
const names = ["id", "name", "release", "owner", "state", "note", "address", "labels", "seen_at", "token"];
const batch = 2000;

/** A plan straight into a store, as no night's incident has it in so short a time: every so many rows one in conflict. */
export async function writeLargePlan(file: string, size: PlanSize): Promise<void> {
  const store = await createPlanStore(file);
  const every = Math.floor(size.rows / size.conflicts);
  const perTable = Math.ceil(size.rows / tables.length);
  for (let from = 0; from < size.rows; from += batch) {
    const count = Math.min(batch, size.rows - from);
    await store.appendRows(Array.from({ length: count }, (_, at) => rowAt(from + at, perTable, every)));
  }
  await store.flushRows();
  await store.writeHeader(header(size.rows));
  await store.close();
}

function rowAt(position: number, perTable: number, every: number): PlannedRow {
  const table = Math.floor(position / perTable);
  const id = String(position);
  const pre = cells(position, `v${position % 97}`, "active");
  const column = position % 3 === 0 ? 2 : 4;
  const post = pre.with(column, position % 5 === 0 ? "" : null);
  const isConflict = position % every === 0;
  // One in ten of them is gone since, the others were changed to something else.
  const isGone = isConflict && (position / every) % 10 === 9;
  const current = isGone ? undefined : isConflict ? post.with(column, `w${position % 13}`) : post;
  const common = { position, table, key: [id], operation: "update", pre, post, current } as const;
  const kind = isGone ? "delete/update" : "update/update";
  return {
    ...common,
    transaction: "812231",
    outcome: isConflict ? "conflict" : "apply",
    change: isConflict ? undefined : { kind: "update", before: post, after: pre, columns: [column] },
    conflict: isConflict
      ? {
          ...{ id: `c${position.toString(16).padStart(16, "0")}`, kind, columns: isGone ? [] : [column] },
          ...{ cause: undefined, resolution: undefined, reason: undefined },
        }
      : undefined,
    ...{ decided: false, reason: undefined },
  };
}

function cells(position: number, release: string, state: string): (string | null)[] {
  const text = `row ${position} 日本 `.repeat(2 + (position % 3));
  const time = "2026-01-05 10:00:00+00";
  return [
    String(position),
    `name ${position}`,
    release,
    `owner ${position % 1000}`,
    state,
    text,
    "10.0.0.1",
    "{a,b}",
    time,
    "0123456789abcdef",
  ];
}

const column = (name: string): Column => ({
  ...{ name, type: "text", baseType: "text", notNull: false, identityAlways: false },
  ...{
    equals: "OPERATOR(pg_catalog.=)",
    equalityIsExact: true,
    textIsExact: true,
    keyOrder: "text",
    isTime: false,
  },
});

const table = (name: string): Table => ({
  ...{ label: `public.${name}`, schema: "public", name, partitioned: false, columns: names.map(column) },
  ...{ generated: [], key: [0], keySource: "primary key", touch: [], groups: [] },
});

function header(rows: number): PlanHeader {
  const snapshot = {
    database: "app",
    server: "db:5432",
    version: "17.2",
    snapshotAt: "2026-01-05T10:00:00Z",
  };
  const identity = { ...snapshot, systemIdentifier: "1", inRecovery: false };
  return {
    ...{
      planId: "bench",
      toolVersion: "0",
      mode: "undo",
      createdAt: snapshot.snapshotAt,
      granularity: "row",
    },
    ...{ touchWrite: "restore", triggerPolicy: "fire", foreignKeys: [], triggers: [], sequences: [] },
    connections: { pre: identity, post: identity, current: identity },
    tables: tables.map(table),
    numbering: { pre: [], post: [], current: [], tables: [], excludeTables: [] },
    ...{ sequenceWarnings: [], decidedUpTo: 0, leftOut: [], invariants: [], warnings: [] },
    rowsCompared: { "public.device": rows },
  };
}
