import type { Judged, PlannedRow } from "../../model/change.js";

export function judgedOf({ outcome, change, conflict, decided, reason }: PlannedRow): Judged {
  return { outcome, change, conflict, decided, reason };
}

/** What the check of constraints adds to a row. */
const unchecked = { wanted: undefined, park: undefined, wave: undefined, causes: undefined } as const;

/** The row as the merge and the strategies left it: without what decisions and constraints made of it. */
export function restored(row: PlannedRow): PlannedRow {
  if (row.wanted === undefined && row.park === undefined) return row;
  return { ...row, ...row.wanted, ...unchecked };
}
