import { namesInside } from "../../merge/between/names-inside.js";
import { isBag } from "../../model/bag.js";
import type { Mistake } from "../../model/errors.js";
import type { PlanSettings } from "../../model/settings.js";
import type { OwnNames, Table } from "../../model/table.js";
import { readCatalog } from "../../postgres/catalog/catalog.js";
import type { Sessions } from "../connect.js";

export interface LinedUpInside {
  /** With the names that they have in the snapshots. */
  readonly tables: readonly Table[];
  /** What the snapshots lack of the tables that are compared: without it no step of a row is known. */
  readonly mistakes: readonly Mistake[];
}

/** Holds the tables that are compared against the snapshots inside the window. */
export async function lineUpInside(
  sessions: Sessions,
  { between }: Pick<PlanSettings, "between">,
  tables: readonly Table[],
): Promise<LinedUpInside> {
  const mistakes: Mistake[] = [];
  const own = tables.map((): Record<string, OwnNames> => ({}));
  for (const [at, session] of sessions.between.entries()) {
    const catalog = await readCatalog(session);
    const where = `--between ${between?.snapshots[at]?.label}`;
    for (const [place, table] of tables.entries()) {
      if (isBag(table)) continue;
      const names = namesInside(table, catalog);
      const advice = "leave the snapshot out, or the table (--exclude-tables)";
      if (names.kind === "unknown") mistakes.push({ where, what: `${names.why}; ${advice}` });
      else if (names.own !== undefined) Object.assign(own[place] as object, { [session.role]: names.own });
    }
  }
  const named = tables.map((table, at) =>
    Object.keys(own[at] as object).length === 0
      ? table
      : { ...table, elsewhere: { ...table.elsewhere, ...own[at] } },
  );
  return { tables: named, mistakes };
}
