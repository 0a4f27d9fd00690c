import type { Effect, Next } from "./actions.js";
import { reasonOf } from "./decide.js";
import { listStart } from "./list.js";
import { next, notify, refresh, withPlace } from "./next.js";
import { confirm, rehearse, sign } from "./recovery.js";
import { rowItems, tableOf } from "./row-items.js";
import { type Place, type Prompt, placeOf, type State } from "./state.js";
import { type EntryEdit, edit, entryOf } from "./text-entry.js";

export function askReason(state: State): Next<State> {
  return ask(
    state,
    { asks: { kind: "reason" }, label: "reason for what is decided from now on" },
    state.reason,
  );
}

export function askSearch(state: State): Next<State> {
  const place = placeOf(state);
  const before = "search" in place ? place.search : "";
  return ask(state, { asks: { kind: "search" }, label: searchLabels[place.screen] ?? "search" }, before);
}

const searchLabels: Partial<Readonly<Record<Place["screen"], string>>> = {
  groups: "only groups with (table, column, kind, pattern)",
  rows: "only rows with (in key or values)",
  patch: "find in the patch",
};

/** Asks for the value of the cell that is selected, starting from what is there now. */
export function askValue(state: State): Next<State> {
  const place = placeOf(state);
  if (place.screen !== "row") return next(state);
  const at = rowItems(place, state.plan)[place.list.selected];
  const column = at === undefined ? undefined : tableOf(place, state.plan)?.columns[at];
  if (at === undefined || column === undefined) return next(state);
  const value = place.detail?.row.current?.[at] ?? "";
  return ask(
    state,
    { asks: { kind: "value", column: column.name }, label: `${column.name} (${column.type})` },
    value,
  );
}

function ask(state: State, prompt: Pick<Prompt, "asks" | "label">, text: string): Next<State> {
  return next({
    ...state,
    notice: undefined,
    prompt: { ...prompt, entry: entryOf(text), isNull: false, error: undefined },
  });
}

export function typeInto(state: State, prompt: Prompt, change: EntryEdit): State {
  return {
    ...state,
    prompt: { ...prompt, entry: edit(prompt.entry, change), isNull: false, error: undefined },
  };
}

/** Only a value can be NULL. */
export function toggleNull(state: State, prompt: Prompt): State {
  return { ...state, prompt: { ...prompt, isNull: !prompt.isNull, error: undefined } };
}

export function accept(state: State, prompt: Prompt): Next<State> {
  const { asks, entry, isNull } = prompt;
  const { text } = entry;
  switch (asks.kind) {
    case "reason": {
      const told = text === "" ? "decisions give no reason" : `decisions give this reason: ${text}`;
      return next(notify({ ...state, reason: text, prompt: undefined }, "good", told));
    }
    case "search":
      return search({ ...state, prompt: undefined }, text);
    case "value":
      return saveValue(state, asks.column, isNull ? null : text);
    case "rehearse-on":
      return rehearse(state, text);
    case "sign":
      return sign(state, text);
    case "confirm":
      return confirm(state, prompt, asks.word);
  }
}

function search(state: State, text: string): Next<State> {
  const place = placeOf(state);
  switch (place.screen) {
    case "groups":
      return next(withPlace(state, { ...place, search: text, list: listStart }));
    case "rows": {
      const page = { from: 0, lines: [] };
      const searched = { ...place, search: text, list: listStart, total: undefined, page };
      const state_ = withPlace(state, searched);
      return next(state_, ...refresh(state_));
    }
    case "patch":
      return text === ""
        ? next(withPlace(state, { ...place, search: "" }))
        : find(withPlace(state, { ...place, search: text }), false, -1);
    default:
      return next(state);
  }
}

/** The next line of the patch with the text that is searched. */
export function find(state: State, backwards: boolean, from?: number): Next<State> {
  const place = placeOf(state);
  if (place.screen !== "patch" || place.search === "") return next(state);
  const effect: Effect = {
    ...{ kind: "find-in-patch", place: place.id, text: place.search, backwards },
    after: from === -1 ? place.list.selected - 1 : place.list.selected,
  };
  return next({ ...state, busy: "searching" }, effect);
}

/** Decides the row that is open by this value; other cells in conflict keep what current has. */
function saveValue(state: State, column: string, value: string | null): Next<State> {
  const place = placeOf(state);
  if (place.screen !== "row" || place.detail === undefined) return next({ ...state, prompt: undefined });
  const { row, decision } = place.detail;
  const values = { ...decision?.values, [column]: value };
  const effect: Effect = {
    kind: "decide",
    selection: { positions: [row.position] },
    wanted: { resolution: "value", values, reason: reasonOf(state) },
    what: `${column} = ${value === null ? "NULL" : value}`,
  };
  return next({ ...state, busy: "asking PostgreSQL" }, effect);
}
