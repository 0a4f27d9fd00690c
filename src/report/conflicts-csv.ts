import { type PlannedConflict, type PlannedRow, versionsOf } from "../model/change.js";
import { identifier } from "../model/names.js";
import type { PlanHeader } from "../model/plan.js";
import { columnAt, keyObject, type Table } from "../model/table.js";
import type { Mode, Row } from "../model/value.js";
import { csvText, words } from "./csv.js";
import { rowObject } from "./row-objects.js";

export const conflictColumns = [
  "conflict",
  "table",
  "key",
  "kind",
  "column",
  "base",
  "current",
  "incoming",
  "cause",
  "tenant",
  "resolution",
  "value",
  "reason",
] as const;

type Line = Record<(typeof conflictColumns)[number], string>;

/**
 * `conflicts.csv`: one line per open or decided cell, or per row where the row as a whole is in conflict; then the
 * versions are JSON objects of the whole row, and `null` is "no such row". Values are JSON, so that NULL, "" and
 * "null" differ and no spreadsheet takes one for a formula (design 3).
 */
export async function* conflictsCsv(
  header: Pick<PlanHeader, "mode" | "tables">,
  rows: AsyncIterable<readonly PlannedRow[]>,
): AsyncGenerator<string> {
  yield* csvText<Line>(conflictColumns, conflictLines(header, rows));
}

async function* conflictLines(
  { mode, tables }: Pick<PlanHeader, "mode" | "tables">,
  rows: AsyncIterable<readonly PlannedRow[]>,
): AsyncGenerator<Line> {
  for await (const batch of rows) {
    for (const row of batch) {
      const table = tables[row.table];
      if (table !== undefined && row.conflict !== undefined) yield* linesOf(mode, table, row, row.conflict);
    }
  }
}

function* linesOf(mode: Mode, table: Table, row: PlannedRow, conflict: PlannedConflict): Generator<Line> {
  const { base, current, incoming } = versionsOf(mode, row);
  const shared = {
    conflict: conflict.id,
    table: table.label,
    key: JSON.stringify(keyObject(table, row.key)),
    kind: conflict.kind,
    cause: words(conflict.cause),
    tenant: words(row.tenant),
    resolution: conflict.resolution ?? "",
    value: "",
    reason: words(conflict.reason),
  };
  if (conflict.columns.length === 0) {
    const whole = (version: Row | undefined) => JSON.stringify(rowObject(table, version));
    yield { ...shared, column: "", base: whole(base), current: whole(current), incoming: whole(incoming) };
    return;
  }
  for (const at of conflict.columns) {
    const cell = (version: Row | undefined) => JSON.stringify(version?.[at] ?? null);
    const column = identifier(columnAt(table, at).name);
    yield { ...shared, column, base: cell(base), current: cell(current), incoming: cell(incoming) };
  }
}
