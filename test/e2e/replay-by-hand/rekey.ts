import type { Config } from "./incident.js";
import { differing } from "./incident.js";
import type { Item } from "./item.js";
import type { Row, Snapshot } from "./snapshot.js";

/** New keys by table and old key. */
export type NewKeys = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The rows that met another one under their key and that a strategy gives a new one, in the order of their keys. */
export function toRekey(
  items: readonly Item[],
  { strategies }: Config,
): ReadonlyMap<string, readonly Item[]> {
  const tables = strategies.filter(({ use }) => use === "rekey").flatMap(({ match }) => match.tables);
  return new Map(
    tables.map((table) => [
      table,
      items
        .filter((item) => item.table === table && item.conflict?.kind === "insert/insert")
        .sort((left, right) => Number(left.key["id"]) - Number(right.key["id"])),
    ]),
  );
}

/** The next keys past what either database has handed out. Who does not count gets one that nobody else has. */
export function handOut(
  moving: ReadonlyMap<string, readonly Item[]>,
  [post, current]: readonly [Snapshot, Snapshot],
  counts: (item: Item) => boolean = () => true,
): NewKeys {
  return new Map(
    [...moving].map(([table, items]) => {
      let last = Math.max(post.sequences.get(table) ?? 0, current.sequences.get(table) ?? 0);
      let nowhere = 0;
      const next = (item: Item) => String(counts(item) ? ++last : --nowhere);
      return [table, new Map(items.map((item) => [item.key["id"] ?? "", next(item)]))];
    }),
  );
}

/** Every incoming reference to a row that moves follows it, and the row itself does. */
export function follow(items: readonly Item[], keys: NewKeys, { foreignKeys }: Snapshot): void {
  for (const item of items) {
    const own = keys.get(item.table)?.get(item.key["id"] ?? "");
    if (item.post === undefined) continue;
    const written = item.pre ? differing(item.pre, item.post) : Object.keys(item.post);
    const moved: Record<string, string | null> = {};
    for (const { table, columns, parent } of foreignKeys) {
      const [column = ""] = columns;
      if (table !== item.table || columns.length > 1 || !written.includes(column)) continue;
      const to = keys.get(parent)?.get(item.post[column] ?? "");
      if (to !== undefined) moved[column] = to;
    }
    if (own !== undefined && item.operation === "insert") moved["id"] = own;
    if (Object.keys(moved).length > 0) rewrite(item, { ...item.post, ...moved }, own !== undefined);
  }
}

function rewrite(item: Item, incoming: Row, isMoving: boolean): void {
  item.incoming = incoming;
  if (isMoving) Object.assign(item, { conflict: undefined, outcome: "apply", after: incoming });
  else if (item.outcome === "apply" && item.operation === "insert") item.after = incoming;
  else if (item.outcome === "apply") {
    const cells = item.written.map((column) => [column, incoming[column] ?? null]);
    item.after = { ...item.after, ...Object.fromEntries(cells) };
  }
}
