import type { Change, RowVersions } from "../../model/change.js";
import { versionsOf } from "../../model/change.js";
import { type ForeignKey, keyOf, type Table } from "../../model/table.js";
import type { Key, Row } from "../../model/value.js";
import { valuesKey } from "../../model/values-key.js";
import type { RowFilter } from "../../store/plan-store.js";
import {
  type Checking,
  leavesRow,
  type PlannedWrite,
  plannedWrites,
  positionsOf,
  rowAfter,
  takesFromRow,
  writes,
} from "./planned-writes.js";

/** Values of parents that must not be taken from `current` as they are. */
export interface Parents {
  /**
   * Those that an incoming row has and cannot bring. A row of `current` that has them need not be the same thing, so
   * what refers to the incoming row must not end up with that other one.
   */
  readonly absent: ReadonlySet<string>;
  /** Those that a planned row gives up, with its position. */
  readonly leaving: ReadonlyMap<string, number>;
  /**
   * Those that a planned row is to bring, with its key: if another row of `current` has them, the two exclude each other,
   * and who refers to them means the planned one.
   */
  readonly arriving: ReadonlyMap<string, string>;
  /** Keys, or lacking those values, of rows that came to their values by being written: who refers to those needs them, as if they were not there yet. */
  readonly arrived: ReadonlySet<string>;
}

/** One pass over the parents of the plan for each of the sorts. */
export async function readParents(checking: Checking, foreignKey: ForeignKey): Promise<Parents> {
  const { store, tables, mode, isWritten } = checking;
  const parent = tables.findIndex(({ label }) => label === foreignKey.parent);
  const columns = positionsOf(tables[parent], foreignKey.parentColumns);
  const absent = new Set<string>();
  const leaving = new Map<string, number>();
  const arrived = new Set<string>();
  if (columns === undefined) return { absent, leaving, arriving: new Map(), arrived };
  const named = (row: Row | undefined) => row && valuesKey(columns.map((at) => row[at]));
  const unsure: RowFilter = { table: parent, outcomes: ["conflict", "excluded", "skipped"] };
  for await (const batch of store.versions(unsure, columns)) {
    for (const row of batch) {
      const { base, current, incoming } = versionsOf(mode, row);
      const wanted = named(incoming);
      // A new row has the key of a row of current at best; of what is excluded, current was not asked.
      const now = base === undefined || row.outcome === "excluded" ? base : current;
      const there = [named(now), named(rowAfterOf(row))];
      if (wanted !== undefined && !there.includes(wanted)) absent.add(wanted);
    }
  }
  for await (const batch of store.versions({ table: parent, changes: takesFromRow }, columns)) {
    for (const { position, change } of batch) {
      if (change === undefined || change.kind === "insert") continue;
      const before = named(change.before);
      if (before !== undefined && before !== named(rowAfter(change))) leaving.set(before, position);
    }
  }
  if (isWritten !== undefined) {
    const came = ({ change, position }: PlannedWrite) => isWritten(position) && writes(change, columns);
    for await (const chunk of plannedWrites(checking, parent, leavesRow, came))
      for (const { change } of chunk) arrived.add(foundAs(tables[parent] as Table, columns, change));
  }
  return { absent, leaving, arriving: await readArriving(checking, parent, columns), arrived };
}

/** By its key a row is the same one in `current`; by other columns that are unique it may be another. */
async function readArriving(
  { store, tables }: Checking,
  parent: number,
  columns: readonly number[],
): Promise<ReadonlyMap<string, string>> {
  const arriving = new Map<string, string>();
  const { key } = tables[parent] as Table;
  if (key.length > 0 && key.every((at) => columns.includes(at))) return arriving;
  for await (const batch of store.versions({ table: parent, changes: leavesRow }, columns)) {
    for (const { key, change } of batch) {
      if (change === undefined || !writes(change, columns)) continue;
      const row = rowAfter(change) as Row;
      arriving.set(valuesKey(columns.map((at) => row[at])), valuesKey(key));
    }
  }
  return arriving;
}

function foundAs(table: Table, columns: readonly number[], change: Change): string {
  const row = rowAfter(change) as Row;
  return valuesKey(table.key.length === 0 ? columns.map((at) => row[at]) : keyOf(table, row));
}

/** Whether the row of `current` that was found is the one that is meant, and stays. */
export function isThere({ absent, leaving, arriving, arrived }: Parents, name: string, key: Key): boolean {
  if (absent.has(name) || leaving.has(name)) return false;
  const found = key.length === 0 ? name : valuesKey(key);
  const meant = arriving.get(name);
  return !arrived.has(found) && (meant === undefined || meant === found);
}

export function rowAfterOf({ change }: RowVersions): Row | undefined {
  return change && rowAfter(change);
}
