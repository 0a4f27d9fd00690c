/** A piece of a text, and whether the other text has it, too. */
export interface Piece {
  readonly text: string;
  readonly changed: boolean;
}

/** Words compared with words at most: beyond that all between the common ends counts as changed. */
const mostWords = 400;

/**
 * Which parts of `text` are not in `other`, word by word: what is common at both ends is set aside, and between them
 * the longest common run of words is found. The pieces joined are `text` again.
 */
export function markChanges(text: string, other: string): readonly Piece[] {
  const [mine, theirs] = [words(text), words(other)];
  const start = commonLength(mine, theirs);
  const end = commonLength(mine.slice(start).reverse(), theirs.slice(start).reverse());
  const middle = mine.slice(start, mine.length - end);
  const between = theirs.slice(start, theirs.length - end);
  const kept =
    middle.length * between.length > mostWords ** 2 ? middle.map(() => false) : common(middle, between);
  return joined([
    ...mine.slice(0, start).map((word) => ({ text: word, changed: false })),
    ...middle.map((word, at) => ({ text: word, changed: kept[at] !== true })),
    ...mine.slice(mine.length - end).map((word) => ({ text: word, changed: false })),
  ]);
}

/** Letters and digits of one sort together, everything else by itself. */
function words(text: string): readonly string[] {
  return text.match(/\p{L}+|\p{N}+|\s+|./gsu) ?? [];
}

function commonLength(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

/** For each word of `a`, whether it belongs to the longest subsequence that both have. */
function common(a: readonly string[], b: readonly string[]): readonly boolean[] {
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const kept = a.map(() => false);
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      kept[i] = true;
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return kept;
}

/** Neighbours of one sort are one piece. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const found: Piece[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (last?.changed === piece.changed)
      found[found.length - 1] = { text: last.text + piece.text, changed: last.changed };
    else found.push(piece);
  }
  return found;
}
