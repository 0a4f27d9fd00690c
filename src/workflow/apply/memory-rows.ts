import type { RowWrite } from "../../model/change.js";
import type { Operation } from "../../model/value.js";
import type { RowFilter } from "../../store/plan-store.js";
import type { PatchSource } from "../files/patch-steps.js";

/** Rows of one table that are written alike. */
interface Group {
  readonly table: number;
  readonly change: Operation | undefined;
  /** Positions that an update writes, rising. */
  readonly columns: readonly number[];
  readonly rows: RowWrite[];
}

/** A few rows as if they were the whole plan: a batch is written by the very steps that the patch has. */
export function rowsInMemory(rows: readonly RowWrite[]): PatchSource {
  const groups = groupAlike([...rows].sort((a, b) => a.position - b.position));
  return {
    async *writes(filter = {}) {
      const found = groups.filter((group) => isOf(group, filter)).map((group) => select(group.rows, filter));
      const all =
        found.length === 1 ? (found[0] ?? []) : found.flat().sort((a, b) => a.position - b.position);
      if (all.length > 0) yield all;
    },
    async tallies() {
      return groups.map(({ table, change, rows: { length } }) => ({ table, change, rows: length }));
    },
    async updateShapes(table) {
      const updates = groups.filter((group) => group.table === table && group.change === "update");
      return updates.map(({ columns, rows: { length } }) => ({ columns, rows: length }));
    },
  };
}

function groupAlike(rows: readonly RowWrite[]): readonly Group[] {
  const groups = new Map<string, Group>();
  const sets = new Map<readonly number[], readonly number[]>();
  let last: Group | undefined;
  let lastColumns: readonly number[] | undefined;
  for (const row of rows) {
    const { table, change } = row;
    const columns = change?.kind === "update" ? change.columns : none;
    // Most are as the one before, and the store gives them the same list.
    if (
      last === undefined ||
      last.table !== table ||
      last.change !== change?.kind ||
      lastColumns !== columns
    ) {
      const set = sets.get(columns) ?? [...columns].sort((a, b) => a - b);
      sets.set(columns, set);
      const name = `${table} ${change?.kind} ${set}`;
      last = groups.get(name) ?? { table, change: change?.kind, columns: set, rows: [] };
      groups.set(name, last);
      lastColumns = columns;
    }
    last.rows.push(row);
  }
  return [...groups.values()];
}

const none: readonly number[] = [];

/** As the store would say; of its filters, those that the steps use. */
function isOf({ table, change, columns }: Group, filter: RowFilter): boolean {
  if (filter.table !== undefined && filter.table !== table) return false;
  if (filter.anyChange !== undefined && filter.anyChange !== (change !== undefined)) return false;
  if (filter.changes !== undefined && (change === undefined || !filter.changes.includes(change)))
    return false;
  return filter.columns === undefined || (change === "update" && isSameSet(columns, filter.columns));
}

const isSameSet = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value) => b.includes(value));

function select(rows: readonly RowWrite[], { parked }: RowFilter): readonly RowWrite[] {
  if (parked === undefined) return rows;
  return rows.filter(({ park, wave }) => parked === (park !== undefined || wave !== undefined));
}
