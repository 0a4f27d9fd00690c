/** A line of text being written, and the place of the cursor in it, in UTF-16 units. */
export interface TextEntry {
  readonly text: string;
  readonly cursor: number;
}

export const entryOf = (text: string): TextEntry => ({ text, cursor: text.length });

export type EntryEdit =
  | { readonly kind: "insert"; readonly text: string }
  | { readonly kind: "left" | "right" | "start" | "end" | "backspace" | "delete" | "clear" | "delete-word" };

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What is pasted may hold line breaks and control characters: a line of text has none. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
const controls = /[\u0000-\u001f\u007f-\u009f]/g;

export function edit(entry: TextEntry, change: EntryEdit): TextEntry {
  const { text, cursor } = entry;
  const before = text.slice(0, cursor);
  const after = text.slice(cursor);
  switch (change.kind) {
    case "insert": {
      const added = change.text.replace(controls, "");
      return { text: before + added + after, cursor: cursor + added.length };
    }
    case "left":
      return { text, cursor: cursor - lastCharacter(before).length };
    case "right":
      return { text, cursor: cursor + firstCharacter(after).length };
    case "start":
      return { text, cursor: 0 };
    case "end":
      return entryOf(text);
    case "backspace": {
      const kept = before.slice(0, before.length - lastCharacter(before).length);
      return { text: kept + after, cursor: kept.length };
    }
    case "delete":
      return { text: before + after.slice(firstCharacter(after).length), cursor };
    case "clear":
      return { text: after, cursor: 0 };
    case "delete-word": {
      const kept = before.replace(/\S*\s*$/, "");
      return { text: kept + after, cursor: kept.length };
    }
  }
}

const firstCharacter = (text: string): string => graphemes.segment(text).containing(0)?.segment ?? "";
const lastCharacter = (text: string): string =>
  graphemes.segment(text).containing(Math.max(0, text.length - 1))?.segment ?? "";
