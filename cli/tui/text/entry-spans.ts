import type { TextEntry } from "../state/text-entry.js";
import { type Span, span } from "./line.js";
import { head, shown, width } from "./measure.js";

/** A line of text with the cursor in it; of a long one, the part around the cursor. */
export function entrySpans({ text, cursor }: TextEntry, columns: number): readonly Span[] {
  const before = tail(shown(text.slice(Math.max(0, cursor - 500), cursor)), columns - 2);
  const under =
    text.slice(cursor, cursor + 1) === "" ? " " : head(shown(text.slice(cursor, cursor + 10)), 2).slice(0, 2);
  const [at = " "] = [...under];
  const after = shown(text.slice(cursor + at.length, cursor + 500));
  const room = Math.max(0, columns - width(before) - width(at));
  return [span(before), span(at, "cursor"), span(head(after, room))];
}

/** The end of the text, as much as fits. */
function tail(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  const characters = [...text];
  let used = 1;
  let from = characters.length;
  while (from > 0 && used + width(characters[from - 1] ?? "") <= columns) {
    from -= 1;
    used += width(characters[from] ?? "");
  }
  return `…${characters.slice(from).join("")}`;
}
