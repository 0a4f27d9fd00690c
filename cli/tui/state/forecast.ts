import { type Mode, type Outcome, outcomes, type PlannedSignature } from "../../../src/index.js";

type Counts = Readonly<Record<Outcome, number>>;

/** Rows of signatures by outcome: in this plan, and in the next one as far as calls tell. */
export interface Forecast {
  readonly now: Counts;
  readonly then: Counts;
  /** Rows of which only planning again can tell what becomes of them. */
  readonly toJudge: number;
}

/** What calls make of the outcomes. Constraints may then withhold some rows more, or fewer. */
export function forecast(signatures: readonly PlannedSignature[], mode: Mode): Forecast {
  const now = zeros();
  const then = zeros();
  let toJudge = 0;
  for (const signature of signatures) {
    for (const part of signature.parts) {
      now[part.outcome] += part.rows;
      const next = nextOutcome(signature, part, mode);
      if (next === undefined) toJudge += part.rows;
      else then[next] += part.rows;
    }
  }
  return { now, then, toJudge };
}

const zeros = (): Record<Outcome, number> =>
  Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;

/** Undefined: it is not known before the row is judged again. */
function nextOutcome(
  { called, planned, kind, operation }: PlannedSignature,
  { outcome, isFixed, isIncoming }: PlannedSignature["parts"][number],
  mode: Mode,
): Outcome | undefined {
  if (called === planned || isFixed || outcome === "excluded") return outcome;
  if (called === undefined) return undefined;
  // Of such a signature only the columns of the bulk are meant, and not the rows.
  const isMasked = kind === "overlaid" || kind === "outliers";
  if (called !== (mode === "undo" ? "damage" : "legitimate"))
    return mode === "replay" && isMasked ? undefined : "kept";
  // Deletes of a replay may have been set aside for want of such a word.
  const waited = mode === "replay" && operation === "delete" && outcome === "conflict";
  return isIncoming && !isMasked && !waited ? outcome : undefined;
}

/** Signatures that are called otherwise than when the plan was made. */
export const recalled = (signatures: readonly PlannedSignature[]): number =>
  signatures.filter(({ called, planned }) => called !== planned).length;
