import type { Item } from "./item.js";
import { keyText, type Row, type Snapshot } from "./snapshot.js";

/** A row as it would be, with the item that writes it. */
export interface Entry {
  readonly row: Row;
  readonly item: Item | undefined;
}

/** `current` with everything that is still to be written. */
export class State {
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, Entry>>;
  readonly current: Snapshot;
  readonly #indexes = new Map<string, ReadonlyMap<string, readonly Entry[]>>();

  constructor(items: readonly Item[], current: Snapshot) {
    this.current = current;
    const tables = new Map(
      [...current.tables].map(([name, { rows }]) => [
        name,
        new Map<string, Entry>([...rows].map(([key, row]) => [key, { row, item: undefined }])),
      ]),
    );
    for (const item of items) {
      const key = current.tables.get(item.table)?.key ?? [];
      if (item.outcome !== "apply") continue;
      if (item.after) tables.get(item.table)?.set(keyText(key, item.after), { row: item.after, item });
      else tables.get(item.table)?.delete(keyText(key, item.key));
    }
    this.tables = tables;
  }

  /** Rows whose columns have these values, as `keyText` tells them. */
  find(table: string, columns: readonly string[], text: string): readonly Entry[] {
    const name = `${table} ${columns.join()}`;
    const index = this.#indexes.get(name) ?? this.#createIndex(table, columns);
    this.#indexes.set(name, index);
    return index.get(text) ?? [];
  }

  #createIndex(table: string, columns: readonly string[]): ReadonlyMap<string, readonly Entry[]> {
    const index = new Map<string, Entry[]>();
    for (const entry of this.tables.get(table)?.values() ?? []) {
      const text = keyText(columns, entry.row);
      const list = index.get(text);
      if (list) list.push(entry);
      else index.set(text, [entry]);
    }
    return index;
  }
}
