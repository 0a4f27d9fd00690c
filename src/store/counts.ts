import type { Outcome } from "../model/change.js";
import type { Tally } from "../model/plan.js";
import type { Operation } from "../model/value.js";
import type { PlanFile } from "./file/plan-file.js";
import { columnSet, filterSql, type RowFilter, wholeNumber } from "./row-filter.js";
import { differenceTable } from "./tables/difference-table.js";
import { rowTable } from "./tables/row-table.js";

export interface DifferenceCount {
  /** Index into the plan's tables. */
  readonly table: number;
  readonly operation: Operation;
  readonly rows: number;
}

export interface UpdateShape {
  /** Positions of the columns written, rising. */
  readonly columns: readonly number[];
  readonly rows: number;
}

/** The incident delta by table and operation, in that order. */
export async function countDifferences(file: PlanFile): Promise<readonly DifferenceCount[]> {
  const lines = await ask(
    file,
    `SELECT table_id, operation, count(*)::DOUBLE FROM ${differenceTable.name} GROUP BY ALL ORDER BY ALL`,
  );
  return lines.map(([table, operation, rows]) => ({
    table: Number(table),
    operation: operation as Operation,
    rows: rows as number,
  }));
}

/** The rows of the plan by all that the summary tells apart, in the order of the tables. */
export async function tallyRows(file: PlanFile, filter: RowFilter = {}): Promise<readonly Tally[]> {
  const lines = await ask(
    file,
    `SELECT table_id, operation, outcome, change_kind, conflict_kind, decided,
      coalesce(rekeyed IS NOT NULL AND change_kind = 'insert' AND conflict_kind = 'insert/insert', false) AS rekeyed,
      count(*)::DOUBLE
    FROM ${rowTable.name} WHERE ${filterSql(filter)} GROUP BY ALL ORDER BY ALL`,
  );
  return lines.map(([table, operation, outcome, change, conflictKind, decided, rekeyed, rows]) => ({
    table: Number(table),
    operation: operation as Operation,
    outcome: outcome as Outcome,
    change: (change ?? undefined) as Operation | undefined,
    conflictKind: (conflictKind ?? undefined) as string | undefined,
    decided: decided as boolean,
    rekeyed: rekeyed as boolean,
    rows: rows as number,
  }));
}

/** The sets of columns that updates of one table write, each with how many rows do; by columns. */
export async function shapesOfUpdates(
  file: PlanFile,
  table: number,
  filter: RowFilter = {},
): Promise<readonly UpdateShape[]> {
  const lines = await ask(
    file,
    `SELECT array_to_string(${columnSet}, ',') AS shape, count(*)::DOUBLE
    FROM ${rowTable.name} WHERE change_kind = 'update' AND table_id = ${wholeNumber(table)} AND ${filterSql(filter)}
    GROUP BY ${columnSet} ORDER BY ${columnSet}`,
  );
  return lines.map(([shape, rows]) => ({
    columns: shape === "" ? [] : (shape as string).split(",").map(Number),
    rows: rows as number,
  }));
}

const ask = (file: PlanFile, sql: string) =>
  file.use(async (connection) => (await connection.run(sql)).getRows());
