import type { Next } from "./actions.js";
import { listStart } from "./list.js";
import { next, push } from "./next.js";
import { placeOf, type State } from "./state.js";

/** The timeline that lies in the folder, as a picture. */
export function openTimeline(state: State): Next<State> {
  const opened = push({ ...state, notice: undefined }, (id) => ({
    ...{ screen: "timeline", id, timeline: undefined, list: listStart },
  }));
  return next(opened, { kind: "read-timeline", place: placeOf(opened).id });
}
