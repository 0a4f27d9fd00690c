import type { Action, Effect } from "../../cli/tui/state/actions.js";
import type { State } from "../../cli/tui/state/state.js";

/** A table: from which state, what happens, what is true of the state then, and what is wanted of the world. */
export interface Case {
  readonly name: string;
  readonly from: State;
  readonly action: Action;
  readonly look?: (state: State) => unknown;
  readonly is?: unknown;
  readonly effects?: readonly Partial<Effect>[];
}
