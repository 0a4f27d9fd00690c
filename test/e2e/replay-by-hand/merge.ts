import { type Config, differing } from "./incident.js";
import type { Item } from "./item.js";
import type { Row } from "./snapshot.js";

const touch = "updated_at";

/** Classifies what the rules let through: design 2.1, and the touch column of 2.3. */
export function merge(item: Item, config: Config): void {
  const { pre, incoming, current } = item;
  if (item.outcome !== undefined) return;
  if (pre && incoming) mergeUpdate(item, pre, incoming, config);
  else if (pre) mergeDelete(item, pre);
  else if (!current) write(item, incoming ?? {}, []);
  else if (content(current, incoming ?? {}).length === 0) item.outcome = "already";
  else clash(item, "insert/insert", content(current, incoming ?? {}));
}

function mergeDelete(item: Item, pre: Row): void {
  if (!item.current) item.outcome = "already";
  else if (content(pre, item.current).length > 0) clash(item, "update/delete", []);
  else item.outcome = "apply";
}

function mergeUpdate(item: Item, pre: Row, incoming: Row, config: Config): void {
  const { current } = item;
  const changed = differing(pre, incoming);
  if (!current) {
    if (changed.some((column) => column !== touch)) clash(item, "delete/update", []);
    else item.outcome = "kept";
    return;
  }
  const free = changed.filter((column) => current[column] === pre[column]);
  const rivals = changed.filter(
    (column) => column !== touch && current[column] !== pre[column] && current[column] !== incoming[column],
  );
  const decided = rivals.map(
    (column) => [column, decide(item.table, column, config, [pre, current, incoming])] as const,
  );
  const open = decided.flatMap(([column, value]) => (value === undefined ? [column] : []));
  const cells = [
    ...free.map((column) => [column, incoming[column] ?? null] as const),
    ...decided.map(([column, value]) => [column, value ?? null] as const),
  ].filter(([column, value]) => current[column] !== value);
  const columns = cells.map(([column]) => column);
  if (open.length > 0) clash(item, "update/update", open);
  else if (cells.length > 0) write(item, { ...current, ...Object.fromEntries(cells) }, columns);
  else item.outcome = rivals.length > 0 ? "kept" : "already";
}

function content(one: Row, other: Row): string[] {
  return differing(one, other).filter((column) => column !== touch);
}

function write(item: Item, after: Row, written: readonly string[]): void {
  Object.assign(item, { outcome: "apply", after, written });
}

function clash(item: Item, kind: string, columns: readonly string[]): void {
  Object.assign(item, { outcome: "conflict", conflict: { kind, columns } });
}

type Cell = string | null | undefined;

/** What the first strategy for this cell says. @returns undefined if there is none */
function decide(
  table: string,
  column: string,
  { strategies }: Config,
  [pre, current, incoming]: [Row, Row, Row],
): Cell {
  const found = strategies.find(
    ({ match }) =>
      match.tables.includes(table) &&
      match.columns?.includes(column) &&
      match.kinds.includes("update/update"),
  );
  const [before, now, then] = [pre[column] ?? null, current[column] ?? null, incoming[column] ?? null];
  if (found?.use === "greatest") return isGreater(then, now) ? then : now;
  if (found?.use === "set-union") return unite(before, now, then);
  return undefined;
}

/** Numbers as numbers; times in UTC sort as text, since "+" comes before every digit. */
function isGreater(one: Cell, other: Cell): boolean {
  const numbers = [Number(one), Number(other)] as const;
  return numbers.some(Number.isNaN) ? String(one) > String(other) : numbers[0] > numbers[1];
}

function unite(before: Cell, now: Cell, then: Cell): string {
  const [was, is, comes] = [members(before), members(now), members(then)];
  const left = is.filter((member) => comes.includes(member) || !was.includes(member));
  const joined = comes.filter((member) => !was.includes(member) && !is.includes(member));
  return `{${[...left, ...joined].join(",")}}`;
}

function members(array: Cell): string[] {
  return (array ?? "{}").slice(1, -1).split(",").filter(Boolean);
}
