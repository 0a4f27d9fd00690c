import { number } from "../../../src/index.js";
import { type RecoveryStep, recoverySteps } from "../state/recovery-places.js";
import { applyUnderWay, runUnderWay } from "../state/runs.js";
import { placeOf, type State } from "../state/state.js";
import { type Disabled, isBusy } from "./disabled.js";

/** Of the patch screen: what is looked at is not what would be applied. */
export const notWritten: Disabled = (state) => {
  const place = placeOf(state);
  if (place.screen !== "patch" || place.isWritten) return isBusy(state);
  return isBusy(state) ?? unwritten(state);
};

function unwritten({ plan }: State): string | undefined {
  const { notInPatch = 0 } = plan?.overview ?? {};
  if (notInPatch === 0) return undefined;
  const decisions = notInPatch === 1 ? "1 decision is" : `${number(notInPatch)} decisions are`;
  return `${decisions} not in the patch yet: on the patch (p), w writes it`;
}

/** Why a step of the recovery cannot be begun. */
export const step =
  (wanted: RecoveryStep): Disabled =>
  (state) =>
    isBusy(state) ?? otherStep(state) ?? missing(state, wanted);

export const selected: Disabled = (state) => {
  const place = placeOf(state);
  const wanted = place.screen === "recovery" ? recoverySteps[place.list.selected] : undefined;
  return wanted === undefined ? undefined : step(wanted)(state);
};

function otherStep(state: State): string | undefined {
  const run = runUnderWay(state);
  if (run === undefined) return undefined;
  return run.phase === "stopping" ? "wait: it is being stopped" : "something is under way; s stops it";
}

function missing(state: State, wanted: RecoveryStep): string | undefined {
  const { standing } = state;
  if (standing === undefined) return "wait: looking how far the recovery is";
  const { done, signing, needsApproval, knowsCurrent } = standing;
  if (wanted !== "approve" && !knowsCurrent)
    return "no connection to current is known; leave, and give --current URL or PGMEND_CURRENT";
  if (wanted === "verify") return undefined;
  if (wanted === "rollback") return done.written === 0 ? "apply has written nothing" : undefined;
  const behind = unwritten(state);
  if (behind !== undefined) return behind;
  if (done.planned === 0) return "nothing is planned to be written";
  if (wanted === "apply" && needsApproval && signing.missing !== undefined)
    return `${signing.missing}; a approves it`;
  return undefined;
}

export const nothingToPause: Disabled = (state) => {
  const run = applyUnderWay(state);
  if (run === undefined) return "nothing is being written";
  return run.phase === "stopping" ? "wait: it ends after the batch at hand" : undefined;
};

export const nothingToStop: Disabled = (state) => {
  const run = runUnderWay(state);
  if (run === undefined) return "nothing is under way";
  return run.phase === "stopping" ? "it is being stopped already" : undefined;
};

export const nothingMoved: Disabled = (state) => {
  const place = placeOf(state);
  if (place.screen !== "apply") return undefined;
  if (place.ended?.kind === "applied" && place.ended.result.stopped) return step(stepToRepeat(state))(state);
  return "only after it has stopped at rows that are no longer as planned";
};

function stepToRepeat(state: State): RecoveryStep {
  const place = placeOf(state);
  return place.screen === "apply" && place.direction === "rollback" ? "rollback" : "apply";
}
