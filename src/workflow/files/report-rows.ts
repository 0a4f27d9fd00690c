import type { PlannedRow } from "../../model/change.js";
import type { RowFilter } from "../../store/plan-store.js";

/** Rows of a plan as reports show them. */
export type ReportRows = (filter: RowFilter) => AsyncIterable<readonly PlannedRow[]>;

/**
 * Every row of the plan, once, those first that matter most to a reader: conflicts, then what is written, then what is
 * not. A page that cannot hold all of them holds the first.
 */
export async function* reportRows(rows: ReportRows): AsyncGenerator<readonly PlannedRow[]> {
  yield* rows({ inConflict: true });
  yield* rows({ inConflict: false, anyChange: true });
  const others = { inConflict: false, anyChange: false } as const;
  yield* rows({ ...others, outcomes: ["skipped"] });
  yield* rows({ ...others, outcomes: ["kept"] });
  // A row that is to be written or open without a change or a conflict cannot be; were it there, it would be shown.
  yield* rows({ ...others, outcomes: ["apply", "conflict", "excluded", "already"] });
}
