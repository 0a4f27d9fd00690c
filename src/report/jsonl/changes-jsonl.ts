import { type Change, type RowWrite, writtenKey } from "../../model/change.js";
import { columnAt, keyObject, type Table } from "../../model/table.js";
import type { Value } from "../../model/value.js";
import { rowLines } from "../row-lines.js";
import { jsonLine } from "./row-objects.js";

type WrittenColumns = Record<string, { readonly from?: Value; readonly to?: Value }>;

/** `changes.jsonl`: every planned change, for applications that must hear of it (design 3). */
export function changesJsonl(
  tables: readonly Table[],
  rows: AsyncIterable<readonly RowWrite[]>,
): AsyncGenerator<string> {
  return rowLines(tables, rows, (table, row) => row.change && changeLine(table, row, row.change));
}

function changeLine(table: Table, row: RowWrite, change: Change): string {
  return jsonLine({
    table: table.label,
    key: keyObject(table, writtenKey(table, row)),
    operation: change.kind,
    columns: writtenColumns(table, change),
    tenant: row.tenant ?? null,
  });
}

/** Insert: `to` only, all columns; delete: `from` only; update: the written columns. */
export function writtenColumns(table: Table, change: Change): WrittenColumns {
  const all = table.columns.map((_, at) => at);
  const name = (at: number) => columnAt(table, at).name;
  switch (change.kind) {
    case "insert":
      return Object.fromEntries(all.map((at) => [name(at), { to: change.after[at] ?? null }]));
    case "delete":
      return Object.fromEntries(all.map((at) => [name(at), { from: change.before[at] ?? null }]));
    case "update":
      return Object.fromEntries(
        change.columns.map((at) => [
          name(at),
          { from: change.before[at] ?? null, to: change.after[at] ?? null },
        ]),
      );
  }
}
