import { outcomes } from "../../model/change.js";
import type { Table } from "../../model/table.js";
import type { ActorTally } from "../../model/tenant.js";
import { recoveredOf } from "../tenants.js";
import { csvText, words } from "./csv.js";

const affectedColumns = ["actor", "tenant", "changes", "recovered", ...outcomes, "tables"] as const;

type Line = Record<(typeof affectedColumns)[number], string>;

/**
 * `affected.csv`: who is affected, one line per actor and tenant, those first of whose rows most are not back.
 *
 * An actor is whoever the actor column names in the row as the incident left it (in `pre` where the incident deleted
 * it); rows that name nobody, and those of tables without the column, are on lines without an actor. `changes` are that
 * actor's rows of the incident delta, and the sum of the six outcomes after `recovered`, the share that is back: (apply
 * + already) of (apply + already + conflict + skipped), empty where nothing was to come back. `tables` are named with a
 * space between them.
 */
export function affectedCsv(
  tables: readonly Table[],
  tallies: AsyncIterable<readonly ActorTally[]>,
): AsyncGenerator<string> {
  return csvText<Line>(affectedColumns, affectedLines(tables, tallies));
}

async function* affectedLines(
  tables: readonly Table[],
  tallies: AsyncIterable<readonly ActorTally[]>,
): AsyncGenerator<Line> {
  for await (const batch of tallies) {
    for (const { actor, tenant, outcomes: counts, tables: touched } of batch) {
      const count = Object.fromEntries(outcomes.map((outcome) => [outcome, String(counts[outcome])]));
      yield {
        actor: words(actor),
        tenant: words(tenant),
        changes: String(outcomes.reduce((sum, outcome) => sum + counts[outcome], 0)),
        recovered: String(recoveredOf(counts) ?? ""),
        ...(count as Record<(typeof outcomes)[number], string>),
        tables: touched.map((at) => tables[at]?.label ?? "").join(" "),
      };
    }
  }
}
