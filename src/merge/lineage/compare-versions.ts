/** A place (page and item, 6 bytes) and a version (8 bytes), as the server sends them. */
const entryBytes = 14;
const placeBytes = 6;

export interface ComparedVersions {
  /** Row versions that both sides have at the same place. */
  readonly same: number;
  /** Places of the others, as `page * 65536 + item`. */
  readonly pre: readonly number[];
  readonly post: readonly number[];
}

const nothing = Buffer.alloc(0);

/**
 * Walks the row versions of a few pages, side by side. Both in the order of the table.
 *
 * @throws RangeError where they are not
 */
export function compareVersions(pre: Buffer = nothing, post: Buffer = nothing): ComparedVersions {
  const result = { same: 0, pre: [] as number[], post: [] as number[] };
  let [a, b] = [0, 0];
  while (a < pre.length || b < post.length) {
    const [before, after] = [placeAt(pre, a), placeAt(post, b)];
    if (before === after && pre.compare(post, b, b + entryBytes, a, a + entryBytes) === 0) result.same += 1;
    else {
      if (before <= after) result.pre.push(before);
      if (after <= before) result.post.push(after);
    }
    if (before <= after) a = next(pre, a);
    if (after <= before) b = next(post, b);
  }
  return result;
}

function placeAt(versions: Buffer, at: number): number {
  return at < versions.length ? versions.readUIntBE(at, placeBytes) : Number.POSITIVE_INFINITY;
}

function next(versions: Buffer, at: number): number {
  if (placeAt(versions, at + entryBytes) <= placeAt(versions, at))
    throw new RangeError("row versions did not arrive in the order of the table");
  return at + entryBytes;
}
