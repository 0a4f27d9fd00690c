import type { PlannedConflict, PlannedRow } from "../model/change.js";
import type { PlanHeader } from "../model/plan.js";
import { columnNames, keyObject, type Table } from "../model/table.js";
import { visible } from "../model/visible.js";
import { rowLines } from "./row-lines.js";

/** Conflicts for a terminal, one a line: `c5abe12fca2616d79  public.device {"id":"7"}  update/update owner  open`. */
export function conflictsText(
  { tables }: Pick<PlanHeader, "tables">,
  rows: AsyncIterable<readonly PlannedRow[]>,
): AsyncGenerator<string> {
  return rowLines(tables, rows, (table, row) => row.conflict && line(table, row, row.conflict));
}

function line(table: Table, { key, outcome }: PlannedRow, conflict: PlannedConflict): string {
  const { id, kind, columns, resolution, reason, cause } = conflict;
  const state = outcome === "conflict" ? "open" : (resolution ?? outcome);
  const parts = [
    id,
    `${table.label} ${JSON.stringify(keyObject(table, key))}`,
    [kind, columnNames(table, columns).join(", ")].filter((text) => text !== "").join(" "),
    state,
    ...[reason ?? cause ?? ""].filter((text) => text !== ""),
  ];
  return `${visible(parts.join("  "))}\n`;
}
