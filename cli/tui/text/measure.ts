import stringWidth from "string-width";
import { visible } from "../../../src/index.js";

/** Values can be megabytes; nothing beyond this many UTF-16 units is looked at to fill a line. */
const longestLine = 1000;

const ellipsis = "…";
const plainAscii = /^[\x20-\x7e]*$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * What terminals disagree about how wide it is: variation selectors, skin tones, flags, tags. Shown as escapes, so that
 * columns stay aligned whatever terminal, multiplexer and font there are.
 */
const hardToMeasure =
  /\u034f|[\ufe00-\ufe0f\u180e\u00ad]|[\u{1f1e6}-\u{1f1ff}\u{1f3fb}-\u{1f3ff}\u{e0000}-\u{e0fff}]/gu;

/** Text that may come from a database, safe for one line of a terminal; as much of it as a line can hold. */
export function shown(text: string): string {
  const head = text.length > longestLine ? wholeCharacters(text.slice(0, longestLine)) + ellipsis : text;
  if (plainAscii.test(head)) return head;
  return visible(head.replace(/\p{Surrogate}/gu, "\ufffd")).replace(
    hardToMeasure,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

function wholeCharacters(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}

/** Columns of a terminal. @param text made safe by `shown` */
export function width(text: string): number {
  return plainAscii.test(text) ? text.length : stringWidth(text);
}

/** Cut to so many columns; what is missing is said with an ellipsis. */
export function clip(text: string, columns: number): string {
  if (columns <= 0) return "";
  if (width(text) <= columns) return text;
  return `${head(text, columns - 1)}${ellipsis}`;
}

/** As much of the text as fits into so many columns. */
export function head(text: string, columns: number): string {
  if (plainAscii.test(text)) return text.slice(0, Math.max(0, columns));
  let taken = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += width(segment);
    if (used > columns) break;
    taken += segment;
  }
  return taken;
}

/** Exactly so many columns: cut or filled up, the text to the left. */
export function fitLeft(text: string, columns: number): string {
  const cut = clip(text, columns);
  return cut + " ".repeat(Math.max(0, columns - width(cut)));
}

/** Exactly so many columns, the text to the right: for numbers. */
export function fitRight(text: string, columns: number): string {
  const cut = clip(text, columns);
  return " ".repeat(Math.max(0, columns - width(cut))) + cut;
}

/** Breaks at spaces where there are any, else where it must. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (width(rest) > columns) {
    const most = head(rest, columns) || [...rest].slice(0, 1).join("");
    const space = most.lastIndexOf(" ");
    const line = rest[most.length] === " " || space <= 0 ? most : most.slice(0, space);
    lines.push(line.trimEnd());
    rest = rest.slice(line.length).trimStart();
  }
  return [...lines, rest];
}
