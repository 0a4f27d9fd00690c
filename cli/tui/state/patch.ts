import type { Next } from "./actions.js";
import { bodyHeight } from "./heights.js";
import { listStart, select } from "./list.js";
import { itemsOf } from "./navigate.js";
import { answer, next, notify, push, refresh } from "./next.js";
import { isRead, patchWindow } from "./pages.js";
import { placeOf, type State } from "./state.js";

/** Makes the patch as decided so far, to be looked at before it is written. */
export function makePatch(state: State): Next<State> {
  const page = { from: 0, lines: [] };
  const opened = push({ ...state, notice: undefined, busy: "making the patch" }, (id) => ({
    ...{ screen: "patch", id, search: "", list: listStart, total: undefined, page, isWritten: false },
  }));
  return next(opened, { kind: "make-patch", place: placeOf(opened).id });
}

/** Its first lines are read. */
export function patchMade(state: State, id: number, total: number): Next<State> {
  const made = answer({ ...state, busy: undefined }, "patch", id, (place) => ({ ...place, total }));
  return next(made, ...refresh(made));
}

/** Goes to the line that was found. */
export function patchFound(state: State, id: number, at: number | undefined): Next<State> {
  const there = { ...state, busy: undefined };
  const place = placeOf(there);
  if (place.screen !== "patch" || place.id !== id) return next(there);
  if (at === undefined)
    return next(notify(there, "warning", `"${place.search}" is nowhere in the patch from here on`));
  const height = bodyHeight(there.size);
  const total = itemsOf(there, place);
  const moved = answer({ ...there, notice: undefined }, "patch", id, (found) => ({
    ...found,
    list: select(found.list, at, total, height),
  }));
  const after = placeOf(moved);
  const missing = after.screen === "patch" && !isRead(after, height);
  return next(moved, ...(missing ? [patchWindow(moved, after)] : []));
}
