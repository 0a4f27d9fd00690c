import type { Role, TableSpec } from "./table.js";

/** One table of one database as PostgreSQL prints it. */
export interface PrintedTable {
  /** `schema.table`, quoted where needed. */
  readonly table: string;
  /** In this database's order; what is generated is left out. */
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** By the JSON array of the key's texts. */
  readonly rows: ReadonlyMap<string, readonly (string | null)[]>;
}

export type Printed = Readonly<Record<Role, readonly PrintedTable[]>>;

/** Whether two texts of a column are the same value to PostgreSQL. Never asked about NULL. */
export type Equal = (table: string, column: string, left: string, right: string) => boolean;

/** A printed row by column name; a Map, because columns may be called `__proto__`. */
export type Row = ReadonlyMap<string, string | null>;

export function tableOf(tables: readonly PrintedTable[], spec: TableSpec): PrintedTable {
  const found = tables.find((table) => table.table === spec.label);
  if (found === undefined) throw new Error(`no printed rows of ${spec.label}`);
  return found;
}

export function rowOf(table: PrintedTable, key: string): Row | undefined {
  const values = table.rows.get(key);
  return values && new Map(table.columns.map((name, index) => [name, values[index] ?? null]));
}
