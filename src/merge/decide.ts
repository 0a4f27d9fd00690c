import type { Change, Judged, PlannedConflict } from "../model/change.js";
import { type Conflict, isRowConflict, type RowConflictKind } from "../model/conflict.js";
import type { Decision } from "../model/decision.js";
import type { Table } from "../model/table.js";
import type { Key, Row, Triple, Value } from "../model/value.js";
import { classify, updateChange } from "./classify.js";
import { conflictId } from "./conflict-id.js";
import { maskRow } from "./rules/rules.js";
import { cellsChange, takeRow } from "./settle.js";

/** The three versions of a row, and where it belongs. */
export interface DecidedRow {
  readonly table: Table;
  readonly key: Key;
  readonly rows: Triple<Row | undefined>;
}

/** What a decision makes of a conflict that the merge or a guard found, and that `planned` tells of. */
export function decideConflict(row: DecidedRow, planned: PlannedConflict, decision: Decision): Judged {
  if (planned.kind === "suspected-damage") return decideSuspected(row, planned, decision);
  if (!isRowConflict(planned.kind)) throw new RangeError(`${planned.kind} is decided where it is checked`);
  return decidedRow(changeOf(conflictOf(row, planned, planned.kind), row, decision), planned, decision);
}

/** With a change or, where nothing is to be written, without one. */
export function decidedRow(change: Change | undefined, planned: PlannedConflict, decision: Decision): Judged {
  const conflict = decidedConflict(planned, decision);
  if (change !== undefined) return { outcome: "apply", change, conflict, decided: true, reason: undefined };
  return { outcome: "kept", change, conflict, decided: true, reason: decisionText(decision) };
}

export function decidedConflict(planned: PlannedConflict, decision: Decision): PlannedConflict {
  const { resolution, reason } = decision;
  return { ...planned, resolution, reason };
}

/** `decided by ann: the customer asked for it` */
export function decisionText({ by, reason }: Decision): string {
  return reason === undefined ? `decided by ${by}` : `decided by ${by}: ${reason}`;
}

/**
 * A decision on what a constraint does not allow, as the change that is to be checked again: the same one for `current`,
 * which the check sees to, and for `incoming`. Undefined: nothing is left to be written.
 */
export function decideWrite(row: DecidedRow, change: Change, decision: Decision): Change | undefined {
  switch (decision.resolution) {
    case "current":
    case "incoming":
      return change;
    case "base":
      return takeBase(row.rows, change);
    case "value":
      return withValues(row.rows.current, change, valuesAt(row.table, decision));
  }
}

/** The conflict as the merge saw it. */
function conflictOf({ rows }: DecidedRow, planned: PlannedConflict, kind: RowConflictKind): Conflict {
  const { base, incoming } = rows;
  const clean = planned.clean ?? [];
  const cells = planned.columns.map((column) => ({
    column,
    base: base?.[column] ?? null,
    current: rows.current?.[column] ?? null,
    incoming: incoming?.[column] ?? null,
  }));
  if (kind !== "delete/update" || base === undefined || incoming === undefined)
    return { kind, rows, cells, clean };
  // What the rules did not let through counts as not touched.
  return { kind, rows: { ...rows, incoming: maskRow(base, incoming, clean) }, cells, clean: [] };
}

function changeOf(conflict: Conflict, { table }: DecidedRow, decision: Decision): Change | undefined {
  const { current, incoming } = conflict.rows;
  if (decision.resolution !== "value") return takeSide(conflict, decision.resolution);
  const values = valuesAt(table, decision);
  if (current === undefined) return incoming && { kind: "insert", after: replaced(incoming, values) };
  return incoming === undefined ? updated(current, values) : cellsChange(conflict, values);
}

function takeSide(conflict: Conflict, side: "current" | "incoming" | "base"): Change | undefined {
  // Of an update, `current` speaks of the cells in conflict; the others merge as they always do.
  if (side !== "current" || conflict.kind !== "update/update") return takeRow(conflict, side);
  return cellsChange(conflict, new Map());
}

/** The guard set a delete aside; that it is meant does not say that the row may have been changed since. */
function decideSuspected(row: DecidedRow, planned: PlannedConflict, decision: Decision): Judged {
  const { current, base } = row.rows;
  if (decision.resolution === "value")
    return decidedRow(current && updated(current, valuesAt(row.table, decision)), planned, decision);
  if (decision.resolution === "base")
    return decidedRow(current && base && toRow(current, base), planned, decision);
  if (decision.resolution === "current") return decidedRow(undefined, planned, decision);
  const verdict = classify(row.table, row.rows, { sameValue: () => false, touchWrite: "restore" });
  if (verdict.kind === "apply") return decidedRow(verdict.change, planned, decision);
  if (verdict.kind !== "conflict") return decidedRow(undefined, planned, decision);
  const { kind, cells } = verdict.conflict;
  const conflict = {
    id: conflictId(row.table.label, row.key, kind),
    kind,
    columns: cells.map(({ column }) => column),
    ...{ cause: undefined, resolution: undefined, reason: undefined },
  };
  return { outcome: "conflict", change: undefined, conflict, decided: false, reason: undefined };
}

function takeBase({ base, current }: Triple<Row | undefined>, change: Change): Change | undefined {
  switch (change.kind) {
    case "insert":
      // What current may have under its key is not this row.
      return base && { kind: "insert", after: base };
    case "delete":
      return base && toRow(change.before, base);
    case "update": {
      if (base === undefined) return current && { kind: "delete", before: current };
      const differing = change.columns.filter((at) => base[at] !== change.before[at]);
      return differing.length === 0 ? undefined : updateChange(change.before, base, differing);
    }
  }
}

function withValues(
  current: Row | undefined,
  change: Change,
  values: ReadonlyMap<number, Value>,
): Change | undefined {
  if (change.kind === "insert") return { kind: "insert", after: replaced(change.after, values) };
  if (change.kind === "delete") return current && updated(current, values);
  const after = replaced(change.after, values);
  const written = new Set([...change.columns, ...values.keys()]);
  const columns = [...written].filter((at) => after[at] !== change.before[at]).sort((a, b) => a - b);
  return columns.length === 0 ? undefined : updateChange(change.before, after, columns);
}

function toRow(current: Row, wanted: Row): Change | undefined {
  return updated(current, new Map(wanted.map((value, at) => [at, value])));
}

function updated(current: Row, values: ReadonlyMap<number, Value>): Change | undefined {
  const after = replaced(current, values);
  const columns = current.flatMap((value, at) => (value === after[at] ? [] : [at]));
  return columns.length === 0 ? undefined : updateChange(current, after, columns);
}

function replaced(row: Row, values: ReadonlyMap<number, Value>): Row {
  return row.map((value, at) => (values.has(at) ? (values.get(at) ?? null) : value));
}

function valuesAt({ columns }: Table, { values = {} }: Decision): ReadonlyMap<number, Value> {
  return new Map(
    columns.flatMap(({ name }, at) => (Object.hasOwn(values, name) ? [[at, values[name] ?? null]] : [])),
  );
}
