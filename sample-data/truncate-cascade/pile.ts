import { portion } from "../portion.js";
import type { Random } from "../random.js";

/** A shuffled pile to take from, so that nothing is taken twice. */
export interface Pile<T> {
  /** So many at scale 1, of those that suit. */
  take(atScaleOne: number, suits?: (thing: T) => boolean): readonly T[];
  rest(): readonly T[];
}

export function pileUp<T>(things: readonly T[], scale: number, random: Random): Pile<T> {
  let pile = random.shuffled(things);
  return {
    take(atScaleOne, suits = () => true) {
      const taken = new Set<T>();
      const wanted = portion(atScaleOne, scale);
      for (const thing of pile) {
        if (taken.size === wanted) break;
        if (suits(thing)) taken.add(thing);
      }
      if (taken.size < wanted) throw new RangeError("not enough to take: the story needs a larger scale");
      pile = pile.filter((thing) => !taken.has(thing));
      return [...taken];
    },
    rest: () => pile,
  };
}
