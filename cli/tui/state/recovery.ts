import { type ApplyPreview, type Direction, number, plural } from "../../../src/index.js";
import { shown } from "../text/measure.js";
import type { Action, Next } from "./actions.js";
import { listStart } from "./list.js";
import { answer, next, notify, pop, push } from "./next.js";
import { type ApplyPlace, type RecoveryStep, recoverySteps, type Standing } from "./recovery-places.js";
import { noProgress } from "./run-progress.js";
import { isRun } from "./runs.js";
import { type Place, type Prompt, placeOf, type State } from "./state.js";
import { entryOf } from "./text-entry.js";

const nothingFound = { progress: noProgress, ended: undefined, list: listStart } as const;

/** The steps, and how far each is. */
export function openRecovery(state: State): Next<State> {
  const opened = push(state, (id) => ({ screen: "recovery", id, list: listStart }));
  return next({ ...opened, notice: undefined }, { kind: "read-standing" });
}

/** The step that is selected in the list of them. */
export function openSelected(state: State): Next<State> {
  const place = placeOf(state);
  const step = place.screen === "recovery" ? recoverySteps[place.list.selected] : undefined;
  return step === undefined ? next(state) : openStep(state, step);
}

export function openStep(state: State, step: RecoveryStep): Next<State> {
  switch (step) {
    case "rehearse":
      return next(ask(state, { kind: "rehearse-on" }, "on the clone (a URL; nothing: on current itself)"));
    case "approve":
      return next(onTop(state, (id) => ({ screen: "approve", id, list: listStart })));
    case "apply":
      return look(state, "patch", "stop");
    case "rollback":
      return look(state, "rollback", "stop");
    case "verify": {
      const opened = onTop(state, (id) => ({ screen: "verify", id, phase: "running", ...nothingFound }));
      return next(opened, { kind: "verify", place: placeOf(opened).id });
    }
  }
}

/** In place of the step before it: steps do not pile up. */
function onTop(state: State, make: (id: number) => Place): State {
  const top = placeOf(state);
  const isStep = isRun(top) || top.screen === "approve";
  return push({ ...(isStep ? pop(state) : state), notice: undefined }, make);
}

function ask(state: State, asks: Prompt["asks"], label: string): State {
  const prompt = { asks, label, entry: entryOf(""), isNull: false, error: undefined };
  return { ...state, notice: undefined, prompt };
}

/** @param on URL of a clone; empty: current itself */
export function rehearse(state: State, on: string): Next<State> {
  const opened = onTop({ ...state, prompt: undefined }, (id) => ({
    ...{ screen: "rehearse", id, phase: "running", ...nothingFound },
    on: on.trim(),
  }));
  return next(opened, { kind: "rehearse", place: placeOf(opened).id, on: on.trim() });
}

export function askComment(state: State): Next<State> {
  const signer = shown(state.standing?.signer ?? "");
  return next(ask(state, { kind: "sign" }, `${signer} signs; what was looked at`));
}

export function sign(state: State, comment: string): Next<State> {
  const signing = { ...state, prompt: undefined, busy: "signing" };
  return next(signing, { kind: "sign", comment: comment.trim() === "" ? undefined : comment.trim() });
}

export function signed(state: State, standing: Standing): State {
  const text = `signed by ${shown(standing.signer)}`;
  const verdicts = { ...state.verdicts, approve: { tone: "good", text } } as const;
  return notify({ ...state, busy: undefined, standing, verdicts }, "good", text);
}

/** Looks at what there is to write, and where; nothing is written before somebody agrees. */
function look(state: State, direction: Direction, onDrift: ApplyPlace["onDrift"]): Next<State> {
  const opened = onTop(state, (id) => ({
    ...{ screen: "apply", id, phase: "looking", ...nothingFound },
    ...{ direction, onDrift, isPaused: false, preview: undefined },
  }));
  return next(opened, { kind: "look", place: placeOf(opened).id, direction });
}

/** The same once more; rows that are no longer as planned are left, and the others written. */
export function leaveMoved(state: State): Next<State> {
  const place = placeOf(state);
  return place.screen === "apply" ? look(state, place.direction, "skip") : next(state);
}

/** Whoever agrees types the name of the database: no key is pressed that often by mistake. */
export function applyAsks(
  state: State,
  { place: id, preview }: Extract<Action, { type: "apply-asks" }>,
): Next<State> {
  const at = state.places.findIndex((place) => place.screen === "apply" && place.id === id);
  const place = state.places[at];
  if (place?.screen !== "apply") return next(state);
  // Nothing may hide the question.
  const below = { ...state, places: state.places.slice(0, at + 1) as unknown as State["places"] };
  const isAgain = place.preview !== undefined;
  const asking = answer(below, "apply", id, (found) => ({ ...found, phase: "asking", preview }));
  const word = wordFor(preview);
  const rows = `${number(preview.open)} ${plural(preview.open, "row")}`;
  const verb = preview.direction === "patch" ? `write ${rows}` : `take ${rows} back`;
  const asked = ask(asking, { kind: "confirm", word }, `to ${verb}, type ${word}`);
  return next(
    isAgain ? notify(asked, "warning", "it is not any more what you were asked about; look again") : asked,
  );
}

/** A name that nobody could type is not asked for. */
const wordFor = ({ database }: ApplyPreview): string =>
  /^[\x21-\x7e]{1,40}$/.test(database) ? database : "write";

export function confirm(state: State, prompt: Prompt, word: string): Next<State> {
  const place = placeOf(state);
  if (place.screen !== "apply" || place.preview === undefined) return next({ ...state, prompt: undefined });
  if (prompt.entry.text.trim() !== word)
    return next({
      ...state,
      prompt: { ...prompt, error: `that is not ${word}; esc leaves everything as it is` },
    });
  const { id, onDrift, preview } = place;
  const started = answer({ ...state, prompt: undefined, notice: undefined }, "apply", id, (found) => ({
    ...found,
    phase: "running",
  }));
  return next(started, { kind: "apply", place: id, onDrift, preview });
}

/** Whoever does not agree is back where they were. */
export function cancelled(state: State, { asks }: Prompt): State {
  const open = { ...state, prompt: undefined };
  if (asks.kind !== "confirm") return open;
  return notify(pop(open), "good", "nothing was written");
}
