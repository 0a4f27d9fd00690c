import type { PlannedRow } from "../model/change.js";
import type { PlanStore } from "../store/plan-store.js";

/**
 * Every row of the plan, once, those first that matter most to a reader: conflicts, then what is written, then what is
 * not. A page that cannot hold all of them holds the first.
 */
export async function* reportRows(store: Pick<PlanStore, "rows">): AsyncGenerator<readonly PlannedRow[]> {
  yield* store.rows({ inConflict: true });
  yield* store.rows({ inConflict: false, anyChange: true });
  const others = { inConflict: false, anyChange: false } as const;
  yield* store.rows({ ...others, outcomes: ["skipped"] });
  yield* store.rows({ ...others, outcomes: ["kept"] });
  // A row that is to be written or open without a change or a conflict cannot be; were it there, it would be shown.
  yield* store.rows({ ...others, outcomes: ["apply", "conflict", "excluded", "already"] });
}
