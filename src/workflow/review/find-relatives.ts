import type { PlannedRow } from "../../model/change.js";
import type { PlanHeader } from "../../model/plan.js";
import type { ForeignKey, Table } from "../../model/table.js";
import type { Key, Value } from "../../model/value.js";
import { findChildren, findParents } from "../../postgres/constraint-facts.js";
import type { Session } from "../../postgres/session/session.js";
import type { PlanStore } from "../../store/plan-store.js";
import { positionsOf } from "../constraints/planned-writes.js";
import type { Relative, Relatives } from "./review.js";

/** Relatives of one foreign key that are listed. */
const most = 50;

interface Kin {
  readonly store: PlanStore;
  readonly header: PlanHeader;
  readonly table: Table;
  readonly row: PlannedRow;
  /** Undefined: `current` cannot be asked. */
  readonly current: Session | undefined;
}

/** Rows that foreign keys bind to this one, by any version of it; in the plan and, where it can be asked, in `current`. */
export async function findRelatives(kin: Kin): Promise<Omit<Relatives, "withoutCurrent">> {
  const { header, table } = kin;
  const rows: Relative[] = [];
  let more = false;
  for (const foreignKey of header.foreignKeys) {
    if (foreignKey.table === table.label) rows.push(...(await parents(kin, foreignKey)));
    if (foreignKey.parent === table.label) {
      const found = await children(kin, foreignKey);
      rows.push(...found.slice(0, most));
      more ||= found.length > most;
    }
  }
  return { rows, more };
}

/** What the row refers to: by each of its versions, which may be another row each time. */
async function parents(kin: Kin, foreignKey: ForeignKey): Promise<readonly Relative[]> {
  const { table, header, current } = kin;
  const parent = header.tables.find(({ label }) => label === foreignKey.parent);
  const wanted = referredTo(kin, positionsOf(table, foreignKey.columns));
  const relatives = wanted.map(async (values): Promise<Relative> => {
    const key = parent && keyFor(parent, foreignKey, values);
    const found =
      current &&
      (await findParents(current, table, foreignKey, parent ?? { label: foreignKey.parent }, [values]));
    return {
      relation: "parent",
      constraint: foreignKey.name,
      table: foreignKey.parent,
      columns: foreignKey.columns,
      key: key ?? found?.[0]?.key ?? values.map((value) => value ?? ""),
      planned: parent && key && (await plannedOf(kin, parent, key)),
      inCurrent: found && found.length > 0,
    };
  });
  return Promise.all(relatives);
}

/** The different values that versions of the row have in these columns, without NULLs. */
function referredTo({ row }: Kin, columns: readonly number[] | undefined): readonly (readonly Value[])[] {
  if (columns === undefined) return [];
  const versions = [row.pre, row.post, row.current].filter((version) => version !== undefined);
  const values = versions.map((version) => columns.map((at) => version[at] ?? null));
  const known = values.filter((cells) => !cells.includes(null));
  return [...new Map(known.map((cells) => [JSON.stringify(cells), cells])).values()];
}

/** The parent's key, where the foreign key refers to it; it may refer to other unique columns. */
function keyFor(parent: Table, { parentColumns }: ForeignKey, values: readonly Value[]): Key | undefined {
  const names = parent.key.map((at) => parent.columns[at]?.name ?? "");
  if (names.length !== parentColumns.length) return undefined;
  const cells = names.map((name) => values[parentColumns.indexOf(name)]);
  return cells.every((value) => typeof value === "string") ? (cells as Key) : undefined;
}

/** What refers to the row: first those that the plan speaks of, then others in `current`. */
async function children(kin: Kin, foreignKey: ForeignKey): Promise<readonly Relative[]> {
  const { table, header, current, store } = kin;
  const at = header.tables.findIndex(({ label }) => label === foreignKey.table);
  const child = header.tables[at];
  const [values] = referredTo(kin, positionsOf(table, foreignKey.parentColumns));
  if (values === undefined) return [];
  const planned = child && (await plannedChildren(store, at, child, foreignKey, values));
  const found =
    current === undefined
      ? undefined
      : await findChildren(
          current,
          table,
          foreignKey,
          child ?? { label: foreignKey.table },
          [values],
          most + 1,
        );
  const there = new Set(found?.map(({ key }) => JSON.stringify(key)));
  const known = new Set(planned?.map(({ key }) => JSON.stringify(key)));
  const common = {
    relation: "child",
    constraint: foreignKey.name,
    table: foreignKey.table,
    columns: foreignKey.columns,
  } as const;
  return [
    ...(planned ?? []).map((row) => ({
      ...{ ...common, key: row.key, planned: row },
      inCurrent: found === undefined ? undefined : there.has(JSON.stringify(row.key)),
    })),
    ...(found ?? [])
      .filter(({ key }) => !known.has(JSON.stringify(key)))
      .map(({ key }) => ({ ...common, key, planned: undefined, inCurrent: true })),
  ];
}

async function plannedChildren(
  store: PlanStore,
  at: number,
  child: Table,
  { columns }: ForeignKey,
  values: readonly Value[],
): Promise<readonly PlannedRow[]> {
  const positions = positionsOf(child, columns);
  if (positions === undefined) return [];
  const cells = positions.map((column, place) => ({ column, value: values[place] ?? null }));
  const found = await store.positionsByCells(at, cells, most + 1);
  return found.length === 0 ? [] : collect(store.rows({ positions: found }));
}

async function plannedOf({ store, header }: Kin, table: Table, key: Key): Promise<Relative["planned"]> {
  const at = header.tables.indexOf(table);
  const [row] = await collect(store.rows({ table: at, keys: [key] }));
  return row && { position: row.position, operation: row.operation, outcome: row.outcome };
}

/** @param batches of few rows */
export async function collect<T>(batches: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}
