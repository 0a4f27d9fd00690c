import type { Action } from "../state/actions.js";
import { applyUnderWay } from "../state/runs.js";
import { placeOf, type State } from "../state/state.js";
import type { EntryEdit } from "../state/text-entry.js";
import { type KeyScope, keyTable } from "./key-table.js";

/** A key by name (`enter`, `ctrl+r`, `c`), or a piece of text that was typed or pasted. */
export interface KeyPress {
  readonly name: string;
  /** What it writes where text is asked for. */
  readonly text?: string;
}

/** Keys that work in a line of text, beside the characters themselves. */
export const editingKeys: readonly {
  readonly keys: readonly string[];
  readonly edit: Exclude<EntryEdit["kind"], "insert">;
  readonly help: string;
}[] = [
  { keys: ["left"], edit: "left", help: "one character to the left" },
  { keys: ["right"], edit: "right", help: "one character to the right" },
  { keys: ["home", "ctrl+a"], edit: "start", help: "to the start of the line" },
  { keys: ["end", "ctrl+e"], edit: "end", help: "to the end of the line" },
  { keys: ["backspace"], edit: "backspace", help: "remove the character before the cursor" },
  { keys: ["delete"], edit: "delete", help: "remove the character under the cursor" },
  { keys: ["ctrl+w"], edit: "delete-word", help: "remove the word before the cursor" },
  { keys: ["ctrl+u"], edit: "clear", help: "remove everything before the cursor" },
];

export const scopeOf = (state: State): KeyScope =>
  state.prompt === undefined ? placeOf(state).screen : "prompt";

const isTyping = (scope: KeyScope): boolean => scope === "prompt" || scope === "connect";

/** What a key means here and now; a key that means nothing says so. */
export function actionOf(state: State, { name, text }: KeyPress): Action | undefined {
  // What is being written is stopped first; once more leaves.
  if (name === "ctrl+c" && applyUnderWay(state)?.phase === "running") return { type: "do", command: "stop" };
  if (name === "ctrl+c") return { type: "interrupt" };
  const scope = scopeOf(state);
  const binding = keyTable.find(({ on, keys }) => on.includes(scope) && keys.includes(name));
  if (binding !== undefined) {
    const why = binding.disabled?.(state);
    return why === undefined ? { type: "do", command: binding.does } : { type: "refused", why };
  }
  if (!isTyping(scope)) return { type: "refused", why: `${name} does nothing here; ? lists the keys` };
  const editing = editingKeys.find(({ keys }) => keys.includes(name));
  if (editing !== undefined) return { type: "type", edit: { kind: editing.edit } };
  return text === undefined ? undefined : { type: "type", edit: { kind: "insert", text } };
}
