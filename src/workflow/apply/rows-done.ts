import { rowStates } from "../../model/journal.js";
import type { PlanStore } from "../../store/plan-store.js";

/** How much of a plan has been written, by what its journal says; no database is asked. */
export interface RowsDone {
  readonly planned: number;
  /** In any database, a batch of which nobody knows how it ended included. */
  readonly written: number;
  readonly already: number;
}

export async function rowsDone(store: PlanStore): Promise<RowsDone> {
  const tallies = await store.tallies();
  const planned = tallies.reduce((sum, { change, rows }) => (change === undefined ? sum : sum + rows), 0);
  const done = { planned, written: 0, already: 0 };
  for (const state of await store.journal.statesAnywhere()) {
    if (state === rowStates.written) done.written += 1;
    if (state === rowStates.already) done.already += 1;
  }
  return done;
}
