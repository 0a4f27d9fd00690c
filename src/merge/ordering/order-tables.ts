import type { ForeignKey, Table } from "../../model/table.js";

type References = readonly ForeignKey[];

/**
 * Parents before children. In a cycle of foreign keys the table goes first that waits only for keys that may be
 * NULL; among equals the label decides, so that the order is the same on every run.
 */
export function orderTables(tables: readonly Table[], foreignKeys: References): readonly Table[] {
  const waiting = new Map(sortedByLabel(tables).map((table) => [table.label, table]));
  const references = groupByTable(foreignKeys.filter(betweenTables));
  const heldBackBy = ({ label }: Table) =>
    (references.get(label) ?? []).filter(({ parent }) => waiting.has(parent));
  const ordered: Table[] = [];
  while (waiting.size > 0) {
    const left = [...waiting.values()];
    const free = left.filter((table) => heldBackBy(table).length === 0);
    const next = free.length > 0 ? free : [cycleOpener(left, heldBackBy)];
    for (const table of next) {
      waiting.delete(table.label);
      ordered.push(table);
    }
  }
  return ordered;
}

/** Where every table waits for another: the one to begin with. */
function cycleOpener(left: readonly Table[], heldBackBy: (table: Table) => References): Table {
  const byLabel = new Map(left.map((table) => [table.label, table]));
  const parents = (table: Table) => heldBackBy(table).flatMap(({ parent }) => byLabel.get(parent) ?? []);
  const [first] = left as [Table];
  const cycle = firstCycle(first, parents);
  const members = left.filter((table) => cycle.has(table));
  return members.find((table) => heldBackBy(table).every(({ nullable }) => nullable)) ?? members[0] ?? first;
}

/** A cycle that waits for nothing but itself: a table that only hangs on a cycle must not go before it. */
function firstCycle(table: Table, parents: (table: Table) => readonly Table[]): ReadonlySet<Table> {
  const above = ancestors(table, parents);
  const nearer = [...above].find((other) => ancestors(other, parents).size < above.size);
  return nearer === undefined ? above : firstCycle(nearer, parents);
}

function ancestors(table: Table, parents: (table: Table) => readonly Table[]): ReadonlySet<Table> {
  const found = new Set<Table>(parents(table));
  // A set that grows while it is walked is walked to its end.
  for (const one of found) for (const parent of parents(one)) found.add(parent);
  return found;
}

function groupByTable(foreignKeys: References): ReadonlyMap<string, References> {
  const groups = new Map<string, ForeignKey[]>();
  for (const key of foreignKeys) {
    const group = groups.get(key.table);
    if (group === undefined) groups.set(key.table, [key]);
    else group.push(key);
  }
  return groups;
}

function betweenTables({ table, parent }: ForeignKey): boolean {
  return table !== parent;
}

function sortedByLabel(tables: readonly Table[]): readonly Table[] {
  return [...tables].sort((a, b) => (a.label < b.label ? -1 : 1));
}
