import { invert, type PlannedRow } from "../model/change.js";
import type { PlanHeader } from "../model/plan.js";
import type { Table } from "../model/table.js";
import type { Operation } from "../model/value.js";
import type { KeyedChange, PatchStep } from "../sql/patch/step.js";
import type { PlanStore, RowFilter } from "../store/plan-store.js";

export type Direction = "patch" | "rollback";

/**
 * The steps of a patch in an order that foreign keys allow: inserts with parents first, then updates, then deletes
 * with children first. The rollback does the inverse of each change, by the same order.
 */
export async function patchSteps(
  store: PlanStore,
  { tables }: Pick<PlanHeader, "tables">,
  direction: Direction,
): Promise<readonly PatchStep[]> {
  const counts = await countChanges(store);
  const plannedAs = (kind: Operation) => (direction === "patch" ? kind : inverseKind[kind]);
  const whole = (kind: "insert" | "delete") => (table: Table, at: number) => {
    const planned = plannedAs(kind);
    const rows = counts.get(`${at}/${planned}`) ?? 0;
    if (rows === 0) return [];
    const columns = table.columns.map((_, position) => position);
    return [makeStep(store, table, kind, columns, rows, direction, { table: at, changes: [planned] })];
  };
  const updates: PatchStep[] = [];
  for (const [at, table] of tables.entries()) {
    for (const { columns, rows } of await store.updateShapes(at)) {
      updates.push(
        makeStep(store, table, "update", columns, rows, direction, {
          table: at,
          changes: ["update"],
          columns,
        }),
      );
    }
  }
  return [...tables.flatMap(whole("insert")), ...updates, ...tables.flatMap(whole("delete")).reverse()];
}

const inverseKind: Readonly<Record<Operation, Operation>> = {
  insert: "delete",
  update: "update",
  delete: "insert",
};

async function countChanges(store: PlanStore): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { table, change, rows } of await store.tallies()) {
    if (change !== undefined)
      counts.set(`${table}/${change}`, (counts.get(`${table}/${change}`) ?? 0) + rows);
  }
  return counts;
}

function makeStep(
  store: PlanStore,
  table: Table,
  kind: Operation,
  columns: readonly number[],
  rows: number,
  direction: Direction,
  filter: RowFilter,
): PatchStep {
  return {
    table,
    kind,
    columns,
    rows,
    async *changes() {
      for await (const batch of store.rows(filter)) yield batch.flatMap((row) => keyedChange(row, direction));
    },
  };
}

function keyedChange({ key, change }: PlannedRow, direction: Direction): readonly KeyedChange[] {
  if (change === undefined) return [];
  return [{ key, change: direction === "patch" ? change : invert(change) }];
}
