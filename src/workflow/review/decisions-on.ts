import type { PlannedConflict, PlannedRow } from "../../model/change.js";
import type { Decision } from "../../model/decision.js";
import { UsageError } from "../../model/errors.js";
import type { PlanHeader } from "../../model/plan.js";
import type { ConflictSelection, PlanStore } from "../../store/plan-store.js";
import { checkValues } from "../deciding/check-values.js";
import {
  type Deciding,
  type DecisionRequest,
  prepareDecisions,
  subjectOf,
} from "../deciding/take-decisions.js";
import { collect } from "./find-relatives.js";
import type { LazyCurrent } from "./lazy-current.js";
import type { WantedResolution } from "./review.js";

/** Conflicts decided in one batch. */
const batchSize = 250;

interface Planned {
  readonly store: PlanStore;
  readonly header: PlanHeader;
}

/**
 * What is wanted, as a decision on each of these conflicts; a batch at a time, in the order of the plan.
 * @param positions rising
 * @throws UsageError when one of them cannot be decided like that
 */
export async function* decisionsOn(
  { store, header }: Planned,
  positions: readonly number[],
  wanted: WantedResolution,
  who: Deciding,
): AsyncGenerator<readonly Decision[]> {
  const states = await store.journal.statesAnywhere();
  for (let from = 0; from < positions.length; from += batchSize) {
    // Rising positions: each batch is a stretch of the plan, and no row is read that is not meant.
    for await (const rows of store.rows({ positions: positions.slice(from, from + batchSize) })) {
      const requests = rows.flatMap((row) => requestFor(header, row, wanted));
      const { decisions, mistakes } = await prepareDecisions(store, requests, who, states);
      if (mistakes.length > 0) throw new UsageError(mistakes, "nothing was decided");
      yield decisions;
    }
  }
}

/** The values as PostgreSQL prints them. @throws UsageError when one is none of its column's type */
export async function checkedValues(
  { store, header }: Planned,
  { positions = [] }: ConflictSelection,
  wanted: WantedResolution,
  current: LazyCurrent,
): Promise<WantedResolution["values"]> {
  if (wanted.values === undefined) return undefined;
  const { session, why } = await current.ask();
  if (session === undefined) throw new UsageError([{ where: "value", what: `it cannot be checked: ${why}` }]);
  const [row] = await collect(store.rows({ positions }));
  const [request] = row === undefined ? [] : requestFor(header, row, wanted);
  if (request === undefined) return wanted.values;
  const { requests, mistakes } = await checkValues([request], session);
  if (mistakes.length > 0) throw new UsageError(mistakes, "nothing was decided");
  return requests[0]?.values;
}

function requestFor(
  { mode, tables }: PlanHeader,
  row: PlannedRow,
  { resolution, values, reason }: WantedResolution,
): readonly DecisionRequest[] {
  const { conflict } = row;
  const table = tables[row.table];
  if (conflict === undefined || table === undefined) return [];
  const subject = subjectOf(mode, { table, row: row as PlannedRow & { readonly conflict: PlannedConflict } });
  return [{ subject, resolution, ...(values === undefined ? {} : { values }), reason, where: table.label }];
}
