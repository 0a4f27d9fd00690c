import type { Triple } from "../model/value.js";

export type Trivial = "unchanged" | "current" | "incoming" | "both" | "conflict";

/**
 * The three-term rule, for whole rows and for cells alike: whoever changed something wins; the same change on both
 * sides is named, because it is done rather than to be done; two different changes are a conflict.
 * Source: design 2.1.
 */
export function trivialMerge<T>(
  { base, current, incoming }: Triple<T>,
  same: (a: T, b: T) => boolean,
  agree: (a: T, b: T) => boolean = same,
): Trivial {
  const currentChanged = !same(base, current);
  const incomingChanged = !same(base, incoming);
  if (!incomingChanged) return currentChanged ? "current" : "unchanged";
  if (!currentChanged) return "incoming";
  // Both sides changed it: here, and only here, two spellings of one value count as one.
  return agree(current, incoming) ? "both" : "conflict";
}
