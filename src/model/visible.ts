/**
 * Text from a database is hostile: it may hold line breaks that end a comment, escape sequences that drive a terminal,
 * and marks that reorder what a reviewer reads. Controls (C0, C1), line and paragraph separators, zero-width and
 * direction marks are shown as escapes; everything else stays as it is.
 */
export function visible(text: string): string {
  return text.replace(hidden, escaped);
}

export function hasHidden(text: string): boolean {
  return text.search(hidden) !== -1;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const hidden = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(character: string): string {
  return short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
