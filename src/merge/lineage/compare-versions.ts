/** A place (page and item, 6 bytes) and a version (8 bytes), each byte as two hexadecimal digits. */
const entryLength = 28;
const placeLength = 12;

export interface ComparedVersions {
  /** Row versions that both sides have at the same place. */
  readonly same: number;
  /** Places of the others, as `page * 65536 + item`. */
  readonly pre: readonly number[];
  readonly post: readonly number[];
}

/**
 * Walks the row versions of a few pages, side by side. Both in the order of the table. Most are the same, so they are
 * compared as they arrive, and only places of the others are made numbers.
 *
 * @throws RangeError where they are not in order
 */
export function compareVersions(pre = "", post = ""): ComparedVersions {
  const result = { same: 0, pre: [] as number[], post: [] as number[] };
  let [a, b] = [0, 0];
  for (;;) {
    const run = equalEntries(pre, a, post, b);
    result.same += run;
    a += run * entryLength;
    b += run * entryLength;
    if (a >= pre.length && b >= post.length) return result;
    const [before, after] = [placeAt(pre, a), placeAt(post, b)];
    if (before <= after) {
      result.pre.push(before);
      a = next(pre, a);
    }
    if (after <= before) {
      result.post.push(after);
      b = next(post, b);
    }
  }
}

/** How many entries are the same from here on. */
function equalEntries(pre: string, a: number, post: string, b: number): number {
  const most = Math.min(pre.length - a, post.length - b);
  let length = 0;
  while (length < most && pre.charCodeAt(a + length) === post.charCodeAt(b + length)) length += 1;
  return Math.floor(length / entryLength);
}

function placeAt(versions: string, at: number): number {
  return at < versions.length
    ? Number.parseInt(versions.slice(at, at + placeLength), 16)
    : Number.POSITIVE_INFINITY;
}

function next(versions: string, at: number): number {
  if (placeAt(versions, at + entryLength) <= placeAt(versions, at))
    throw new RangeError("row versions did not arrive in the order of the table");
  return at + entryLength;
}
