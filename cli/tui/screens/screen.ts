import type { Place, ScreenName, State } from "../state/state.js";
import type { Line } from "../text/line.js";

/** What a screen may fill. */
export interface View {
  readonly columns: number;
  /** Lines. */
  readonly height: number;
  /** False: what colours would say is said with marks. */
  readonly color: boolean;
}

export type PlaceOf<S extends ScreenName> = Extract<Place, { screen: S }>;

/**
 * A screen shows a place and decides nothing: what its keys do stands in the key table, what they change in the
 * reducer. A new one is a place in `state.ts`, a file here, and a line in `registry.ts`.
 */
export interface Screen<S extends ScreenName> {
  /** Its part of the path at the top. */
  readonly title: (place: PlaceOf<S>, state: State) => string;
  /** What it shows, in lines that fit the view. */
  readonly body: (place: PlaceOf<S>, state: State, view: View) => readonly Line[];
  /** What it says where there is no screen (`--plain`). */
  readonly tell: (place: PlaceOf<S>, state: State) => Told;
}

/** Sentences, and the items that can be chosen by their number. */
export interface Told {
  readonly lines: readonly string[];
  readonly items: readonly ToldItem[];
}

export interface ToldItem {
  /** From 0, as in the list of the place. */
  readonly at: number;
  readonly text: string;
}
