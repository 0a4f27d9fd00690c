import { keyOf, type Table, tableIn } from "../model/table.js";
import { lookUpRows } from "./look-up.js";
import { columnList, source } from "./read-table.js";
import type { Session } from "./session/session.js";

/** Pages taken here and there; few, as each is followed by a look-up for each of its rows. */
const sampledPages = 8;
const mostRows = 500;

export interface SampledDifferences {
  readonly rows: number;
  readonly differing: number;
  /** About how many pages the rows are from. */
  readonly pages: number;
}

/**
 * How many rows of some pages of one database are not the same in the other. Only an estimate.
 *
 * @param pages the table has
 */
export async function sampleDifferences(
  from: Session,
  other: Session,
  table: Table,
  pages: number,
): Promise<SampledDifferences> {
  const percent = Math.min(100, (100 * sampledPages) / Math.max(1, pages));
  // Only whole tables can be sampled.
  if (table.apart !== undefined) return { rows: 0, differing: 0, pages: 0 };
  const here = tableIn(table, from.role);
  const rows = await from.query(
    `SELECT ${columnList(here, "t")} FROM ${source(here)} AS t TABLESAMPLE SYSTEM (${percent.toFixed(6)}) LIMIT ${mostRows}`,
  );
  const others = await lookUpRows(
    other,
    table,
    rows.map((row) => keyOf(table, row)),
  );
  const differing = rows.filter((row, at) => row.some((value, column) => value !== others[at]?.[column]));
  return { rows: rows.length, differing: differing.length, pages: Math.min(sampledPages, pages) };
}
