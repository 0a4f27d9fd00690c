import type { RowWrite } from "../../model/change.js";
import type { RowFilter } from "../../store/plan-store.js";
import type { PatchSource } from "../patch-steps.js";

/** A few rows as if they were the whole plan: a batch is written by the very steps that the patch has. */
export function rowsInMemory(rows: readonly RowWrite[]): PatchSource {
  const sorted = [...rows].sort((a, b) => a.position - b.position);
  return {
    async *rows(filter = {}) {
      const found = sorted.filter((row) => matches(row, filter));
      if (found.length > 0) yield found;
    },
    async tallies() {
      return sorted.map(({ table, change }) => ({ table, change: change?.kind, rows: 1 }));
    },
    async updateShapes(table) {
      const shapes = new Map<string, { columns: readonly number[]; rows: number }>();
      for (const { change, table: of } of sorted) {
        if (change?.kind !== "update" || of !== table) continue;
        const columns = [...change.columns].sort((a, b) => a - b);
        const known = shapes.get(String(columns));
        shapes.set(String(columns), { columns, rows: (known?.rows ?? 0) + 1 });
      }
      return [...shapes.values()];
    },
  };
}

/** As the store would say; of its filters, those that the steps use. */
function matches({ table, change, park, wave }: RowWrite, filter: RowFilter): boolean {
  if (filter.table !== undefined && filter.table !== table) return false;
  if (filter.anyChange !== undefined && filter.anyChange !== (change !== undefined)) return false;
  if (filter.changes !== undefined && (change === undefined || !filter.changes.includes(change.kind)))
    return false;
  if (filter.parked !== undefined && filter.parked !== (park !== undefined || wave !== undefined))
    return false;
  if (filter.columns === undefined) return true;
  return change?.kind === "update" && sameSet(change.columns, filter.columns);
}

const sameSet = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value) => b.includes(value));
