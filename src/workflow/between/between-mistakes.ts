import { isBag } from "../../model/bag.js";
import type { Catalog } from "../../model/catalog.js";
import type { Mistake } from "../../model/errors.js";
import type { PlanSettings } from "../../model/settings.js";
import type { Table } from "../../model/table.js";
import { readCatalog } from "../../postgres/catalog/catalog.js";
import type { Sessions } from "../connect.js";

/** What the snapshots inside the window lack of the tables that are compared: without it no step of a row is known. */
export async function betweenMistakes(
  sessions: Sessions,
  { between }: Pick<PlanSettings, "between">,
  tables: readonly Table[],
): Promise<readonly Mistake[]> {
  const mistakes: Mistake[] = [];
  for (const [at, session] of sessions.between.entries()) {
    const catalog = await readCatalog(session);
    const where = `--between ${between?.snapshots[at]?.label}`;
    for (const table of tables) {
      const what = isBag(table) ? undefined : complaint(table, catalog);
      if (what !== undefined)
        mistakes.push({ where, what: `${what}; leave the snapshot out, or the table (--exclude-tables)` });
    }
  }
  return mistakes;
}

function complaint({ label, columns }: Table, catalog: Catalog): string | undefined {
  const found = catalog.tables.find((table) => table.label === label);
  if (found === undefined) return `has no table ${label}`;
  if (!found.canSelect) return `gives no privilege to SELECT from ${label}`;
  const lacking = columns.filter(({ name, type }) =>
    found.columns.every((column) => column.name !== name || column.type !== type),
  );
  if (lacking.length === 0) return undefined;
  return `has ${label} without ${lacking.map(({ name, type }) => `${name} (${type})`).join(", ")}`;
}
