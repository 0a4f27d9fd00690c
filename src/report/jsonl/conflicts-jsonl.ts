import { type PlannedConflict, type PlannedRow, versionsOf } from "../../model/change.js";
import type { PlanHeader } from "../../model/plan.js";
import { columnNames, keyObject, type Table } from "../../model/table.js";
import type { Mode } from "../../model/value.js";
import { rowLines } from "../row-lines.js";
import { jsonLine, rowObject } from "./row-objects.js";

/** `conflicts.jsonl`: one line per row and kind, open or decided (design 3). */
export function conflictsJsonl(
  { mode, tables }: Pick<PlanHeader, "mode" | "tables">,
  rows: AsyncIterable<readonly PlannedRow[]>,
): AsyncGenerator<string> {
  return rowLines(tables, rows, (table, row) => row.conflict && conflictLine(mode, table, row, row.conflict));
}

function conflictLine(mode: Mode, table: Table, row: PlannedRow, conflict: PlannedConflict): string {
  const { base, current, incoming } = versionsOf(mode, row);
  return jsonLine({
    conflict: conflict.id,
    table: table.label,
    key: keyObject(table, row.key),
    kind: conflict.kind,
    columns: columnNames(table, conflict.columns),
    base: rowObject(table, base),
    current: rowObject(table, current),
    incoming: rowObject(table, incoming),
    cause: conflict.cause ?? null,
    tenant: row.tenant ?? null,
    resolution: conflict.resolution ?? null,
    reason: conflict.reason ?? null,
    causes: row.causes ?? [],
  });
}
