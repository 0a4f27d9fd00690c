import { type Change, type PlannedRow, writtenKey } from "../../model/change.js";
import type { ForeignKey, Table } from "../../model/table.js";
import type { Key } from "../../model/value.js";
import { valuesKey } from "../../model/values-key.js";
import type { Bar, Need, Reason } from "../../model/withheld.js";
import { findChildren, type Looked } from "../../postgres/constraint-facts.js";
import { type Checking, type PlannedWrite, plannedWrites, positionsOf, rowName } from "./planned-writes.js";

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
  for await (const chunk of plannedWrites(checking, parent, (change) => takesAway(change, columns))) {
    const values = chunk.map(({ change }) =>
      columns.map((at) => (change.kind === "insert" ? null : (change.before[at] ?? null))),
    );
    const found = await findChildren(current, tables[parent] as Table, foreignKey, child, values);
    const stays = (row: number, key: Key): readonly [PlannedWrite, Key] => [chunk[row] as PlannedWrite, key];
    const waiting = found.map(({ row, key }) => stays(row, key));
    const resolved = await resolveChildren(checking, foreignKey, waiting);
    bars.push(...resolved.bars);
    needs.push(...resolved.needs);
  }
  return { bars, needs };
}

function takesAway(change: Change, columns: readonly number[]): boolean {
  if (change.kind === "delete") return true;
  return (
    change.kind === "update" &&
    columns.some((at) => change.columns.includes(at) && change.before[at] !== change.after[at])
  );
}

/** A child that the plan deletes, or points elsewhere, does not stay. */
async function resolveChildren(
  { store, tables, excludedTables }: Checking,
  foreignKey: ForeignKey,
  waiting: readonly (readonly [PlannedWrite, Key])[],
): Promise<{ readonly bars: readonly Bar[]; readonly needs: readonly Need[] }> {
  const at = tables.findIndex(({ label }) => label === foreignKey.table);
  const child = tables[at];
  if (child === undefined) {
    const reason = stillRefers(foreignKey, foreignKey.table);
    const excluded = excludedTables.has(foreignKey.table);
    return {
      needs: [],
      bars: waiting.map(([{ position }]) => ({ row: position, reason, excluded, because: undefined })),
    };
  }
  const byChild = new Map<string, { readonly key: Key; readonly rows: number[] }>();
  for (const [{ position }, key] of waiting) {
    const known = byChild.get(valuesKey(key));
    if (known === undefined) byChild.set(valuesKey(key), { key, rows: [position] });
    else known.rows.push(position);
  }
  const bars: Bar[] = [];
  const needs: Need[] = [];
  const columns = positionsOf(child, foreignKey.columns) ?? [];
  if (byChild.size > 0) {
    for await (const batch of store.rows({ table: at })) {
      for (const row of batch) {
        const name = valuesKey(writtenKey(child, row));
        const found = byChild.get(name);
        if (found === undefined) continue;
        byChild.delete(name);
        const reason = stillRefers(foreignKey, rowName(child, row.key));
        for (const position of found.rows) {
          if (letsGo(row, columns))
            needs.push({ row: position, needs: row.position, reason, rule: foreignKey, awaits: "child" });
          else
            bars.push({ row: position, reason, excluded: row.outcome === "excluded", because: row.position });
        }
      }
    }
  }
  for (const { key, rows } of byChild.values()) {
    const reason = stillRefers(foreignKey, rowName(child, key));
    bars.push(...rows.map((row): Bar => ({ row, reason, excluded: false, because: undefined })));
  }
  return { bars, needs };
}

function letsGo({ change }: PlannedRow, columns: readonly number[]): boolean {
  return change !== undefined && takesAway(change, columns);
}

function stillRefers({ name }: ForeignKey, child: string): Reason {
  return { kind: "foreign-key", columns: [], constraint: name, text: `${child} refers to it` };
}
