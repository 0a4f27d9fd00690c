import type { Command } from "../state/actions.js";
import type { ScreenName, State } from "../state/state.js";

/** Where a key is heard: on a screen, or while a line of text is asked for. */
export type KeyScope = ScreenName | "prompt";

/**
 * One key, or several that do the same. This list is all there is: it is what keys are looked up in, and what the
 * footer, the help screen and docs/keys.md are made of.
 */
export interface Binding {
  /** `c`, `C`, `enter`, `ctrl+r`: the first one is shown. */
  readonly keys: readonly string[];
  readonly on: readonly KeyScope[];
  readonly does: Command;
  /** Two words at most, for the footer. */
  readonly label: string;
  /** What it does, as a sentence without its end. */
  readonly help: string;
  /** Line of the footer that it is on; the others are in the help. */
  readonly footer?: 1 | 2;
  /** Why it does nothing now; undefined when it works. */
  readonly disabled?: (state: State) => string | undefined;
}

/** A line of the list; what is seldom given stands at the end. */
export function bind(
  keys: Binding["keys"],
  on: Binding["on"],
  does: Command,
  label: string,
  help: string,
  more: Pick<Binding, "footer" | "disabled"> = {},
): Binding {
  return { keys, on, does, label, help, ...more };
}
