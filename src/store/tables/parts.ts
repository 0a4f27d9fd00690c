/**
 * The text of a row may be long, and DuckDB handles a column 2048 values at a time, all of them in memory: with rows
 * of 100 kB that is more than it is allowed, however few it is asked for. So a long text is stored in parts, each a
 * record of its own in a second table, and where it would stand is the number of its parts.
 */

/** Longest text stored in one piece, in bytes; four columns of them are 16 MB. */
const wholeBytes = 2000;
/** Length of a part, in UTF-16 units; a column of them is 4 MB, or 12 in the worst of alphabets. */
const partLength = 2000;

export function isLong(text: string): boolean {
  // UTF-8 needs one byte for a unit at least, and three at most: the bytes seldom need counting.
  if (text.length > wholeBytes) return true;
  return text.length * 3 > wholeBytes && Buffer.byteLength(text) > wholeBytes;
}

/** Never between two halves of one character: alone they could not be written as UTF-8. */
export function splitText(text: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  while (from < text.length) {
    const to = from + partLength;
    const end = isHighSurrogate(text.charCodeAt(to - 1)) ? to + 1 : to;
    parts.push(text.slice(from, end));
    from = end;
  }
  return parts;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
