import type { Sighting } from "../model/between.js";
import type { Row } from "../model/value.js";

/**
 * A row at every snapshot of the window, as it is stored: most neighbours are the same, and are not told again. `0` is
 * "as before", `null` "no such row"; else the row and the transaction that wrote it.
 */
export type StoredSightings = readonly (0 | null | readonly [Row, string | null])[];

export function encodeSightings(seen: readonly Sighting[]): StoredSightings {
  return seen.map(({ row, transaction = null }, at) => {
    const before = seen[at - 1];
    if (before !== undefined && isSame(before, { row, transaction: transaction ?? undefined })) return 0;
    return row === undefined ? null : ([row, transaction] as const);
  });
}

export function decodeSightings(stored: StoredSightings): readonly Sighting[] {
  const seen: Sighting[] = [];
  for (const one of stored) {
    if (one === 0) seen.push(seen.at(-1) ?? nowhere);
    else if (one === null) seen.push(nowhere);
    else seen.push({ row: one[0], transaction: one[1] ?? undefined });
  }
  return seen;
}

const nowhere: Sighting = { row: undefined, transaction: undefined };

function isSame(a: Sighting, b: Sighting): boolean {
  if (a.transaction !== b.transaction || a.row === undefined || b.row === undefined) return a.row === b.row;
  return a.row.every((value, at) => value === b.row?.[at]);
}
