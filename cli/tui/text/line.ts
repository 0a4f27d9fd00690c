import type { StoryOf } from "../state/incident-places.js";
import { clip, width } from "./measure.js";

/** What a run of text is, not what it looks like: `cli/tui/ink/paint.ts` knows colours, `--plain` none. */
export type Tone =
  | "title"
  | "heading"
  | "dim"
  | "key"
  | "good"
  | "warning"
  | "error"
  | "changed"
  | "cursor"
  | "match";

export interface Span {
  readonly text: string;
  readonly tone?: Tone;
}

/** One line of the screen. Its text is safe (`shown`) and holds no line breaks. */
export interface Line {
  readonly spans: readonly Span[];
  /** The line the cursor is on. */
  readonly selected?: boolean;
  /** The row of a database that it speaks of. */
  readonly about?: StoryOf | undefined;
}

export const span = (text: string, tone?: Tone | undefined): Span =>
  tone === undefined ? { text } : { text, tone };

export const line = (...spans: readonly (Span | string)[]): Line => ({
  spans: spans.map((item) => (typeof item === "string" ? { text: item } : item)),
});

export const blank: Line = { spans: [] };

export const lineText = ({ spans }: Line): string => spans.map(({ text }) => text).join("");

/** The line cut to so many columns, its spans with it. */
export function clipLine(whole: Line, columns: number): Line {
  let room = columns;
  const spans: Span[] = [];
  for (const item of whole.spans) {
    const used = width(item.text);
    if (used > room) {
      spans.push({ ...item, text: clip(item.text, room) });
      break;
    }
    spans.push(item);
    room -= used;
  }
  return { ...whole, spans };
}
