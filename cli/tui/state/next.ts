import type { Effect, Next } from "./actions.js";
import { patchWindow, rowsWindow, signatureRowsWindow } from "./pages.js";
import { type Notice, type Place, placeOf, type ScreenName, type State, selectionOf } from "./state.js";

/** Building blocks of the reducer. */
export const next = (state: State, ...effects: readonly Effect[]): Next<State> => ({ state, effects });

export const notify = (state: State, tone: Notice["tone"], text: string): State => ({
  ...state,
  notice: { tone, text },
});

/** The place that is shown, changed. */
export function withPlace(state: State, place: Place): State {
  return { ...state, places: [...state.places.slice(0, -1), place] as unknown as State["places"] };
}

/** A new place on top of those there are. */
export function push(state: State, make: (id: number) => Place): State {
  const place = make(state.nextPlace);
  return { ...state, places: [...state.places, place] as State["places"], nextPlace: state.nextPlace + 1 };
}

export function pop(state: State): State {
  if (state.places.length === 1) return state;
  return { ...state, places: state.places.slice(0, -1) as unknown as State["places"] };
}

/** Changes the place that asked, if it is still there; an answer that comes too late changes nothing. */
export function answer<S extends ScreenName>(
  state: State,
  screen: S,
  id: number,
  change: (place: Extract<Place, { screen: S }>) => Place,
): State {
  const places = state.places.map((place) =>
    place.id === id && place.screen === screen ? change(place as Extract<Place, { screen: S }>) : place,
  );
  return { ...state, places: places as unknown as State["places"] };
}

/** What to read again for the place that is shown: something was decided, or a place above it is gone. */
export function refresh(state: State): readonly Effect[] {
  const place = placeOf(state);
  switch (place.screen) {
    case "overview":
      return [{ kind: "read-overview" }];
    case "groups":
      return [{ kind: "read-groups", place: place.id, table: place.table }];
    case "rows":
      return [
        { kind: "count-rows", place: place.id, selection: selectionOf(place) },
        rowsWindow(state, place),
      ];
    case "patch":
      return place.total === undefined ? [] : [patchWindow(state, place)];
    case "signatures":
      return [{ kind: "read-signatures", place: place.id }];
    case "signature-rows":
      return [signatureRowsWindow(state, place)];
    case "recovery":
      return [{ kind: "read-standing" }];
    case "row":
      return [{ kind: "read-row", place: place.id, selection: place.among, at: place.at }];
    default:
      return [];
  }
}
