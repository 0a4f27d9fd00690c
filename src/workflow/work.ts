import type { PlanSettings } from "../model/settings.js";
import type { Table } from "../model/table.js";
import type { Key } from "../model/value.js";
import type { PlanStore } from "../store/plan-store.js";
import type { Attribution } from "./attribution.js";
import type { Sessions } from "./connect.js";
import type { Earlier } from "./deciding/reuse-decisions.js";
import type { OnProgress } from "./progress.js";

/** By table label: keys, each as a JSON array. */
export type OnlyKeys = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Whether the row is to be planned. Rules that name signatures need all of the delta to be compared first: a part of
 * it would have others.
 */
export function isWanted({ only }: Pick<Work, "only">, { label }: Pick<Table, "label">, key: Key): boolean {
  return only === undefined || only.get(label)?.has(JSON.stringify(key)) === true;
}

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
