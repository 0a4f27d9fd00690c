/** A digest (8 bytes) and a place (page and item, 6 bytes), as the server sends them. */
const entryBytes = 14;
const digestBytes = 8;
const placeBytes = 6;

export interface ComparedPlaces {
  /** Rows that are the same in all databases. */
  readonly same: number;
  /** Places of the others, as `page * 65536 + item`, for each database. */
  readonly places: readonly (readonly number[])[];
}

/**
 * Finds the rows that are not in all databases alike: a row that was changed is there under another digest. All are in
 * the order of their digests, as numbers with a sign.
 *
 * @param all what each database sent of the same part of the table
 */
export function comparePlaces(all: readonly Buffer[]): ComparedPlaces {
  const places = all.map((): number[] => []);
  const next = all.map(() => 0);
  let same = 0;
  for (;;) {
    const least = leastDigest(all, next);
    if (least === undefined) return { same, places };
    const isHere = all.map((entries, side) => compareDigests(entries, next[side] ?? 0, ...least) === 0);
    const inAll = isHere.every((here) => here);
    if (inAll) same += 1;
    for (const [side, entries] of all.entries()) {
      if (isHere[side] !== true) continue;
      const at = next[side] ?? 0;
      if (!inAll) places[side]?.push(entries.readUIntBE(at + digestBytes, placeBytes));
      next[side] = at + entryBytes;
    }
  }
}

function leastDigest(all: readonly Buffer[], next: readonly number[]): [Buffer, number] | undefined {
  let least: [Buffer, number] | undefined;
  for (const [side, entries] of all.entries()) {
    const at = next[side] ?? 0;
    if (at < entries.length && (least === undefined || compareDigests(entries, at, ...least) < 0)) {
      least = [entries, at];
    }
  }
  return least;
}

/** What is at its end comes after all others. */
function compareDigests(a: Buffer, atA: number, b: Buffer, atB: number): number {
  if (atA >= a.length) return 1;
  return a.readInt32BE(atA) - b.readInt32BE(atB) || a.readUInt32BE(atA + 4) - b.readUInt32BE(atB + 4);
}
