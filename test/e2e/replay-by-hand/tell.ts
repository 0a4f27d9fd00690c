import type { ExpectedConflict, ExpectedSkip, RowChange, RowKey } from "../../../sample-data/story.js";
import { causeOf, type Item, refOf } from "./item.js";
import type { Replayed } from "./replay.js";
import type { Row, Snapshot } from "./snapshot.js";

/** Where the recovered database is not what it should be. */
export function differences({ recovered }: Replayed, expected: Snapshot): string[] {
  return [...expected.tables.values()].flatMap(({ name: table, rows }) => {
    const found = recovered.get(table) ?? new Map<string, Row>();
    return [...new Set([...rows.keys(), ...found.keys()])].flatMap((key) => {
      const [left, right] = [found.get(key), rows.get(key)];
      const columns = Object.keys({ ...left, ...right }).filter(
        (column) => left?.[column] !== right?.[column],
      );
      return columns.map((column) => `${table} ${key} ${column}: ${left?.[column]} for ${right?.[column]}`);
    });
  });
}

export function conflictsOf(items: readonly Item[]): ExpectedConflict[] {
  const open = items.filter(({ outcome }) => outcome === "conflict");
  return sorted(
    open.map((item) => {
      const cause = causeOf(item);
      return { ...refOf(item), kind: "", columns: [], ...item.conflict, ...(cause && { cause }) };
    }),
  );
}

/** What a rule excludes. */
export function excludedOf(items: readonly Item[]): RowChange[] {
  return sorted(items.filter(({ outcome }) => outcome === "excluded").map(change));
}

/** What is skipped, and why. */
export function skippedOf(items: readonly Item[]): ExpectedSkip[] {
  return sorted(items.filter(({ outcome }) => outcome === "skipped").map(explained));
}

function change(item: Item): RowChange {
  return { ...refOf(item), operation: item.operation };
}

function explained(item: Item): ExpectedSkip {
  const cause = causeOf(item);
  return { ...change(item), ...(cause && { cause }) };
}

export function name({ table, key }: RowKey): string {
  return `${table} ${JSON.stringify(key)}`;
}

/** In an order that both the story and the replay can be brought into. */
export function sorted<T extends RowKey>(rows: readonly T[]): T[] {
  return rows.toSorted((left, right) => (name(left) < name(right) ? -1 : 1));
}
