import {
  type ApplyResult,
  number,
  plural,
  type RehearseResult,
  type VerifyResult,
} from "../../../src/index.js";
import { isVerified } from "../../apply/verify-text.js";
import type { AnyRunPlace, ApplyPlace, Ended, Verdict } from "../state/recovery-places.js";

/** How it ended, in a sentence, and what to do now. */
export interface RunVerdict extends Verdict {
  readonly hints: readonly string[];
}

export function verdictOf(place: AnyRunPlace, ended: Ended): RunVerdict {
  switch (ended.kind) {
    case "rehearsed":
      return ofRehearsal(ended.result);
    case "applied":
      return ofApply(ended.result);
    case "verified":
      return ofVerify(ended.result);
    case "stopped":
      return ofStop(place);
    case "failed": {
      const [text = "it failed", ...hints] = ended.lines;
      const again = place.screen === "apply" ? [`${keyOf(place)} goes on where it ended`] : [];
      return { tone: "error", text, hints: [...hints, ...again] };
    }
  }
}

const rows = (count: number): string => `${number(count)} ${plural(count, "row")}`;

const stillOpen = (count: number): readonly string[] =>
  count === 0
    ? []
    : [`${number(count)} ${plural(count, "conflict")} of the plan ${count === 1 ? "is" : "are"} open`];

function ofRehearsal({ moved, waits, invariants, written, openInPlan }: RehearseResult): RunVerdict {
  // Of rows that are left, the invariant may be the victim: they come first.
  if (moved + waits > 0) {
    const text = `${rows(moved + waits)} would be left: no longer as planned, or in need of one that is not`;
    return { tone: "warning", text, hints: ["all of it was rolled back"] };
  }
  if (invariants.after.some(({ holds }) => !holds))
    return { tone: "error", text: "an invariant would not hold after the patch", hints: [] };
  const text = `${rows(written)} would be written; all of it was rolled back`;
  return { tone: "good", text, hints: stillOpen(openInPlan) };
}

function ofApply(result: ApplyResult): RunVerdict {
  const { direction, written, moved, waits, stopped, invariants, openInPlan } = result;
  const verb = direction === "patch" ? "written" : "taken back";
  if (invariants.some(({ holds }) => !holds)) {
    const hints = ["look at these rows now; z takes the whole recovery back"];
    return { tone: "error", text: "the plan is written, and an invariant does not hold", hints };
  }
  const left = moved + waits;
  if (left === 0) {
    const hints = direction === "patch" ? ["v verifies all of it", ...stillOpen(openInPlan)] : [];
    return { tone: "good", text: `${rows(written)} ${verb}`, hints };
  }
  const text = stopped
    ? `stopped: ${rows(left)} no longer as planned; nothing of that batch was ${verb}, ${rows(written)} before it`
    : `${rows(written)} ${verb}, ${rows(left)} left as they are`;
  const again = direction === "patch" ? ["plan these rows again: pgmend plan --only-drifted FOLDER"] : [];
  return { tone: "warning", text, hints: [...(stopped ? ["d goes on without them"] : []), ...again] };
}

function ofVerify(result: VerifyResult): RunVerdict {
  const { asPlanned, notWritten, moved, invariants } = result;
  if (isVerified(result)) {
    const what = invariants.length === 0 ? "" : ", every invariant holds";
    return { tone: "good", text: `verified: all ${rows(asPlanned)} as planned${what}`, hints: [] };
  }
  if (notWritten > 0 && asPlanned === 0) {
    const text = `the patch has not been applied: ${rows(notWritten)} not written`;
    return { tone: "warning", text, hints: ["x writes them"] };
  }
  const off = notWritten + moved;
  const text = off === 0 ? "an invariant or a sequence is not as planned" : `${rows(off)} not as planned`;
  return { tone: "warning", text, hints: notWritten > 0 ? ["x writes what is not written"] : [] };
}

function ofStop(place: AnyRunPlace): RunVerdict {
  if (place.screen === "rehearse")
    return { tone: "warning", text: "stopped; all of it was rolled back", hints: [] };
  if (place.screen === "verify") return { tone: "warning", text: "stopped; v begins again", hints: [] };
  const { done, total } = place.progress;
  const of = total === undefined ? "" : ` of ${number(total)}`;
  const verb = place.direction === "patch" ? "written" : "taken back";
  const text = `stopped: ${number(done)}${of} rows ${verb}; ${keyOf(place)} goes on`;
  return { tone: "warning", text, hints: ["what was written is safe, and in the journal of the plan"] };
}

const keyOf = ({ direction }: ApplyPlace): string => (direction === "patch" ? "x" : "z");
