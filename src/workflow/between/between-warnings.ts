import { isBag } from "../../model/bag.js";
import type { PlanSettings } from "../../model/settings.js";
import type { Table } from "../../model/table.js";

/** What snapshots inside the window cannot tell, in words. */
export function betweenWarnings(
  { between, rules }: Pick<PlanSettings, "between" | "rules">,
  tables: readonly Table[],
): readonly string[] {
  if (between === undefined) return [];
  const isNamed = between.damage.length > 0 || rules.some(({ match }) => match.during !== undefined);
  const tells = isNamed || rules.some(({ match }) => match.signatures ?? match.transactions);
  const bags = tables.filter(isBag).map(({ label }) => label);
  return [
    ...(tells
      ? []
      : [
          "there are snapshots between, and nothing says in which interval the damage was done: --damage-interval FROM..TO, or during in a rule",
        ]),
    ...(isNamed && bags.length > 0
      ? [
          `without a key nothing tells in which interval a row changed: ${bags.join(", ")} stays as it is, unless a rule without during speaks of it`,
        ]
      : []),
  ];
}
