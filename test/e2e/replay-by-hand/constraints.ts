import { type Blocker, type Item, refOf } from "./item.js";
import { type ForeignKey, keyOf, keyText, type Row, type Snapshot, type Unique } from "./snapshot.js";
import { type Entry, State } from "./state.js";

interface Violation {
  readonly kind: "foreign-key" | "unique";
  readonly columns: readonly string[];
  readonly blockers: readonly Blocker[];
}

/**
 * Withholds what would break a constraint, and then what needs that, until nothing does.
 *
 * @returns the database as it will be
 */
export function withhold(items: readonly Item[], current: Snapshot): State {
  const withheld = new Set<Item>();
  for (;;) {
    const state = new State(items, current);
    const broken = items
      .filter(({ outcome }) => outcome === "apply")
      .map((item) => ({ item, found: violations(item, items, state) }));
    const breaking = broken.filter(({ found }) => found.length > 0);
    for (const { item, found } of breaking) {
      withholdOne(item, found);
      withheld.add(item);
    }
    if (breaking.length > 0) continue;
    for (const item of withheld) explain(item, violations(item, items, state));
    return state;
  }
}

function withholdOne(item: Item, found: readonly Violation[]): void {
  item.blockers = found.flatMap(({ blockers }) => blockers);
  item.outcome = item.blockers.some(({ item: other }) => isSkipping(other)) ? "skipped" : "conflict";
  const [first] = found;
  if (item.outcome === "conflict" && first) item.conflict = { kind: first.kind, columns: first.columns };
}

/** In the end all reasons are known, and not only those of the round in which the row was withheld. */
function explain(item: Item, found: readonly Violation[]): void {
  item.blockers = found.flatMap(({ blockers }) => blockers);
  const skipping = item.blockers.filter(({ item: other }) => isSkipping(other)).length;
  if (skipping !== (item.outcome === "skipped" ? item.blockers.length : 0))
    throw new Error("skipped, or in conflict?");
  if (found.length === 0) throw new Error("withheld for no reason");
  if (item.outcome === "conflict" && found.length > 1) throw new Error("two constraints at once");
}

function isSkipping(item: Item | undefined): boolean {
  return item?.outcome === "excluded" || item?.outcome === "skipped";
}

/** What the item breaks in a database with everything else that is to be written. */
function violations(item: Item, items: readonly Item[], state: State): Violation[] {
  const { foreignKeys, uniques } = state.current;
  if (!item.after) {
    const parents = foreignKeys.filter(({ parent }) => parent === item.table);
    return parents.flatMap((key) => stayingChildren(item, key, state));
  }
  return [
    ...foreignKeys
      .filter(({ table }) => table === item.table)
      .flatMap((key) => missingParent(item, key, items, state)),
    ...uniques
      .filter(({ table }) => table === item.table)
      .flatMap((unique) => otherHolders(item, unique, state)),
  ];
}

function missingParent(
  { after = {}, operation, written }: Item,
  { columns, parent, parentColumns }: ForeignKey,
  items: readonly Item[],
  state: State,
): Violation[] {
  if (operation === "update" && !columns.some((column) => written.includes(column))) return [];
  if (columns.some((column) => after[column] === null)) return [];
  const text = keyText(columns, after);
  if (state.find(parent, parentColumns, text).length > 0) return [];
  const found = items.find(
    (item) =>
      item.table === parent &&
      item.operation === "insert" &&
      keyText(parentColumns, item.incoming ?? {}) === text,
  );
  const row = Object.fromEntries(parentColumns.map((column, at) => [column, after[columns[at] ?? ""] ?? ""]));
  const ref = found ? refOf(found) : { table: parent, key: row };
  return [{ kind: "foreign-key", columns, blockers: [{ row: ref, item: found }] }];
}

/** Whatever the foreign key would do to them: a patch changes no row that the plan does not name. */
function stayingChildren(
  item: Item,
  { table, columns, parentColumns }: ForeignKey,
  state: State,
): Violation[] {
  const staying = state.find(table, columns, keyText(parentColumns, item.current ?? {}));
  if (staying.length === 0) return [];
  return [
    { kind: "foreign-key", columns: [], blockers: staying.map((entry) => blocker(table, entry, state)) },
  ];
}

function otherHolders(item: Item, { table, columns }: Unique, state: State): Violation[] {
  const after: Row = item.after ?? {};
  if (columns.some((column) => after[column] === null)) return [];
  // A row whose update is withheld is still there as it was.
  const before = item.operation === "update" ? item.current : undefined;
  const others = state
    .find(table, columns, keyText(columns, after))
    .filter((entry) => entry.item !== item && (before === undefined || entry.row !== before));
  if (others.length === 0) return [];
  return [{ kind: "unique", columns, blockers: others.map((entry) => blocker(table, entry, state)) }];
}

function blocker(table: string, { row, item }: Entry, { current }: State): Blocker {
  return {
    row: item ? refOf(item) : { table, key: keyOf(current.tables.get(table) ?? { key: [] }, row) },
    item,
  };
}
