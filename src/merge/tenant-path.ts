import type { ForeignKey } from "../model/table.js";
import type { TenantWay } from "../model/tenant.js";

/** A table on which a way may go, with the names of the columns that can be read there. */
export interface PathTable {
  readonly label: string;
  readonly columns: readonly string[];
}

/** Tables and the foreign keys between them, seen from one tenant column. */
export interface TenantMap {
  readonly column: string;
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>;
  /** By the table that refers, in the order of their names. */
  readonly keys: ReadonlyMap<string, readonly ForeignKey[]>;
  /** The column that says the tenant, in tables that say it themselves. */
  readonly ends: ReadonlyMap<string, string>;
}

/** What is wrong with a way that was given. */
export type WrongWay =
  | {
      readonly kind: "no such key";
      readonly table: string;
      readonly step: string;
      readonly known: readonly string[];
    }
  | {
      readonly kind: "several keys";
      readonly table: string;
      readonly step: string;
      readonly known: readonly string[];
    }
  | { readonly kind: "no tenant there"; readonly table: string };

/**
 * A table says the tenant of its rows itself where it has the column. So does the table that the column refers to, of
 * which each row is a tenant: there it is the column referred to.
 */
export function mapTenants(
  column: string,
  tables: readonly PathTable[],
  foreignKeys: readonly ForeignKey[],
): TenantMap {
  const columns = new Map(tables.map((table) => [table.label, new Set(table.columns)]));
  const isThere = (label: string, names: readonly string[]) =>
    names.every((name) => columns.get(label)?.has(name) === true);
  const usable = foreignKeys
    .filter((key) => isThere(key.table, key.columns) && isThere(key.parent, key.parentColumns))
    .sort(byName);
  const ends = new Map<string, string>();
  for (const key of usable) {
    const named = key.parentColumns[key.columns.indexOf(column)];
    if (named === undefined || ends.has(key.parent)) continue;
    // A column of that name says more than one that is referred to; but not where it only names the row above.
    const isOwn = !isThere(key.parent, [column]) || key.table === key.parent;
    if (isOwn) ends.set(key.parent, named);
  }
  for (const { label } of tables) if (isThere(label, [column]) && !ends.has(label)) ends.set(label, column);
  const keys = new Map<string, ForeignKey[]>();
  for (const key of usable) keys.set(key.table, [...(keys.get(key.table) ?? []), key]);
  return { column, columns, keys, ends };
}

/**
 * The shortest way from a table to one that says the tenant; of several the one whose foreign keys come first by name,
 * so that it is the same on every run. Undefined where there is none.
 */
export function shortestWay({ keys, ends }: TenantMap, table: string): TenantWay | undefined {
  const seen = new Set([table]);
  let ways: (readonly [string, readonly ForeignKey[]])[] = [[table, []]];
  // All ways of one length, in the order of their names, before those that are one longer.
  while (ways.length > 0) {
    const longer: typeof ways = [];
    for (const [at, gone] of ways) {
      const column = ends.get(at);
      if (column !== undefined) return { keys: gone, column };
      for (const key of keys.get(at) ?? []) {
        if (seen.has(key.parent)) continue;
        seen.add(key.parent);
        longer.push([key.parent, [...gone, key]]);
      }
    }
    ways = longer;
  }
  return undefined;
}

/**
 * The way that was given for a table.
 *
 * @param steps each the name of a foreign key, or of a column that is in one foreign key alone
 */
export function givenWay(map: TenantMap, table: string, steps: readonly string[]): TenantWay | WrongWay {
  let at = table;
  const gone: ForeignKey[] = [];
  for (const step of steps) {
    const known = map.keys.get(at) ?? [];
    const [key, ...others] = meant(known, step);
    if (key === undefined) {
      const names = known.flatMap((one) => [one.name, ...(one.columns.length === 1 ? one.columns : [])]);
      return { kind: "no such key", table: at, step, known: [...new Set(names)] };
    }
    if (others.length > 0) {
      return { kind: "several keys", table: at, step, known: [key, ...others].map(({ name }) => name) };
    }
    gone.push(key);
    at = key.parent;
  }
  const column = map.ends.get(at);
  return column === undefined ? { kind: "no tenant there", table: at } : { keys: gone, column };
}

/** By its name; else by its one column; else by a column that it has among others. */
function meant(known: readonly ForeignKey[], step: string): readonly ForeignKey[] {
  const candidates = [
    known.filter(({ name }) => name === step),
    known.filter(({ columns }) => columns.length === 1 && columns[0] === step),
    known.filter(({ columns }) => columns.includes(step)),
  ];
  return candidates.find((some) => some.length > 0) ?? [];
}

/** `reaction_comment_id_fkey to public.comment, workspace_id there`; where the row says it itself, the column. */
export function describeWay({ keys, column }: TenantWay): string {
  const hops = keys.map(({ name, parent }) => `${name} to ${parent}`);
  return hops.length === 0 ? column : `${hops.join(", ")}, ${column} there`;
}

/** By code unit and not by locale: the same on every machine. */
function byName(a: ForeignKey, b: ForeignKey): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.table < b.table ? -1 : a.table > b.table ? 1 : 0;
}
