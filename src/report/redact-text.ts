import type { Mark } from "../model/redaction.js";
import type { Value } from "../model/value.js";

/** Whether the column of a table is redacted; the table is undefined where the text does not say which it is. */
export type IsRedacted = (table: string | undefined, column: string) => boolean;

/** Keys as messages write them: `public.issue {"id":"4"}`. */
const keyStart = /\{(?="(?:[^"\\]|\\.)*":)/g;

/** Masks the keys in a message, wherever it names a row, by its columns. */
export function redactKeys(
  text: string,
  labels: readonly string[],
  isRedacted: IsRedacted,
  mark: Mark,
): string {
  let [done, at] = ["", 0];
  for (const { index } of text.matchAll(keyStart)) {
    if (index < at) continue;
    const end = endOfObject(text, index);
    const key = end === undefined ? undefined : parsed(text.slice(index, end));
    if (end === undefined || key === undefined) continue;
    const before = text.slice(0, index).trimEnd();
    const table = labels.filter((label) => before.endsWith(label)).sort((a, b) => b.length - a.length)[0];
    const shown = Object.entries(key).map(([column, value]) => [
      column,
      typeof value === "string" && isRedacted(table, column) ? mark(value) : value,
    ]);
    done += text.slice(at, index) + JSON.stringify(Object.fromEntries(shown));
    at = end;
  }
  return done + text.slice(at);
}

function parsed(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(json) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

/** Just past the closing brace of a flat object; undefined where it does not close. */
function endOfObject(text: string, start: number): number | undefined {
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (quoted && character === "\\") at += 1;
    else if (character === '"') quoted = !quoted;
    else if (character === "}" && !quoted) return at + 1;
  }
  return undefined;
}

/**
 * Masks values of the row a message is about: a strategy of a stranger may have quoted them. Only where they stand by
 * themselves: a value `t` is no reason to mask every t.
 */
export function redactValues(text: string, values: readonly Value[], mark: Mark): string {
  const found = new Map<string, string>();
  for (const value of values) {
    if (value === null || value === "") continue;
    for (const spelled of [value, JSON.stringify(value).slice(1, -1)])
      if (text.includes(spelled)) found.set(spelled, mark(value));
  }
  // Longest first, and never within a mark: what was masked is not looked at again.
  let parts: readonly Part[] = [{ text, masked: false }];
  for (const spelled of [...found.keys()].sort((a, b) => b.length - a.length)) {
    const shown = found.get(spelled) ?? "";
    parts = parts.flatMap((part) => (part.masked ? [part] : maskIn(part.text, spelled, shown)));
  }
  return parts.map((part) => part.text).join("");
}

interface Part {
  readonly text: string;
  readonly masked: boolean;
}

/** No regular expression: a value may be longer than one can be. */
function maskIn(text: string, spelled: string, shown: string): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (let at = text.indexOf(spelled); at !== -1; at = text.indexOf(spelled, at + spelled.length)) {
    if (
      isInWord(text.slice(Math.max(0, at - 2), at), text.slice(at + spelled.length, at + spelled.length + 2))
    )
      continue;
    parts.push({ text: text.slice(from, at), masked: false }, { text: shown, masked: true });
    from = at + spelled.length;
  }
  return [...parts, { text: text.slice(from), masked: false }];
}

function isInWord(before: string, after: string): boolean {
  return /[\p{L}\p{N}_]$/u.test(before) || /^[\p{L}\p{N}_]/u.test(after);
}
