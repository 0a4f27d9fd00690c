import type { PlannedConflict, PlannedRow } from "../../model/change.js";
import { columnAt, type Table } from "../../model/table.js";
import type { Value } from "../../model/value.js";

/** What a line of `conflicts.csv` says about how its cell, or its row as a whole, was decided. */
export interface DecidedCell {
  /** Position of the column; undefined where the line is about the row as a whole. */
  readonly column: number | undefined;
  readonly resolution: string;
  /** JSON: a text or `null`; of a row as a whole an object of these, by column name. Empty but for `value`. */
  readonly value: string;
}

/** One for each line of a conflict; handed back to `pgmend resolve` as they are, they change nothing. */
export function decidedCells(
  table: Table,
  { change, current }: Pick<PlannedRow, "change" | "current">,
  { columns, resolution }: Pick<PlannedConflict, "columns" | "resolution">,
): readonly DecidedCell[] {
  if (resolution !== "value") {
    const all = columns.length === 0 ? [undefined] : columns;
    return all.map((column) => ({ column, resolution: resolution ?? "", value: "" }));
  }
  const after = change === undefined || change.kind === "delete" ? current : change.after;
  if (columns.length === 0) return [{ column: undefined, resolution, value: writtenCells(table, change) }];
  return columns.map((column) => {
    const value = after?.[column] ?? null;
    const stays = current !== undefined && value === (current[column] ?? null);
    return stays
      ? { column, resolution: "current", value: "" }
      : { column, resolution, value: JSON.stringify(value) };
  });
}

function writtenCells(table: Table, change: PlannedRow["change"]): string {
  if (change === undefined || change.kind === "delete") return "{}";
  const columns = change.kind === "update" ? change.columns : table.columns.map((_, at) => at);
  const cells = columns.filter((at) => !table.key.includes(at));
  return JSON.stringify(
    Object.fromEntries(
      cells.map((at): [string, Value] => [columnAt(table, at).name, change.after[at] ?? null]),
    ),
  );
}
