import type { ForeignKey, Table } from "../model/table.js";

type References = readonly ForeignKey[];

/**
 * Parents before children. In a cycle of foreign keys the table goes first that waits only for keys that may be
 * NULL; among equals the label decides, so that the order is the same on every run.
 */
export function orderTables(tables: readonly Table[], foreignKeys: References): readonly Table[] {
  const referencesOf = new Map<string, ForeignKey[]>();
  for (const key of foreignKeys.filter(betweenTables)) {
    referencesOf.set(key.table, [...(referencesOf.get(key.table) ?? []), key]);
  }
  const waiting = new Map(sortedByLabel(tables).map((table) => [table.label, table]));
  const isFree = (table: Table, holdsBack: (key: ForeignKey) => boolean) =>
    !(referencesOf.get(table.label) ?? []).some((key) => waiting.has(key.parent) && holdsBack(key));
  const ordered: Table[] = [];
  while (waiting.size > 0) {
    const left = [...waiting.values()];
    const free = left.filter((table) => isFree(table, () => true));
    const next = free.length > 0 ? free : [left.find((table) => isFree(table, (key) => !key.nullable)) ?? left[0]];
    for (const table of next) {
      if (table === undefined) continue;
      waiting.delete(table.label);
      ordered.push(table);
    }
  }
  return ordered;
}

function betweenTables({ table, parent }: ForeignKey): boolean {
  return table !== parent;
}

function sortedByLabel(tables: readonly Table[]): readonly Table[] {
  return [...tables].sort((a, b) => (a.label < b.label ? -1 : 1));
}
