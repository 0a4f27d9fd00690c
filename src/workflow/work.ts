import { identityOf, isBag } from "../model/bag.js";
import type { PlanSettings } from "../model/settings.js";
import type { Table } from "../model/table.js";
import type { Key } from "../model/value.js";
import type { PlanStore } from "../store/plan-store.js";
import type { Attribution } from "./attribution.js";
import type { SetApart } from "./comparing/set-apart.js";
import type { Sessions } from "./connect.js";
import type { Earlier } from "./deciding/reuse-decisions.js";
import type { OnProgress } from "./progress.js";

/** By table label: keys, each as a JSON array. */
export type OnlyKeys = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Which rows of a table are to be planned. Rules that name signatures need all of the delta to be compared first: a part
 * of it would have others. Of rows without a key, all copies are wanted where one is: what one of them is depends on how
 * many there are.
 */
export function wantedIn({ only }: Pick<Work, "only">, table: Table): (key: Key) => boolean {
  if (only === undefined) return () => true;
  const keys = only.get(table.label) ?? new Set<string>();
  if (!isBag(table)) return (key) => keys.has(JSON.stringify(key));
  const identities = new Set([...keys].map((key) => identityOf(JSON.parse(key) as Key)));
  return (key) => identities.has(identityOf(key));
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
  /** Rows that cannot be read whole, by table label. */
  readonly apart: SetApart["apart"];
  readonly tell: OnProgress;
  readonly signal: AbortSignal | undefined;
  readonly earlier: Earlier | undefined;
}
