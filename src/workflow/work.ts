import type { PlanSettings } from "../model/settings.js";
import type { Table } from "../model/table.js";
import type { PlanStore } from "../store/plan-store.js";
import type { Attribution } from "./attribution.js";
import type { Sessions } from "./connect.js";
import type { Earlier } from "./deciding/reuse-decisions.js";
import type { OnProgress } from "./progress.js";

/** All that the steps hand on to each other. */
export interface Work {
  readonly settings: PlanSettings;
  readonly sessions: Sessions;
  readonly store: PlanStore;
  readonly tables: readonly Table[];
  readonly attribution: Attribution;
  readonly tell: OnProgress;
  readonly signal: AbortSignal | undefined;
  readonly earlier: Earlier | undefined;
}
