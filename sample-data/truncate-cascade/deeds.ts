import type { Deed, LostDeed } from "./deed.js";

/** What one part of the story adds to the two databases. */
export interface Deeds {
  readonly lost: readonly LostDeed[];
  readonly since: readonly Deed[];
}

export function together(...parts: readonly Partial<Deeds>[]): Deeds {
  return {
    lost: parts.flatMap(({ lost = [] }) => lost),
    since: parts.flatMap(({ since = [] }) => since),
  };
}
