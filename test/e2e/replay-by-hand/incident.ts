import { parse } from "yaml";
import type { Item, Operation } from "./item.js";
import { keyOf, type Row, type Snapshot, type Table } from "./snapshot.js";

export interface Config {
  readonly rules: readonly Rule[];
  readonly strategies: readonly {
    readonly match: { readonly tables: string[]; readonly columns?: string[]; readonly kinds: string[] };
    readonly use: string;
  }[];
  readonly invariants: readonly { readonly name: string; readonly sql: string }[];
}

interface Rule {
  readonly match: { readonly tables: string[]; readonly operations?: Operation[] };
  readonly is: "damage" | "excluded" | "legitimate";
}

export function readConfig(text: string): Config {
  return parse(text) as Config;
}

/** Every row that differs between the two, with what the rules say of it. */
export function incidentDelta(pre: Snapshot, post: Snapshot, current: Snapshot, { rules }: Config): Item[] {
  return [...pre.tables.values()].flatMap((table) => {
    const after = post.tables.get(table.name)?.rows ?? new Map<string, Row>();
    const now = current.tables.get(table.name)?.rows ?? new Map<string, Row>();
    const items = [...new Set([...table.rows.keys(), ...after.keys()])]
      .map((key) => createItem(table, table.rows.get(key), after.get(key), now.get(key)))
      .filter(({ pre: before, post: then }) => !before || !then || differing(before, then).length > 0);
    for (const item of items) applyRules(item, rules);
    guard(table, items);
    return items;
  });
}

function createItem(
  table: Table,
  pre: Row | undefined,
  post: Row | undefined,
  current: Row | undefined,
): Item {
  const operation = !pre ? "insert" : !post ? "delete" : "update";
  return {
    table: table.name,
    key: keyOf(table, post ?? pre ?? {}),
    operation,
    pre,
    post,
    current,
    incoming: post,
    outcome: undefined,
    after: undefined,
    written: [],
    conflict: undefined,
    blockers: [],
  };
}

function applyRules(item: Item, rules: readonly Rule[]): void {
  const rule = rules.find(
    ({ match }) => match.tables.includes(item.table) && (match.operations?.includes(item.operation) ?? true),
  );
  if (rule?.is === "excluded") item.outcome = "excluded";
  if (rule?.is === "damage") item.outcome = "kept";
}

/** Deletions of a table that lost more than half of its rows, and more than 100, wait for a rule. */
function guard(table: Table, items: readonly Item[]): void {
  const deletes = items.filter(({ operation }) => operation === "delete");
  if (deletes.length <= 100 || deletes.length <= table.rows.size / 2) return;
  for (const item of deletes) {
    if (item.outcome !== undefined || item.current === undefined) continue;
    item.outcome = "conflict";
    item.conflict = { kind: "suspected-damage", columns: [] };
  }
}

export function differing(one: Row, other: Row): string[] {
  return Object.keys(one).filter((column) => one[column] !== other[column]);
}
