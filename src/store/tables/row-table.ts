import type { Cause, Outcome, ParkedCell, PlannedConflict, PlannedRow } from "../../model/change.js";
import { conflictPattern } from "../../model/conflict-pattern.js";
import type { ResolutionWord } from "../../model/decision.js";
import type { Key, Operation } from "../../model/value.js";
import { decodeSightings, encodeSightings, type StoredSightings } from "../sightings.js";
import { changedFields, postFrom, storePost } from "./changed-cells.js";
import {
  cells,
  existing,
  flag,
  integer,
  longJson,
  number,
  positions,
  present,
  rowCells,
  text,
  word,
} from "./field.js";
import { placeOf, type RowPlace, rowAt, sameRow } from "./row-place.js";
import { changeFrom, writtenCells, writtenIn } from "./stored-change.js";
import { type EncodedRecord, encodeRecord, type StoredTable, type Values } from "./stored-table.js";
import { decodeWanted, encodeWanted, type StoredWanted } from "./wanted.js";

/**
 * The rows of the plan. `current_as` and `after_as` say where those two stand; NULL means there is no such row. What a
 * change replaces is not stored: it is always `current`.
 */
export const rowTable = {
  name: "planned_row",
  order: "position",
  fields: {
    position: integer,
    table_id: integer,
    key: present(cells),
    operation: present(word<Operation>("operation")),
    outcome: present(word<Outcome>("outcome")),
    pre: rowCells,
    post: rowCells,
    ...changedFields,
    current_as: word<RowPlace>("row_place"),
    current: rowCells,
    transaction_id: text,
    change_kind: word<Operation>("operation"),
    change_columns: positions,
    after_as: word<RowPlace>("row_place"),
    after: rowCells,
    /** What an update of few columns writes: follows from the rest, and is stored to be read without it. */
    written: writtenCells,
    park: text,
    rekeyed: rowCells,
    conflict_id: text,
    conflict_kind: text,
    conflict_columns: positions,
    conflict_clean: positions,
    /** What alike conflicts have in common; follows from the rest, and is stored to be counted by. */
    conflict_pattern: text,
    cause: text,
    causes: text,
    resolution: word<ResolutionWord>("resolution"),
    resolution_reason: text,
    decided: flag,
    reason: text,
    tenant: text,
    actor: text,
    signature: number,
    rule: number,
    wanted: longJson<StoredWanted>(),
    seen: longJson<StoredSightings>(),
  },
} satisfies StoredTable;

type StoredRow = Values<typeof rowTable>;

/** @throws Error when a change does not replace what is current: its guard would be another than its inverse */
export function encodeRow(row: PlannedRow): EncodedRecord {
  const { change, conflict } = row;
  requireBeforeIsCurrent(row);
  const after = change === undefined || change.kind === "delete" ? undefined : change.after;
  const currentAs = placeOf(row.current, row);
  const afterAs = placeOf(after, row);
  return encodeRecord(rowTable, {
    position: row.position,
    table_id: row.table,
    key: row.key,
    operation: row.operation,
    outcome: row.outcome,
    pre: row.pre,
    ...storePost(row.pre, row.post),
    current_as: currentAs,
    current: currentAs === "itself" ? row.current : undefined,
    transaction_id: row.transaction,
    change_kind: change?.kind,
    change_columns: change?.kind === "update" ? change.columns : undefined,
    after_as: afterAs,
    after: afterAs === "itself" ? after : undefined,
    written: writtenIn(change),
    park: row.park === undefined ? undefined : JSON.stringify({ cells: row.park, wave: row.wave }),
    rekeyed: row.rekeyed,
    conflict_id: conflict?.id,
    conflict_kind: conflict?.kind,
    conflict_columns: conflict?.columns,
    conflict_clean: conflict?.clean,
    conflict_pattern: conflictPattern(row),
    cause: conflict?.cause,
    causes: row.causes === undefined ? undefined : JSON.stringify(row.causes),
    resolution: conflict?.resolution,
    resolution_reason: conflict?.reason,
    decided: row.decided,
    reason: row.reason,
    tenant: row.tenant,
    actor: row.actor,
    signature: row.signature,
    rule: row.rule,
    wanted: row.wanted && encodeWanted(row.wanted, row),
    seen: row.seen && encodeSightings(row.seen),
  });
}

/** @throws PlanError when a part is missing */
export function decodeRow(stored: StoredRow): PlannedRow {
  const sides = { pre: stored.pre, post: postFrom(stored.pre, stored) };
  const current = rowAt(stored.current_as, sides, stored.current);
  return {
    position: stored.position,
    table: stored.table_id,
    key: stored.key as Key,
    operation: stored.operation,
    outcome: stored.outcome,
    ...sides,
    current,
    transaction: stored.transaction_id,
    ...(stored.signature === undefined ? {} : { signature: stored.signature }),
    ...(stored.rule === undefined ? {} : { rule: stored.rule }),
    change: changeFrom(
      stored,
      () => current,
      () => rowAt(stored.after_as, sides, stored.after),
    ),
    ...(stored.park === undefined ? {} : parkOf(stored.park)),
    ...(stored.rekeyed === undefined ? {} : { rekeyed: stored.rekeyed }),
    conflict: conflictOf(stored),
    ...(stored.causes === undefined ? {} : { causes: JSON.parse(stored.causes) as readonly Cause[] }),
    decided: stored.decided,
    reason: stored.reason,
    ...(stored.tenant === undefined ? {} : { tenant: stored.tenant }),
    ...(stored.actor === undefined ? {} : { actor: stored.actor }),
    ...(stored.wanted === undefined ? {} : { wanted: decodeWanted(stored.wanted, sides, current) }),
    ...(stored.seen === undefined ? {} : { seen: decodeSightings(stored.seen) }),
  };
}

export function parkOf(json: string): Pick<PlannedRow, "park" | "wave"> {
  const { cells: park, wave } = JSON.parse(json) as {
    readonly cells: readonly ParkedCell[];
    readonly wave?: number;
  };
  return wave === undefined ? { park } : { park, wave };
}

function conflictOf(stored: StoredRow): PlannedConflict | undefined {
  if (stored.conflict_id === undefined) return undefined;
  return {
    id: stored.conflict_id,
    kind: existing(stored.conflict_kind),
    columns: existing(stored.conflict_columns),
    ...(stored.conflict_clean === undefined ? {} : { clean: stored.conflict_clean }),
    cause: stored.cause,
    resolution: stored.resolution,
    reason: stored.resolution_reason,
  };
}

function requireBeforeIsCurrent({ change, current, position }: PlannedRow): void {
  if (change === undefined || change.kind === "insert" || sameRow(change.before, current)) return;
  throw new Error(`the ${change.kind} at position ${position} does not replace what is current`);
}
