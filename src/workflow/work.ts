import type { PlanSettings } from "../model/settings.js";
import type { Table } from "../model/table.js";
import type { PlanStore } from "../store/plan-store.js";
import type { Attribution } from "./attribution.js";
import type { Sessions } from "./connect.js";
import type { Earlier } from "./deciding/reuse-decisions.js";
import type { OnProgress } from "./progress.js";

/** By table label: keys, each as a JSON array. */
export type OnlyKeys = ReadonlyMap<string, ReadonlySet<string>>;

/** All that the steps hand on to each other. */
export interface Work {
  readonly settings: PlanSettings;
  readonly sessions: Sessions;
  readonly store: PlanStore;
  readonly tables: readonly Table[];
  /** Only these rows are planned; without it, all of them. */
  readonly only: OnlyKeys | undefined;
  readonly attribution: Attribution;
  readonly tell: OnProgress;
  readonly signal: AbortSignal | undefined;
  readonly earlier: Earlier | undefined;
}
