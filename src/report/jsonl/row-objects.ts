import type { Table } from "../../model/table.js";
import type { Row, Value } from "../../model/value.js";

/** `{ "name": "text" | null }` of all columns; `null` where there is no such row. */
export function rowObject(table: Table, row: Row | undefined): Record<string, Value> | null {
  if (row === undefined) return null;
  return Object.fromEntries(table.columns.map((column, at) => [column.name, row[at] ?? null]));
}

/** One JSON document a line. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
