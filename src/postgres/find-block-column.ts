import type { BlockColumn } from "../model/blocks.js";
import { columnAt, type Table, tableIn } from "../model/table.js";
import { blockColumnKind, orderedColumnsQuery } from "../sql/block-column.js";
import type { Session } from "./session/session.js";

/**
 * A column by which the rows lie in order on disk, as far as the server has counted: rows one after the other then
 * belong to one block, and its place in memory is at hand. Whatever it is, the blocks are as good.
 */
export async function findBlockColumn(
  session: Session,
  table: Table,
  blocks: number,
): Promise<BlockColumn | undefined> {
  const here = tableIn(table, session.role);
  const found = await session.query(orderedColumnsQuery, [here.schema, here.name]);
  for (const [name, low, high, distinct] of found) {
    const column = here.columns.findIndex((one) => one.name === name);
    const kind = column === -1 ? undefined : blockColumnKind(columnAt(here, column));
    if (kind === undefined || !tellsApart(Number(distinct), blocks)) continue;
    const width = numberOf(high, kind) - numberOf(low, kind);
    if (width > 0) return { column, shift: Math.min(62, Math.max(0, Math.floor(Math.log2(width / blocks)))) };
  }
  return undefined;
}

/** @param distinct as in pg_stats: below zero it is a share of the rows, of which there are more than blocks */
function tellsApart(distinct: number, blocks: number): boolean {
  return distinct < 0 ? distinct < -0.05 : distinct > blocks / 4;
}

function numberOf(value: string | null | undefined, kind: "integer" | "time"): number {
  if (value === null || value === undefined) return Number.NaN;
  return kind === "integer" ? Number(value) : Date.parse(`${value.replace(" ", "T").replace(/\+00$/, "")}Z`);
}
