import type { Value } from "../../../src/index.js";
import { type Span, span } from "./line.js";
import { shown } from "./measure.js";
import { valueSpan, valueText } from "./value.js";

/** Above it, comparing word by word would take longer than a key may. */
const longestMiddle = 200;
const longestText = 4000;

/** What stands around a changed part where there are no colours. */
const marks = ["«", "»"] as const;

/**
 * A value with the parts marked that are not in the other one. What both begin and end with stays unmarked, and so do
 * words they share in between.
 */
export function markChanges(value: Value, other: Value | undefined, color: boolean): readonly Span[] {
  if (value === other || value === null || other === null || other === undefined) return [valueSpan(value)];
  if (value === "" || value.length > longestText) return wholly(value, color);
  const parts = changedParts(words(value), words(other));
  // Where all of it is another, marking it says nothing more than that.
  const quoted = valueText(value) !== shown(value);
  if (quoted || parts.every(({ text, isChanged }) => isChanged || text.trim() === ""))
    return wholly(value, color);
  return parts.flatMap(({ text, isChanged }) =>
    isChanged ? changed(shown(text), color) : [span(shown(text))],
  );
}

/** With colours only: marks around all of it would be read as part of it. */
const wholly = (value: Value, color: boolean): readonly Span[] => [
  color ? span(valueText(value), "changed") : valueSpan(value),
];

function changed(text: string, color: boolean): readonly Span[] {
  return [color ? span(text, "changed") : span(`${marks[0]}${text}${marks[1]}`)];
}

interface Part {
  readonly text: string;
  readonly isChanged: boolean;
}

/** Words, runs of digits, runs of blanks, and every other character by itself. */
function words(text: string): readonly string[] {
  return text.match(/\p{L}[\p{L}\p{M}]*|\p{N}+|\s+|[\s\S]/gu) ?? [];
}

function changedParts(mine: readonly string[], other: readonly string[]): readonly Part[] {
  const shorter = Math.min(mine.length, other.length);
  let start = 0;
  while (start < shorter && mine[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && mine.at(-1 - end) === other.at(-1 - end)) end += 1;
  const middle = mine.slice(start, mine.length - end);
  const shared = sharedWords(middle, other.slice(start, other.length - end));
  return joined([
    { text: mine.slice(0, start).join(""), isChanged: false },
    ...middle.map((text, at) => ({ text, isChanged: !shared.has(at) })),
    { text: mine.slice(mine.length - end).join(""), isChanged: false },
  ]);
}

/** Places in `mine` of a longest common subsequence; none where there is too much to compare. */
function sharedWords(mine: readonly string[], other: readonly string[]): ReadonlySet<number> {
  const shared = new Set<number>();
  if (mine.length > longestMiddle || other.length > longestMiddle) return shared;
  const lengths = mine.map(() => new Array<number>(other.length).fill(0));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = mine.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      const row = lengths[i] as number[];
      row[j] = mine[i] === other[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  for (let i = 0, j = 0; i < mine.length && j < other.length; ) {
    if (mine[i] === other[j]) {
      shared.add(i);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return shared;
}

function joined(parts: readonly Part[]): readonly Part[] {
  const all: Part[] = [];
  for (const part of parts) {
    const before = all.at(-1);
    if (part.text === "") continue;
    if (before?.isChanged === part.isChanged) {
      all[all.length - 1] = { ...part, text: before.text + part.text };
    } else all.push(part);
  }
  return all;
}
