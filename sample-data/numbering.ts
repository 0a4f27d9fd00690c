import type { Random } from "./random.js";

/** Hands out ids as a sequence did over the years: upwards, with gaps where rows were deleted or rolled back. */
export function numbering(random: Random): () => number {
  let last = 0;
  return () => {
    last += random.chance(0.1) ? random.between(2, 6) : 1;
    return last;
  };
}
