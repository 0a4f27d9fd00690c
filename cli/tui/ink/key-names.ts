import type { Key } from "ink";
import type { KeyPress } from "../keys/press.js";

/** Ink's names for keys that write nothing, and ours. */
const named: readonly (readonly [keyof Key, string])[] = [
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["pageUp", "pageup"],
  ["pageDown", "pagedown"],
  ["home", "home"],
  ["end", "end"],
  ["return", "enter"],
  ["escape", "esc"],
  ["delete", "delete"],
  ["backspace", "backspace"],
];

/**
 * What was pressed, as the key table names it. Several characters at once are either keys that came faster than they
 * were read, or a text that was pasted: each is one press, and where text is asked for they come to the same.
 */
export function pressesOf(input: string, key: Key): readonly KeyPress[] {
  if (key.tab) return [{ name: key.shift ? "shift+tab" : "tab" }];
  const [, name] = named.find(([flag]) => key[flag] === true) ?? [];
  if (name !== undefined) return [{ name }];
  if (key.ctrl) return [{ name: `ctrl+${input}` }];
  return [...input].map((character) => pressOf(character));
}

function pressOf(character: string): KeyPress {
  const code = character.codePointAt(0) ?? 0;
  const known = controls[code];
  if (known !== undefined) return { name: known };
  // Control and a letter is the letter's number in the alphabet.
  if (code >= 1 && code <= 26) return { name: `ctrl+${String.fromCharCode(code + 96)}` };
  return { name: character, text: character };
}

const controls: Readonly<Record<number, string>> = {
  8: "backspace",
  9: "tab",
  10: "enter",
  13: "enter",
  27: "esc",
  127: "backspace",
};
