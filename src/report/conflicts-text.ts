import type { PlannedConflict, PlannedRow } from "../model/change.js";
import type { PlanHeader } from "../model/plan.js";
import { columnNames, keyObject, type Table } from "../model/table.js";
import { visible } from "../model/visible.js";

/** Conflicts for a terminal, one a line: `c5abe12fca2616d79  public.device {"id":"7"}  update/update owner  open`. */
export async function* conflictsText(
  { tables }: Pick<PlanHeader, "tables">,
  rows: AsyncIterable<readonly PlannedRow[]>,
): AsyncGenerator<string> {
  for await (const batch of rows) {
    yield batch
      .flatMap((row) => {
        const table = tables[row.table];
        return table === undefined || row.conflict === undefined ? [] : [line(table, row, row.conflict)];
      })
      .join("");
  }
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
