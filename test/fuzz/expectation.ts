import { type Case, comparedTables } from "./oracle.js";
import { type Printed, type PrintedTable, tableOf } from "./printed.js";
import type { Verdicts } from "./verdict.js";

export interface Pair {
  readonly table: string;
  readonly column: string;
  readonly left: string;
  readonly right: string;
}

/**
 * Every two texts that the oracle may ask to be compared: those of pre, post and current in one cell.
 * More than it will ask for; asking PostgreSQL about them all at once is what keeps the oracle synchronous.
 */
export function pairsOf(incident: Case, printed: Printed): Pair[] {
  return comparedTables(incident).flatMap((table) => {
    const versions = [printed.pre, printed.post].map((tables) => tableOf(tables, table));
    return versions.flatMap((version) => pairsBetween(tableOf(printed.current, table), version));
  });
}

function pairsBetween(current: PrintedTable, other: PrintedTable): Pair[] {
  const pairs: Pair[] = [];
  for (const [key, row] of current.rows) {
    for (const [index, column] of current.columns.entries()) {
      const left = row[index] ?? null;
      const right = other.rows.get(key)?.[other.columns.indexOf(column)] ?? null;
      if (left !== null && right !== null && left !== right)
        pairs.push({ table: current.table, column, left, right });
    }
  }
  return pairs;
}

/** All rows of current as they should be after the patch, those nobody should have touched included. */
export function expectedCurrent(current: readonly PrintedTable[], verdicts: Verdicts): PrintedTable[] {
  return current.map((table) => {
    const rows = new Map(table.rows);
    const verdict = verdicts.tables.find((candidate) => candidate.table === table.table);
    for (const [key, { end }] of verdict?.rows ?? []) {
      if (end === undefined) rows.delete(key);
      else rows.set(key, end);
    }
    return { ...table, rows };
  });
}
