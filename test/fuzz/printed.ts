import type { Role, TableSpec } from "./table.js";

/** One table of one database as PostgreSQL prints it. */
export interface PrintedTable {
  /** `schema.table`, quoted where needed. */
  readonly table: string;
  /** In this database's order; what is generated is left out. */
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** By the JSON array of the key's texts; without a key, by what `copyName` makes of each copy. */
  readonly rows: ReadonlyMap<string, readonly (string | null)[]>;
}

/** All that a row without a key says, whatever the order of its columns. */
export function identityOf(cells: readonly (readonly [name: string, value: string | null])[]): string {
  return JSON.stringify([...cells].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @param copy counted from 1 */
export function copyName(identity: string, copy: number | string): string {
  return JSON.stringify([identity, copy]);
}

export function identityInName(name: string): string {
  return (JSON.parse(name) as [string])[0];
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
