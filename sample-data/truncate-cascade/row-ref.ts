import type { GeneratedKey } from "./generated-key.js";
import type { Fresh, TableName } from "./rows.js";

/** A row by its key, which may not have been handed out yet. */
export interface RowRef {
  readonly table: TableName;
  readonly key: Readonly<Record<string, string | number | GeneratedKey>>;
}

const keyColumns: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  issue_label: ["issue_id", "label_id"],
  content_draft: ["document_id"],
  content_draft_entry: ["document_id", "position"],
};

export function rowRef<T extends TableName>(table: T, row: Fresh<T>): RowRef {
  const cells = row as Readonly<Record<string, string | number | GeneratedKey>>;
  const columns = keyColumns[table] ?? ["id"];
  return {
    table,
    key: Object.fromEntries(
      columns.map((column) => {
        const value = cells[column];
        if (value === undefined) throw new Error(`a row of ${table} without ${column}`);
        return [column, value];
      }),
    ),
  };
}

/** As pgmend names tables: quoted only where SQL needs it. */
function tableLabel(table: TableName): string {
  return table === "user" ? 'public."user"' : `public.${table}`;
}

/** The row as snapshots name it: the same for the same row, and fit for a report. */
export function printRef({ table, key }: RowRef): {
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
} {
  const printed = Object.entries(key).map(([column, value]) => [column, String(value)]);
  return { table: tableLabel(table), key: Object.fromEntries(printed) };
}
