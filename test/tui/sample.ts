import { startState } from "../../cli/tui/start-state.js";
import type { PlanInfo, Size, State } from "../../cli/tui/state/state.js";
import type {
  ConflictDetail,
  ConflictGroup,
  ConflictLine,
  PlanHeader,
  PlannedRow,
  Step,
} from "../../src/index.js";
import { column, tableOf } from "../unit/tables.js";

/** A plan as the screens see it: a table with conflicts, one without. */
const database = {
  ...{ database: "fleet", server: "db1:5432", version: "17.2", snapshotAt: "2026-03-02T03:00:00.000Z" },
  ...{ systemIdentifier: "7301", inRecovery: false },
};

export const header: PlanHeader = {
  ...{ planId: "b1946ac9", toolVersion: "0.1.0", mode: "undo", createdAt: "2026-03-02T03:04:05Z" },
  ...{ granularity: "row", touchWrite: "restore", triggerPolicy: "fire" },
  connections: { pre: database, post: database, current: database },
  tables: [
    tableOf("device", [column("id", { type: "bigint", notNull: true }), "name", "release", "note"]),
    tableOf("tag", ["id", "text"]),
  ],
  ...{ foreignKeys: [], triggers: [], sequences: [], sequenceWarnings: [], decidedUpTo: 0 },
  numbering: { pre: [], post: [], current: [], tables: [], excludeTables: [] },
  ...{ leftOut: [], invariants: [], warnings: [] },
  rowsCompared: { "public.device": 3_000_000, "public.tag": 12 },
  signatures: [
    {
      ...{ id: "S1", kind: "bulk", table: 0, operation: "update", rows: 1302, columns: [] },
      ...{ beside: [], masks: false, keys: [] },
    },
  ],
};

export const plan: PlanInfo = {
  folder: "recovery",
  header,
  overview: {
    tallies: [
      tally(0, "apply", 1288, { change: "update" }),
      tally(0, "conflict", 21, { conflictKind: "update/update" }),
      tally(1, "kept", 5),
    ],
    conflicts: [{ table: 0, open: 21, decided: 0 }],
    notInPatch: 0,
  },
};

function tally(table: number, outcome: PlannedRow["outcome"], rows: number, more: object = {}) {
  const nothing = { change: undefined, conflictKind: undefined, decided: false, rekeyed: false };
  return { ...{ table, outcome, rows, operation: "update" as const }, ...nothing, ...more };
}

export const groups: readonly ConflictGroup[] = [
  group("update/update", [2], "2vnv", 14, ["release: value → NULL, now another value"]),
  group("delete/update", [], "2vn-", 7, ["release: value → NULL"]),
];

function group(
  kind: string,
  positions: readonly number[],
  pattern: string,
  rows: number,
  described: readonly string[],
): ConflictGroup {
  const columns = positions.map((at) => header.tables[0]?.columns[at]?.name ?? "");
  return {
    ...{ table: 0, kind, positions, pattern, rows, decided: 0 },
    ...{ label: "public.device", columns, described, open: rows },
  };
}

/** A device in conflict: `name` can be as hostile as it likes. */
export function conflictLine(position: number, name = `device ${position}`): ConflictLine {
  const cells = (release: string | null) => [String(position), name, release, "a note"];
  const row: PlannedRow = {
    ...{ position, table: 0, key: [String(position)], operation: "update", outcome: "conflict" },
    ...{ pre: cells("v1.2.3"), post: cells(null), current: cells("v1.3.0") },
    ...{ transaction: "812231", change: undefined, decided: false, reason: undefined },
    conflict: {
      ...{ id: `c${position}`, kind: "update/update", columns: [2], cause: undefined },
      ...{ resolution: undefined, reason: undefined },
    },
  };
  return { row, decision: undefined };
}

export function detail(position: number, name?: string): ConflictDetail {
  return { ...conflictLine(position, name), group: groups[0] };
}

export const step = (rows: number, first = 1): Step => ({
  first,
  last: first + rows - 1,
  rows,
  untouched: 0,
});

export const small: Size = { columns: 80, rows: 24 };
export const large: Size = { columns: 250, rows: 80 };

const urls = { pre: "", post: "", current: "" };

/** On the overview of the plan. */
export const onOverview = (size = small): State =>
  startState({ size, folder: "recovery", urls, mode: "undo", plan });

/** On the first screen of somebody who has no plan yet. */
export const onConnect = (size = small): State =>
  startState({ size, folder: "recovery", urls, mode: "undo", plan: undefined });
