import { type Cause, type Change, type RowVersions, writtenKey } from "../../model/change.js";
import type { ForeignKey, Table } from "../../model/table.js";
import type { Key, Value } from "../../model/value.js";
import { valuesKey } from "../../model/values-key.js";
import type { Bar, Need, Reason } from "../../model/withheld.js";
import { findChildren, type Looked } from "../../postgres/constraint-facts.js";
import { findPeriodChildren } from "../../postgres/period-facts.js";
import {
  addAll,
  type Checking,
  namedValues,
  type PlannedWrite,
  plannedWrites,
  positionsOf,
  rowAfter,
  rowBefore,
  rowName,
  takesFromRow,
  unplanned,
} from "./planned-writes.js";

/**
 * Deletes (and changes of a referenced value) whose row has children that stay. It does not matter what the foreign key
 * would do with them: CASCADE and SET NULL would change rows that the plan does not name (design 2.4).
 */
export async function checkChildren(
  checking: Checking,
  foreignKey: ForeignKey,
): Promise<{ readonly bars: readonly Bar[]; readonly needs: readonly Need[] }> {
  const { tables, current } = checking;
  const parent = tables.findIndex(({ label }) => label === foreignKey.parent);
  const columns = parent === -1 ? undefined : positionsOf(tables[parent] as Table, foreignKey.parentColumns);
  const bars: Bar[] = [];
  const needs: Need[] = [];
  if (columns === undefined) return { bars, needs };
  const child: Looked = tables.find(({ label }) => label === foreignKey.table) ?? { label: foreignKey.table };
  const wanted = ({ change }: PlannedWrite) => takesAway(change, columns);
  for await (const chunk of plannedWrites(checking, parent, takesFromRow, wanted)) {
    const values = chunk.map(({ change }) =>
      columns.map((at) => (change.kind === "insert" ? null : (change.before[at] ?? null))),
    );
    const of = tables[parent] as Table;
    const found =
      foreignKey.period === true
        ? await findPeriodChildren(current, of, foreignKey, child, values, stillThere(chunk, columns, values))
        : await findChildren(current, of, foreignKey, child, values);
    const waiting = found.map(({ row, key }) =>
      waitingFor(chunk[row] as PlannedWrite, columns, values[row], key),
    );
    const asked = chunk.map((write, at) => waitingFor(write, columns, values[at], []));
    const resolved = await resolveChildren(checking, foreignKey, waiting, asked);
    addAll(bars, resolved.bars);
    addAll(needs, resolved.needs);
  }
  return { bars, needs };
}

/** The range that each row keeps under the same values, where it is not deleted. */
function stillThere(
  chunk: readonly PlannedWrite[],
  columns: readonly number[],
  values: readonly (readonly Value[])[],
): readonly Value[] {
  return chunk.map(({ change }, at) => {
    const after = columns.map((column) => rowAfter(change)?.[column] ?? null);
    const isSame = after.slice(0, -1).every((value, part) => value === values[at]?.[part]);
    return isSame ? (after.at(-1) ?? null) : null;
  });
}

/** A write that a child is in the way of. */
interface Waiting {
  readonly position: number;
  /** Columns of the parent that are at stake; none where all of the row is. */
  readonly columns: readonly number[];
  /** The values that the child refers to. */
  readonly values: readonly Value[];
  /** Key of the child; empty where its table is not compared. */
  readonly key: Key;
}

function waitingFor(
  { position, change }: PlannedWrite,
  columns: readonly number[],
  values: readonly Value[] = [],
  key: Key,
): Waiting {
  return { position, columns: change.kind === "delete" ? [] : columns, values, key };
}

function takesAway(change: Change, columns: readonly number[]): boolean {
  if (change.kind === "delete") return true;
  return (
    change.kind === "update" &&
    columns.some((at) => change.columns.includes(at) && change.before[at] !== change.after[at])
  );
}

/**
 * A child that the plan deletes, or points elsewhere, does not stay. Where that is written already, `current` may not
 * have it any more: then it is found by what it referred to, since the rollback brings it back.
 *
 * @param waiting with the children that were found
 * @param asked all that children were looked for
 */
async function resolveChildren(
  checking: Checking,
  foreignKey: ForeignKey,
  waiting: readonly Waiting[],
  asked: readonly Waiting[],
): Promise<{ readonly bars: readonly Bar[]; readonly needs: readonly Need[] }> {
  const { store, tables, isWritten } = checking;
  const at = tables.findIndex(({ label }) => label === foreignKey.table);
  const child = tables[at];
  if (child === undefined)
    return { needs: [], bars: waiting.map((one) => unknownChild(checking, foreignKey, one)) };
  const byChild = new Map<string, Waiting[]>();
  for (const one of waiting) {
    const known = byChild.get(valuesKey(one.key));
    if (known === undefined) byChild.set(valuesKey(one.key), [one]);
    else known.push(one);
  }
  const bars: Bar[] = [];
  const needs: Need[] = [];
  const columns = positionsOf(child, foreignKey.columns) ?? [];
  const byValues = isWritten === undefined ? new Map<string, readonly Waiting[]>() : groupedByValues(asked);
  if (byChild.size > 0 || byValues.size > 0) {
    for await (const batch of store.versions({ table: at }, [...child.key, ...columns])) {
      for (const row of batch) {
        const name = valuesKey(writtenKey(child, row));
        const there = byChild.get(name) ?? [];
        const left = isWritten?.(row.position) === true ? leftBy(row, columns, byValues) : [];
        const found = [
          ...there,
          ...left.filter((one) => !there.some((same) => same.position === one.position)),
        ];
        byChild.delete(name);
        for (const one of found) {
          const reason = stillRefers(foreignKey, one, rowName(child, row.key));
          if (letsGo(row, columns))
            needs.push({ row: one.position, needs: row.position, reason, rule: foreignKey, awaits: "child" });
          else
            bars.push({
              row: one.position,
              reason,
              excluded: row.outcome === "excluded",
              because: row.position,
            });
        }
      }
    }
  }
  for (const one of [...byChild.values()].flat()) {
    const reason = stillRefers(foreignKey, one, rowName(child, one.key), unplanned(child, one.key));
    bars.push({ row: one.position, reason, excluded: false, because: undefined });
  }
  return { bars, needs };
}

function groupedByValues(asked: readonly Waiting[]): ReadonlyMap<string, readonly Waiting[]> {
  const grouped = new Map<string, Waiting[]>();
  for (const one of asked) {
    // NULL refers to nothing.
    if (one.values.includes(null)) continue;
    const known = grouped.get(valuesKey(one.values));
    if (known === undefined) grouped.set(valuesKey(one.values), [one]);
    else known.push(one);
  }
  return grouped;
}

/** Those of them that the row referred to before it was written. */
function leftBy(
  row: RowVersions,
  columns: readonly number[],
  byValues: ReadonlyMap<string, readonly Waiting[]>,
): readonly Waiting[] {
  const before = row.change && rowBefore(row.change);
  if (before === undefined || !letsGo(row, columns)) return [];
  return byValues.get(valuesKey(columns.map((at) => before[at]))) ?? [];
}

/** A child in no compared table: it is named by what it refers to. */
function unknownChild({ excludedTables }: Checking, foreignKey: ForeignKey, one: Waiting): Bar {
  const { table, columns } = foreignKey;
  const excluded = excludedTables.has(table);
  const key = namedValues(columns, one.values);
  const outside: Cause = { table, key, outcome: excluded ? "excluded" : "unchanged" };
  return {
    row: one.position,
    reason: stillRefers(foreignKey, one, table, outside),
    excluded,
    because: undefined,
  };
}

function letsGo({ change }: RowVersions, columns: readonly number[]): boolean {
  return change !== undefined && takesAway(change, columns);
}

function stillRefers({ name }: ForeignKey, { columns }: Waiting, child: string, outside?: Cause): Reason {
  const reason = { kind: "foreign-key", columns, constraint: name, text: `${child} refers to it` } as const;
  return outside === undefined ? reason : { ...reason, outside };
}
