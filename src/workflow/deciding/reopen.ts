import { UsageError } from "../../model/errors.js";
import type { PlanStore } from "../../store/plan-store.js";
import { type Deciding, takenBefore } from "./take-decisions.js";

/** Decisions looked up in one query. */
const chunkSize = 1000;

/**
 * Of these conflicts, those on which decisions stand that may be withdrawn.
 *
 * @throws UsageError where others took them, unless they may be replaced
 */
export async function reopenable(
  store: PlanStore,
  conflicts: readonly string[],
  { by, replace }: Deciding,
): Promise<readonly string[]> {
  const standing: string[] = [];
  const others = [];
  for (let from = 0; from < conflicts.length; from += chunkSize) {
    for (const decision of (await store.decisionsOf(conflicts.slice(from, from + chunkSize))).values()) {
      standing.push(decision.conflict);
      if (decision.by !== by && !replace) others.push(decision);
    }
  }
  const [first] = others;
  if (first === undefined) return standing;
  const what = takenBefore(first, others.length);
  throw new UsageError([{ where: "--reopen", what }], "nothing was withdrawn");
}
