import type { Withheld } from "../model/withheld.js";

/**
 * Links of one chain at most. A list of a hundred thousand rows, each of which refers to the one before, would
 * otherwise fill a disk with chains when its first row is missing.
 */
export const longestChain = 100;

/** What a withheld row waits for, what that waits for, and so on to the end. Rows are positions in the plan. */
export interface Chain {
  readonly rows: readonly number[];
  /** So many are left out before the last one. */
  readonly omitted: number;
}

/**
 * Tells the chain of each withheld row: whole up to `longestChain` links, else its beginning and its end. A ring ends
 * where it closes.
 */
export function chainsOf(withheld: ReadonlyMap<number, Withheld>): (row: number) => Chain {
  const next = (row: number) => withheld.get(row)?.because;
  const endOf = endsOf(next);
  return (row) => {
    const rows: number[] = [];
    const seen = new Set([row]);
    for (let at = next(row); at !== undefined; at = next(at)) {
      rows.push(at);
      if (seen.has(at)) break;
      seen.add(at);
      if (rows.length < longestChain) continue;
      const { end, links } = endOf(at);
      return links === 0 ? { rows, omitted: 0 } : { rows: [...rows.slice(0, -1), end], omitted: links };
    }
    return { rows, omitted: 0 };
  };
}

interface End {
  readonly end: number;
  /** How many links away. */
  readonly links: number;
}

/** Looks at each link once, however many chains run over it. */
function endsOf(next: (row: number) => number | undefined): (row: number) => End {
  const known = new Map<number, End>();
  return (row) => {
    const path: number[] = [];
    const seen = new Set<number>();
    let at = row;
    for (;;) {
      const following = next(at);
      if (known.has(at) || following === undefined || seen.has(at)) break;
      path.push(at);
      seen.add(at);
      at = following;
    }
    let { end, links } = known.get(at) ?? { end: at, links: 0 };
    for (const passed of path.reverse()) {
      links += 1;
      known.set(passed, { end, links });
    }
    return { end, links };
  };
}
