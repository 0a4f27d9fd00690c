import type { EffectRunner } from "./effects/effect-runner.js";
import { actionOf, type KeyPress } from "./keys/press.js";
import type { Action, Effect } from "./state/actions.js";
import { reduce } from "./state/reduce.js";
import type { State } from "./state/state.js";

/**
 * Holds the state, one for all who show it: what happens goes through the reducer, what that wants goes to the effects,
 * and what they bring back happens in turn.
 */
export class Session {
  readonly #effects: EffectRunner;
  readonly #listeners = new Set<() => void>();
  #state: State;

  constructor(start: State, effects: EffectRunner) {
    this.#state = start;
    this.#effects = effects;
  }

  readonly state = (): State => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What happens at once is shown at once: no listener sees a state in between. */
  readonly dispatch = (...actions: readonly Action[]): void => {
    if (this.#state.leaving !== undefined) return;
    const wanted: Effect[] = [];
    for (const action of actions) {
      const { state, effects } = reduce(this.#state, action);
      this.#state = state;
      wanted.push(...effects);
    }
    for (const listener of this.#listeners) listener();
    this.#effects.run(wanted, this.dispatch);
  };

  readonly press = (press: KeyPress): void => {
    const action = actionOf(this.#state, press);
    if (action !== undefined) this.dispatch(action);
  };
}
