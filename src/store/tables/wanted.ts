import type { Change, Judged, PlannedConflict, PlannedRow } from "../../model/change.js";
import type { Row } from "../../model/value.js";
import { existing } from "./field.js";
import { placeOf, type RowPlace, rowAt } from "./row-place.js";

/** `PlannedRow.wanted` as JSON: absent is left out, and the texts of rows stand where they stand already. */
export interface StoredWanted extends Pick<Judged, "outcome" | "decided"> {
  readonly change?: StoredChange | undefined;
  readonly conflict?: Partial<PlannedConflict> | undefined;
  readonly reason?: string | undefined;
}

interface StoredChange {
  readonly kind: Change["kind"];
  readonly columns?: readonly number[] | undefined;
  readonly afterAs?: RowPlace | undefined;
  readonly after?: Row | undefined;
}

export function encodeWanted(
  { outcome, change, conflict, decided, reason }: Judged,
  row: PlannedRow,
): StoredWanted {
  return { outcome, change: change && encodeChange(change, row), conflict, decided, reason };
}

function encodeChange(change: Change, row: PlannedRow): StoredChange {
  if (change.kind === "delete") return { kind: change.kind };
  const afterAs = placeOf(change.after, row);
  return {
    kind: change.kind,
    columns: change.kind === "update" ? change.columns : undefined,
    afterAs,
    after: afterAs === "itself" ? change.after : undefined,
  };
}

/** @throws PlanError when a part is missing */
export function decodeWanted(
  { outcome, change, conflict, decided, reason }: StoredWanted,
  row: Pick<PlannedRow, "pre" | "post">,
  current: Row | undefined,
): Judged {
  return {
    outcome,
    change: change && decodeChange(change, row, current),
    conflict: conflict && decodeConflict(conflict),
    decided,
    reason,
  };
}

function decodeChange(
  { kind, columns, afterAs, after: itself }: StoredChange,
  row: Pick<PlannedRow, "pre" | "post">,
  current: Row | undefined,
): Change {
  if (kind === "delete") return { kind, before: existing(current) };
  const after = existing(rowAt(afterAs, row, itself));
  return kind === "insert"
    ? { kind, after }
    : { kind, before: existing(current), after, columns: existing(columns) };
}

function decodeConflict({ clean, ...conflict }: Partial<PlannedConflict>): PlannedConflict {
  return {
    id: existing(conflict.id),
    kind: existing(conflict.kind),
    columns: existing(conflict.columns),
    ...(clean === undefined ? {} : { clean }),
    cause: conflict.cause,
    resolution: conflict.resolution,
    reason: conflict.reason,
  };
}
