import type { Action, Effect } from "../../cli/tui/state/actions.js";
import { reduce } from "../../cli/tui/state/reduce.js";
import type { Place, ScreenName, State } from "../../cli/tui/state/state.js";
import { placeOf } from "../../cli/tui/state/state.js";
import { conflictLine, detail, groups, onOverview, small } from "./sample.js";

/** The state after all of these actions, and the effects of the last one. */
export function follow(
  state: State,
  ...actions: readonly Action[]
): { state: State; effects: readonly Effect[] } {
  let effects: readonly Effect[] = [];
  let reached = state;
  for (const action of actions) ({ state: reached, effects } = reduce(reached, action));
  return { state: reached, effects };
}

export const press = (command: Extract<Action, { type: "do" }>["command"]): Action => ({
  type: "do",
  command,
});

/** The place that is shown, which must be of this screen. */
export function shownPlace<S extends ScreenName>(state: State, screen: S): Extract<Place, { screen: S }> {
  const place = placeOf(state);
  if (place.screen !== screen) throw new Error(`expected ${screen}, found ${place.screen}`);
  return place as Extract<Place, { screen: S }>;
}

/** One way through the screens, with all that was read on it. */
export function onGroups(size = small): State {
  const { state } = follow(onOverview(size), press("open"));
  return follow(state, { type: "groups-read", place: placeOf(state).id, groups }).state;
}

export function onRows(size = small, total = 14): State {
  const { state } = follow(onGroups(size), press("open"));
  const place = placeOf(state).id;
  const lines = Array.from({ length: Math.min(total, 60) }, (_, at) => conflictLine(at));
  return follow(state, { type: "rows-counted", place, total }, { type: "rows-read", place, from: 0, lines })
    .state;
}

export function onRow(size = small, name?: string): State {
  const { state } = follow(onRows(size), press("open"));
  return follow(state, { type: "row-read", place: placeOf(state).id, detail: detail(0, name) }).state;
}

export function onPatch(size = small, lines: readonly string[] = ["-- a patch", "UPDATE", "COMMIT"]): State {
  const { state } = follow(onOverview(size), press("patch"));
  const place = placeOf(state).id;
  return follow(
    state,
    { type: "patch-made", place, total: lines.length },
    { type: "patch-read", place, from: 0, lines },
  ).state;
}
