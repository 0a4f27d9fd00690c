import type { Cause, Change, Outcome, PlannedConflict, PlannedRow } from "../../../src/model/change.js";
import type { DatabaseIdentity, PlanHeader, Tally } from "../../../src/model/plan.js";
import { keyOf, type Table } from "../../../src/model/table.js";
import type { Operation, Row } from "../../../src/model/value.js";
import { deviceTable } from "../tables.js";

const identity = (database: string): DatabaseIdentity => ({
  database,
  server: "db1:5432",
  version: "16.2",
  snapshotAt: "2024-03-01T03:10:00.000Z",
  systemIdentifier: "7123456789012345678",
  inRecovery: false,
});

export function headerOf(more: Partial<PlanHeader> = {}): PlanHeader {
  return {
    planId: "0b3f5a52-9d5e-4f3c-a0a6-2d2f5f0c7a11",
    toolVersion: "0.1.0",
    mode: "undo",
    createdAt: "2024-03-01T03:12:45.000Z",
    granularity: "row",
    touchWrite: "restore",
    triggerPolicy: "fire",
    connections: { pre: identity("fleet_pre"), post: identity("fleet_post"), current: identity("fleet") },
    tables: [deviceTable],
    foreignKeys: [],
    triggers: [],
    sequences: [],
    numbering: { pre: [], post: [], current: [], tables: [], excludeTables: [] },
    sequenceWarnings: [],
    decidedUpTo: 0,
    leftOut: [],
    invariants: [],
    warnings: [],
    rowsCompared: {},
    ...more,
  };
}

export function tally(
  table: number,
  operation: Operation,
  outcome: Outcome,
  more: Partial<Tally> = {},
): Tally {
  return {
    table,
    operation,
    outcome,
    change: undefined,
    conflictKind: undefined,
    decided: false,
    rekeyed: false,
    rows: 1,
    ...more,
  };
}

export interface RowParts {
  readonly table?: Table;
  readonly pre?: Row;
  readonly post?: Row;
  readonly current?: Row;
  readonly change?: Change;
  readonly conflict?: Partial<PlannedConflict>;
  readonly outcome?: Outcome;
  readonly reason?: string;
  readonly causes?: readonly Cause[];
}

/** A row of the plan; what is left out of it is not there. */
export function rowOf({
  table = deviceTable,
  pre,
  post,
  current,
  change,
  conflict,
  outcome,
  reason,
  causes,
}: RowParts): PlannedRow {
  const row = pre ?? post ?? current ?? [];
  return {
    position: 0,
    table: 0,
    key: keyOf(table, row),
    operation: pre === undefined ? "insert" : post === undefined ? "delete" : "update",
    outcome: outcome ?? (conflict === undefined ? "apply" : "conflict"),
    pre,
    post,
    current,
    transaction: undefined,
    change,
    conflict: conflict && {
      id: "c5abe12fca2616d79",
      kind: "update/update",
      columns: [],
      cause: undefined,
      resolution: undefined,
      reason: undefined,
      ...conflict,
    },
    decided: conflict?.resolution !== undefined,
    reason,
    causes,
  };
}

export async function* inBatches(...rows: readonly PlannedRow[]): AsyncGenerator<readonly PlannedRow[]> {
  yield [];
  for (const row of rows) yield [row];
}

export async function joined(chunks: Iterable<string> | AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += chunk;
  return text;
}

/** Each would do something somewhere: in HTML, Markdown, a spreadsheet or a terminal. */
export const hostileTexts = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  "&lt;b&gt;",
  "</title></style></td></table>",
  "<!-- ",
  "=HYPERLINK(1)",
  "+1+1",
  "-1+1",
  "@SUM(1)",
  "\t=1",
  "\r=1",
  "a,b;c\td",
  'say ""hi""',
  "line\nbreak",
  "\u001b[31mred",
  "\u202egnp.exe",
  "| pipe | `code` [link](javascript:1) *bold*",
  "\\*back\\_slash\\`",
  "null",
  "NULL",
  "",
  "__proto__",
];
