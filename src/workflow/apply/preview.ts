import { matchesTable } from "../../merge/match.js";
import { type RowStates, rowStates } from "../../model/journal.js";
import type { PlanHeader } from "../../model/plan.js";
import type { Table } from "../../model/table.js";
import { type Operation, operations } from "../../model/value.js";
import type { Connection } from "./connection.js";
import type { ApplyOptions, ApplyPreview } from "./options.js";

/** What is planned, or was written and is to be taken back; and how much of it is still to be done. */
export async function previewOf(
  { store, direction, selection }: Pick<ApplyOptions, "store" | "direction" | "selection">,
  { tables }: PlanHeader,
  { target, session }: Pick<Connection, "target" | "session">,
  states: RowStates,
): Promise<ApplyPreview> {
  const counts = new Map<number, Record<Operation, number>>();
  for (const { table, change, rows } of await store.tallies()) {
    if (change === undefined || !matchesTable(selection.tables, tables[table] as Table)) continue;
    const of = counts.get(table) ?? { insert: 0, update: 0, delete: 0 };
    of[change] += rows;
    counts.set(table, of);
  }
  const planned = [...counts.values()].reduce(
    (sum, of) => sum + operations.reduce((all, operation) => all + of[operation], 0),
    0,
  );
  const written = countOf(states, rowStates.written);
  const done = written + countOf(states, rowStates.already);
  return {
    ...{ database: target.database, server: session.writer.server, direction },
    tables: [...counts].map(([table, of]) => ({ table: tables[table]?.label ?? "", ...of })),
    // With a part of the plan, what is done may be of the other part: never less than nothing.
    open: direction === "rollback" ? written : Math.max(0, planned - done),
  };
}

function countOf(states: RowStates, wanted: number): number {
  return states.reduce((sum, state) => (state === wanted ? sum + 1 : sum), 0);
}
