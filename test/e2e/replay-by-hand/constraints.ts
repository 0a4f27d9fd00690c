import type { RowKey } from "../../../sample-data/story.js";
import { type Blocker, type Item, refOf } from "./item.js";
import { type ForeignKey, keyOf, keyText, type Row, type Snapshot, type Unique } from "./snapshot.js";

/** The rows of a table as they would be, each with the item that writes it. */
type Rows = ReadonlyMap<string, { readonly row: Row; readonly item: Item | undefined }>;
type State = ReadonlyMap<string, Rows>;

interface Violation {
  readonly item: Item;
  readonly columns: readonly string[];
  readonly kind: "foreign-key" | "unique";
  readonly blockers: readonly Blocker[];
}

/** Withholds what would break a constraint, and then what needs that, until nothing does. */
export function withhold(items: readonly Item[], current: Snapshot): void {
  for (;;) {
    const state = endState(items, current);
    const violations = [
      ...current.foreignKeys.flatMap((key) => [
        ...missingParents(key, items, state, current),
        ...stayingChildren(key, items, state, current),
      ]),
      ...current.uniques.flatMap((unique) => doubles(unique, state, current)),
    ];
    if (violations.length === 0) return;
    for (const [item, found] of byItem(violations)) withholdOne(item, found);
  }
}

function withholdOne(item: Item, violations: readonly Violation[]): void {
  const blockers = violations.flatMap((violation) => violation.blockers);
  const skips = blockers.map((blocker) => ["excluded", "skipped"].includes(blocker.item?.outcome ?? ""));
  if (skips.includes(true) && skips.includes(false)) throw new Error("skipped, or in conflict?");
  const [first, ...others] = violations;
  item.blockers = blockers;
  item.outcome = skips.includes(true) ? "skipped" : "conflict";
  if (item.outcome === "skipped" || first === undefined) return;
  if (others.length > 0) throw new Error("two constraints at once");
  item.conflict = { kind: first.kind, columns: first.columns };
}

/** `current` with everything that is still to be written. */
export function endState(items: readonly Item[], current: Snapshot): State {
  const state = new Map(
    [...current.tables].map(([name, { rows }]) => [
      name,
      new Map([...rows].map(([key, row]) => [key, { row, item: undefined as Item | undefined }])),
    ]),
  );
  for (const item of items) {
    const key = current.tables.get(item.table)?.key ?? [];
    if (item.outcome !== "apply") continue;
    if (item.after) state.get(item.table)?.set(keyText(key, item.after), { row: item.after, item });
    else state.get(item.table)?.delete(keyText(key, item.key));
  }
  return state;
}

function* missingParents(
  { table, columns, parent, parentColumns }: ForeignKey,
  items: readonly Item[],
  state: State,
  { tables }: Snapshot,
): Generator<Violation> {
  const parents = new Set([...(state.get(parent)?.values() ?? [])].map(({ row }) => keyText(parentColumns, row)));
  const incoming = new Map(
    items
      .filter((item) => item.table === parent && item.incoming && item.operation === "insert")
      .map((item) => [keyText(parentColumns, item.incoming ?? {}), item]),
  );
  for (const item of items) {
    if (item.table !== table || item.outcome !== "apply" || !item.after) continue;
    if (item.operation === "update" && !columns.some((column) => item.written.includes(column))) continue;
    const text = keyText(columns, item.after);
    if (columns.some((column) => item.after?.[column] === null) || parents.has(text)) continue;
    const found = incoming.get(text);
    const key = keyOf(tables.get(parent) ?? { key: [] }, rename(item.after, columns, parentColumns));
    const row = found ? refOf(found) : { table: parent, key };
    yield { item, kind: "foreign-key", columns, blockers: [{ row, item: found }] };
  }
}

function rename(row: Row, from: readonly string[], to: readonly string[]): Row {
  return Object.fromEntries(to.map((column, at) => [column, row[from[at] ?? ""] ?? null]));
}

/** Whatever the foreign key would do to them: a patch changes no row that the plan does not name. */
function* stayingChildren(
  { table, columns, parent, parentColumns }: ForeignKey,
  items: readonly Item[],
  state: State,
  { tables }: Snapshot,
): Generator<Violation> {
  const deletes = items.filter((item) => item.table === parent && item.outcome === "apply" && !item.after);
  if (deletes.length === 0) return;
  const children = new Map<string, { row: RowKey; item: Item | undefined }[]>();
  for (const { row, item } of state.get(table)?.values() ?? []) {
    const text = keyText(columns, row);
    const ref = { table, key: keyOf(tables.get(table) ?? { key: [] }, row) };
    children.set(text, [...(children.get(text) ?? []), { row: ref, item }]);
  }
  for (const item of deletes) {
    const staying = children.get(keyText(parentColumns, item.current ?? {}));
    if (staying) yield { item, kind: "foreign-key", columns: [], blockers: staying };
  }
}

function* doubles({ table, columns }: Unique, state: State, { tables }: Snapshot): Generator<Violation> {
  const holders = new Map<string, { row: Row; item: Item | undefined }[]>();
  for (const entry of state.get(table)?.values() ?? []) {
    if (columns.some((column) => entry.row[column] === null)) continue;
    const text = keyText(columns, entry.row);
    holders.set(text, [...(holders.get(text) ?? []), entry]);
  }
  for (const entries of holders.values()) {
    if (entries.length < 2) continue;
    for (const { item } of entries) {
      if (!item) continue;
      const others = entries.filter((entry) => entry.item !== item);
      const blockers = others.map((other) => ({
        row: { table, key: keyOf(tables.get(table) ?? { key: [] }, other.row) },
        item: other.item,
      }));
      yield { item, kind: "unique", columns, blockers };
    }
  }
}

function byItem(violations: readonly Violation[]): ReadonlyMap<Item, readonly Violation[]> {
  const found = new Map<Item, Violation[]>();
  for (const violation of violations) found.set(violation.item, [...(found.get(violation.item) ?? []), violation]);
  return found;
}
