import type { Triple } from "../../src/model/value.js";

/**
 * Three-way merge of texts, line by line. A stretch that only one side changed is that side's; where both did the
 * same, it is done. Changes of the two sides must have a line between them that neither changed: edits that touch may
 * well belong together.
 *
 * @returns the merged text; undefined where both changed the same stretch, or so much that no one can say which
 */
export function mergeLines(texts: Triple<string>): string | undefined {
  const lines = eachOf(texts, (text) => text.split("\n"));
  const inCurrent = matchLines(lines.base, lines.current);
  const inIncoming = matchLines(lines.base, lines.incoming);
  if (inCurrent === undefined || inIncoming === undefined) return undefined;
  const merged: (readonly string[])[] = [];
  let from = eachOf(lines, () => 0);
  for (let at = 0; at <= lines.base.length; at += 1) {
    const [current, incoming] = [inCurrent[at], inIncoming[at]];
    if (current === undefined || incoming === undefined) continue;
    const to = { base: at, current, incoming };
    const stretch = mergeStretch(eachOf(lines, (all, role) => all.slice(from[role], to[role])));
    if (stretch === undefined) return undefined;
    merged.push(stretch, lines.base.slice(at, at + 1));
    from = eachOf(to, (position) => position + 1);
  }
  return merged.flat().join("\n");
}

function eachOf<A, B>(triple: Triple<A>, make: (one: A, role: keyof Triple<A>) => B): Triple<B> {
  return {
    base: make(triple.base, "base"),
    current: make(triple.current, "current"),
    incoming: make(triple.incoming, "incoming"),
  };
}

function mergeStretch({ base, current, incoming }: Triple<readonly string[]>): readonly string[] | undefined {
  if (sameLines(base, incoming) || sameLines(current, incoming)) return current;
  return sameLines(base, current) ? incoming : undefined;
}

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, at) => line === b[at]);
}

/** Enough for two thousand changed lines among two thousand; the work grows with the product. */
const mostCells = 4_000_000;

/**
 * Where each line of `base` is found again in `side`, along a longest common subsequence; the ends of the texts are
 * each other's match. Undefined when too much has changed.
 */
function matchLines(base: readonly string[], side: readonly string[]): (number | undefined)[] | undefined {
  const found: (number | undefined)[] = new Array(base.length).fill(undefined);
  found.push(side.length);
  let start = 0;
  while (start < base.length && start < side.length && base[start] === side[start]) {
    found[start] = start;
    start += 1;
  }
  let [baseEnd, sideEnd] = [base.length, side.length];
  while (baseEnd > start && sideEnd > start && base[baseEnd - 1] === side[sideEnd - 1]) {
    baseEnd -= 1;
    sideEnd -= 1;
    found[baseEnd] = sideEnd;
  }
  const pairs = commonLines(base.slice(start, baseEnd), side.slice(start, sideEnd));
  for (const [a, b] of pairs ?? []) found[start + a] = start + b;
  return pairs === undefined ? undefined : found;
}

/** Positions of a longest common subsequence, by the textbook table of lengths of all common endings. */
function commonLines(a: readonly string[], b: readonly string[]): [number, number][] | undefined {
  const width = b.length + 1;
  if ((a.length + 1) * width > mostCells) return undefined;
  const lengths = new Uint32Array((a.length + 1) * width);
  const ending = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        a[i] === b[j] ? ending(i + 1, j + 1) + 1 : Math.max(ending(i + 1, j), ending(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let [i, j] = [0, 0]; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (ending(i + 1, j) >= ending(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}
