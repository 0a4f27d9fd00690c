import type { PlannedRow } from "../../model/change.js";
import { keyObject, type Table } from "../../model/table.js";
import { rowLines } from "../row-lines.js";
import { jsonLine } from "./row-objects.js";

/** `skipped.jsonl`: one line for each row that is excluded or skipped, with what keeps it from being written. */
export function skippedJsonl(
  tables: readonly Table[],
  rows: AsyncIterable<readonly PlannedRow[]>,
): AsyncGenerator<string> {
  return rowLines(tables, rows, skippedLine);
}

function skippedLine(table: Table, { key, operation, outcome, reason, causes, tenant }: PlannedRow): string {
  return jsonLine({
    table: table.label,
    key: keyObject(table, key),
    operation,
    outcome,
    reason: reason ?? null,
    causes: causes ?? [],
    tenant: tenant ?? null,
  });
}
