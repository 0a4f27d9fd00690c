import { conflictId, fingerprintOf } from "../../merge/conflict-id.js";
import { type DecidedRow, decideConflict, decidedRow, decideWrite } from "../../merge/decide.js";
import { type Judged, type PlannedRow, versionsOf } from "../../model/change.js";
import { type ConflictKind, constraintConflictKinds } from "../../model/conflict.js";
import type { Decision } from "../../model/decision.js";
import type { PlanHeader } from "../../model/plan.js";
import type { Table } from "../../model/table.js";
import type { PlanStore } from "../../store/plan-store.js";
import type { DecidedWrites } from "../constraints/decided-rows.js";
import { judgedOf, restored } from "./restored.js";

type Tables = Pick<PlanHeader, "mode" | "tables">;

/**
 * Makes of the rows what the merge and the strategies made of them, and of that what the saved decisions make of it.
 * What constraints do not allow is left to be checked.
 *
 * @param fresh the rows come from the merge: whatever is written may have been decided for an earlier plan
 */
export async function applyDecisions(
  store: PlanStore,
  header: Tables,
  { fresh }: { readonly fresh: boolean },
): Promise<DecidedWrites> {
  const writes = new Map<number, readonly Decision[]>();
  const kinds = await store.decidedKinds();
  if (fresh && kinds.size === 0) return writes;
  for (const [at, table] of header.tables.entries()) {
    const asked = checkedKinds.filter((kind) => kinds.get(table.label)?.has(kind) === true);
    const filter = fresh && asked.length > 0 ? {} : { revisable: true as const };
    for await (const batch of store.rows({ table: at, ...filter })) {
      const rows = batch.map(restored);
      const decisions = await decisionsOn(store, table, rows, asked);
      const decided = rows.map((row) => applyTo(table, header, row, decisions, writes));
      await store.replaceRows(decided.filter((row, order) => row !== batch[order]));
    }
  }
  return writes;
}

/** All decisions on these rows; those on constraints have ids of their own. */
async function decisionsOn(
  store: PlanStore,
  { label }: Table,
  rows: readonly PlannedRow[],
  kinds: readonly ConflictKind[],
): Promise<ReadonlyMap<string, Decision>> {
  const ids = rows.flatMap(({ conflict, key }) => [
    ...(conflict === undefined ? [] : [conflict.id]),
    ...(conflict?.kind === "suspected-damage" ? [conflictId(label, key, behindSuspicion)] : []),
    ...kinds.map((kind) => conflictId(label, key, kind)),
  ]);
  return ids.length === 0 ? new Map() : store.decisionsOf(ids);
}

function applyTo(
  table: Table,
  { mode }: Tables,
  row: PlannedRow,
  decisions: ReadonlyMap<string, Decision>,
  writes: Map<number, readonly Decision[]>,
): PlannedRow {
  if (decisions.size === 0) return row;
  const rows = versionsOf(mode, row);
  const fingerprint = fingerprintOf(table, rows);
  const of = (id: string) => {
    const decision = decisions.get(id);
    return decision?.fingerprint === fingerprint ? decision : undefined;
  };
  const decidedAt: DecidedRow = { table, key: row.key, rows };
  const judged = decideOpen(decidedAt, judgedOf(row), of);
  const onWrite = judged.outcome === "apply" ? writeDecisions(table, row, of) : [];
  const written = decideWrites(decidedAt, judged, onWrite);
  if (written.outcome === "apply" && onWrite.length > 0) writes.set(row.position, onWrite);
  return changed(row, written);
}

/** What was decided about the change that is to be written, one constraint after the other. */
function decideWrites(row: DecidedRow, judged: Judged, decisions: readonly Decision[]): Judged {
  let { change } = judged;
  for (const decision of decisions) {
    if (change !== undefined) change = decideWrite(row, change, decision);
    if (change === undefined) return decidedRow(undefined, plannedOf(decision), decision);
  }
  return { ...judged, change };
}

/** A decision may open another conflict, which may be decided as well. */
function decideOpen(row: DecidedRow, judged: Judged, of: (id: string) => Decision | undefined): Judged {
  const { conflict } = judged;
  const decision = conflict && of(conflict.id);
  if (conflict === undefined || decision === undefined) return judged;
  const next = decideConflict(row, conflict, decision);
  return next.conflict?.id === conflict.id ? next : decideOpen(row, next, of);
}

function writeDecisions(
  { label }: Table,
  { key }: PlannedRow,
  of: (id: string) => Decision | undefined,
): readonly Decision[] {
  return checkedKinds.flatMap((kind) => of(conflictId(label, key, kind)) ?? []);
}

function changed(row: PlannedRow, judged: Judged): PlannedRow {
  const before = judgedOf(row);
  const same = (Object.keys(before) as (keyof Judged)[]).every((name) => before[name] === judged[name]);
  return same ? row : { ...row, ...judged, wanted: before };
}

/** A suspected delete that is meant after all may meet a row that was changed since. */
const behindSuspicion: ConflictKind = "update/delete";

/** Found when constraints are checked. A row is suspected before that. */
const checkedKinds = constraintConflictKinds.filter((kind) => kind !== "suspected-damage");

/** The conflict as far as its decision tells of it. */
function plannedOf({ conflict, kind }: Decision) {
  return { id: conflict, kind, columns: [], cause: undefined, resolution: undefined, reason: undefined };
}
