import { type Operation, type Outcome, operations } from "../../../src/index.js";
import type { PlanInfo } from "./state.js";

/** One line of the overview. */
export interface OverviewRow {
  /** Index into the plan's tables. */
  readonly table: number;
  readonly label: string;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** What the patch does with its rows. */
  readonly changes: Readonly<Record<Operation, number>>;
  readonly open: number;
  readonly decided: number;
}

/** Tables the incident touched, in the order of the plan; those with something open come first. */
export function overviewRows({ header, overview }: PlanInfo): readonly OverviewRow[] {
  const rows = header.tables.flatMap(({ label }, table) => {
    const tallies = overview.tallies.filter((tally) => tally.table === table);
    if (tallies.length === 0) return [];
    const outcomes = { apply: 0, already: 0, conflict: 0, kept: 0, excluded: 0, skipped: 0 };
    const changes = Object.fromEntries(operations.map((word) => [word, 0])) as Record<Operation, number>;
    for (const { outcome, change, rows } of tallies) {
      outcomes[outcome] += rows;
      if (change !== undefined) changes[change] += rows;
    }
    const { open = 0, decided = 0 } = overview.conflicts.find((found) => found.table === table) ?? {};
    return [{ table, label, outcomes, changes, open, decided }];
  });
  return rows.toSorted((a, b) => Number(b.open > 0) - Number(a.open > 0) || a.table - b.table);
}

/** Of all tables. */
export function totals(plan: PlanInfo): {
  readonly open: number;
  readonly decided: number;
  readonly writes: number;
} {
  const rows = overviewRows(plan);
  const sum = (count: (row: OverviewRow) => number) => rows.reduce((total, row) => total + count(row), 0);
  return {
    open: sum(({ open }) => open),
    decided: sum(({ decided }) => decided),
    writes: sum(({ changes }) => changes.insert + changes.update + changes.delete),
  };
}

/** Tables that could not be compared, and that nobody excluded: they leave the plan open. */
export const openTables = ({ header }: PlanInfo): number => header.leftOut.filter(({ open }) => open).length;
