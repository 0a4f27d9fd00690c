import type { Row } from "../../model/value.js";
import { existing } from "./field.js";

/**
 * Where the text of a row stands. Most rows nobody touched since the incident: `current` is then `pre` or `post`
 * again, and what is written is the other one. Storing each text once halves the file and the time to write it.
 */
export const rowPlaces = ["pre", "post", "itself"] as const;
export type RowPlace = (typeof rowPlaces)[number];

interface Snapshots {
  readonly pre: Row | undefined;
  readonly post: Row | undefined;
}

export function placeOf(row: Row | undefined, { pre, post }: Snapshots): RowPlace | undefined {
  if (row === undefined) return undefined;
  if (sameRow(row, post)) return "post";
  return sameRow(row, pre) ? "pre" : "itself";
}

export function rowAt(
  place: RowPlace | undefined,
  { pre, post }: Snapshots,
  itself: Row | undefined,
): Row | undefined {
  if (place === undefined) return undefined;
  return existing({ pre, post, itself }[place]);
}

export function sameRow(a: Row, b: Row | undefined): boolean {
  if (a === b) return true;
  if (a.length !== b?.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
