/** Choices that look random and are the same for the same seed, on every machine and PostgreSQL version. */
export interface Random {
  /** A whole number from `from` up to, not including, `to`. */
  between(from: number, to: number): number;
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
  hex(digits: number): string;
  uuid(): string;
}

/**
 * Every part of the story draws from a stream of its own, named by `topic`: one more rename does not change which
 * devices get deleted.
 */
export function createRandom(seed: number, topic: string): Random {
  const next = mulberry32(hash(`${seed} ${topic}`));
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from));
  const hex = (digits: number) => Array.from({ length: digits }, () => between(0, 16).toString(16)).join("");
  return {
    between,
    chance: (share) => next() < share,
    pick: (list) => pickFrom(list, between(0, list.length)),
    shuffled: (list) => shuffle([...list], between),
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  };
}

function pickFrom<T>(list: readonly T[], index: number): T {
  if (index >= list.length) throw new RangeError("nothing to pick from: the story needs a larger scale");
  return list[index] as T;
}

function shuffle<T>(list: T[], between: Random["between"]): T[] {
  for (let last = list.length - 1; last > 0; last--) {
    const other = between(0, last + 1);
    [list[last], list[other]] = [list[other] as T, list[last] as T];
  }
  return list;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}

/** Tommy Ettinger's mulberry32: 32 bits of state are plenty for a story. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
