import { type PlannedConflict, type PlannedRow, versionsOf } from "../../model/change.js";
import { identifier } from "../../model/names.js";
import type { PlanHeader } from "../../model/plan.js";
import { columnAt, keyObject, type Table } from "../../model/table.js";
import type { Mode, Row } from "../../model/value.js";
import { rowObject } from "../jsonl/row-objects.js";
import { csvText, harmless, words } from "./csv.js";
import { decidedCells } from "./decided-cells.js";

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
    // As a person wrote it: it is handed back.
    reason: harmless(conflict.reason),
  };
  for (const { column: at, ...decided } of decidedCells(table, row, conflict)) {
    const versions = at === undefined ? wholeRows(table) : cellsAt(at);
    const column = at === undefined ? "" : identifier(columnAt(table, at).name);
    yield {
      ...{ ...shared, ...decided, column },
      ...{ base: versions(base), current: versions(current), incoming: versions(incoming) },
    };
  }
}

const wholeRows = (table: Table) => (version: Row | undefined) => JSON.stringify(rowObject(table, version));
const cellsAt = (at: number) => (version: Row | undefined) => JSON.stringify(version?.[at] ?? null);
