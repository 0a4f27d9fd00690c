import { matchesTable } from "../../merge/rules/match.js";
import { type RowStates, rowStates } from "../../model/journal.js";
import type { PlanHeader } from "../../model/plan.js";
import type { Table } from "../../model/table.js";
import { type Operation, operations } from "../../model/value.js";
import type { Connection } from "./connection.js";
import type { ApplyOptions, ApplyPreview } from "./options.js";
import { isWhole } from "./selection.js";

/** What is planned, or was written and is to be taken back; and how much of it is still to be done. */
export async function previewOf(
  { store, direction, selection }: Pick<ApplyOptions, "store" | "direction" | "selection">,
  { tables }: PlanHeader,
  { target, session }: Pick<Connection, "target" | "session">,
  states: RowStates,
): Promise<ApplyPreview> {
  const counts = new Map<number, Record<Operation, number>>();
  const { tenants } = selection;
  for (const { table, change, rows } of await store.tallies({ tenants })) {
    if (change === undefined || !matchesTable(selection.tables, tables[table] as Table)) continue;
    const of = counts.get(table) ?? { insert: 0, update: 0, delete: 0 };
    of[change] += rows;
    counts.set(table, of);
  }
  const planned = [...counts.values()].reduce(
    (sum, of) => sum + operations.reduce((all, operation) => all + of[operation], 0),
    0,
  );
  const { written, already } = await countDone(store, tables, selection, states);
  return {
    ...{ database: target.database, server: session.writer.server, direction },
    tables: [...counts].map(([table, of]) => ({ table: tables[table]?.label ?? "", ...of })),
    open: direction === "rollback" ? written : planned - written - already,
  };
}

interface Done {
  readonly written: number;
  readonly already: number;
}

/** What is done with, of all that is selected. The rows need only be read where they are a part of the plan. */
async function countDone(
  store: ApplyOptions["store"],
  tables: readonly Table[],
  selection: ApplyOptions["selection"],
  states: RowStates,
): Promise<Done> {
  const done = { written: 0, already: 0 };
  const count = (state: number | undefined) => {
    if (state === rowStates.written) done.written += 1;
    if (state === rowStates.already) done.already += 1;
  };
  if (isWhole(selection)) {
    for (const state of states) count(state);
    return done;
  }
  const { tenants } = selection;
  if (states.every((state) => state === rowStates.open)) return done;
  for (const [table, known] of tables.entries()) {
    if (!matchesTable(selection.tables, known)) continue;
    for await (const batch of store.rows({ table, anyChange: true, tenants }))
      for (const { position } of batch) count(states[position]);
  }
  return done;
}
