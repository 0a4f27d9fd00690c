import type { ConnectError, Next } from "./actions.js";
import { next, pop, push, withPlace } from "./next.js";
import { type ConnectPlace, connectFields, placeOf, type ScanPlace, type State } from "./state.js";
import { type EntryEdit, edit } from "./text-entry.js";

/** Writes in the field that has the focus; what was wrong with it is no longer said. */
export function typeIntoField(state: State, place: ConnectPlace, change: EntryEdit): State {
  const { focus, fields, errors } = place;
  return withPlace(state, {
    ...place,
    fields: { ...fields, [focus]: edit(fields[focus], change) },
    errors: errors.filter(({ field }) => field !== focus && field !== undefined),
  });
}

export function nextField(state: State, by: 1 | -1): State {
  const place = placeOf(state);
  if (place.screen !== "connect") return state;
  const at = connectFields.indexOf(place.focus) + by + connectFields.length;
  return withPlace(state, { ...place, focus: connectFields[at % connectFields.length] ?? "pre" });
}

export function changeMode(state: State): State {
  const place = placeOf(state);
  if (place.screen !== "connect") return state;
  return withPlace(state, { ...place, mode: place.mode === "undo" ? "replay" : "undo" });
}

/** Starts comparing; what is wrong with the fields comes back as errors beside them. */
export function scan(state: State): Next<State> {
  const place = placeOf(state);
  if (place.screen !== "connect") return next(state);
  const { pre, post, current } = place.fields;
  const urls = { pre: pre.text.trim(), post: post.text.trim(), current: current.text.trim() };
  const scanning = push(withPlace(state, { ...place, errors: [] }), scanPlace);
  return next({ ...scanning, notice: undefined }, { kind: "scan", urls, mode: place.mode });
}

export const scanPlace = (id: number): ScanPlace => ({
  ...{ screen: "scan", id, startedAt: 0, now: 0, phase: "connecting", phaseStartedAt: 0 },
  ...{ tables: [], tableCount: 0, done: 0, total: undefined, warnings: [] },
});

/** Back to the fields, with what is wrong beside them. */
export function scanFailed(state: State, errors: readonly ConnectError[]): State {
  const below = placeOf(state).screen === "scan" ? pop(state) : state;
  const place = placeOf(below);
  if (place.screen !== "connect") return below;
  const focus = errors.find(({ field }) => field !== undefined)?.field ?? place.focus;
  return withPlace({ ...below, busy: undefined }, { ...place, errors, focus });
}
