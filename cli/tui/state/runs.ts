import { verdictOf } from "../text/run-verdict.js";
import type { Action, Next } from "./actions.js";
import { next } from "./next.js";
import type { AnyRunPlace, ApplyPlace, RecoveryStep } from "./recovery-places.js";
import { followRun } from "./run-progress.js";
import type { Place, State } from "./state.js";

export const isRun = (place: Place): place is AnyRunPlace =>
  place.screen === "rehearse" || place.screen === "apply" || place.screen === "verify";

/** What takes long and is not over; the help may be on top of it. */
export function runUnderWay({ places }: State): AnyRunPlace | undefined {
  return places.filter(isRun).find(({ phase }) => phase !== "asking" && phase !== "over");
}

/** A database is being written to. */
export function applyUnderWay(state: State): ApplyPlace | undefined {
  const place = runUnderWay(state);
  return place?.screen === "apply" && place.phase !== "looking" ? place : undefined;
}

function stepOf(place: AnyRunPlace): RecoveryStep {
  if (place.screen !== "apply") return place.screen;
  return place.direction === "patch" ? "apply" : "rollback";
}

/** Changes the run that told it, if it is still there. */
function withRun(state: State, id: number, change: (place: AnyRunPlace) => AnyRunPlace): State {
  const places = state.places.map((place) => (isRun(place) && place.id === id ? change(place) : place));
  return { ...state, places: places as unknown as State["places"] };
}

export function runTold(state: State, { place, progress, at }: Extract<Action, { type: "run-told" }>): State {
  return withRun(state, place, (run) => ({ ...run, progress: followRun(run.progress, progress, at) }));
}

/** What became of it is kept for the list of steps; how far the recovery is by now is read again. */
export function runEnded(
  state: State,
  { place: id, ended }: Extract<Action, { type: "run-ended" }>,
): Next<State> {
  const run = state.places.filter(isRun).find((place) => place.id === id);
  if (run === undefined) return next(state);
  const over: AnyRunPlace = { ...run, phase: "over", ended };
  const verdicts = { ...state.verdicts, [stepOf(run)]: verdictOf(over, ended) };
  return next({ ...withRun(state, id, () => over), verdicts, notice: undefined }, { kind: "read-standing" });
}

/** Waits after the batch at hand, or goes on. */
export function pause(state: State): Next<State> {
  const run = applyUnderWay(state);
  if (run === undefined) return next(state);
  const isPaused = !run.isPaused;
  return next(
    withRun(state, run.id, () => ({ ...run, isPaused })),
    { kind: "pause", isPaused },
  );
}

/** Ends what is under way: writing stops after the batch at hand, reading at once. */
export function stop(state: State): Next<State> {
  const run = runUnderWay(state);
  if (run === undefined) return next(state);
  return next(
    withRun(state, run.id, () => ({ ...run, phase: "stopping" })),
    { kind: "stop" },
  );
}
