import type { Bar, Need, Rivalry, Withheld } from "../model/withheld.js";

/** Everything that stands in the way of planned rows. */
export interface Obstacles {
  readonly bars: readonly Bar[];
  readonly needs: readonly Need[];
  readonly rivalries: readonly Rivalry[];
}

/**
 * Which planned rows cannot be written, since a constraint would break or a row that nobody planned would change; to a
 * fixed point, because a withheld row withholds what needs it (design 2.4).
 *
 * The rows that remain are as many as can be: of two rivals the one that comes first in the plan stays. Withholding
 * only ever grows, and an obstacle says what is missing rather than what is there, so a reason that was given stays
 * true to the end.
 */
export function withhold({ bars, needs, rivalries }: Obstacles): ReadonlyMap<number, Withheld> {
  const withheld = new Map<number, Withheld>();
  const dependants = needsByRow(needs);
  const spread = (rows: readonly number[]) => {
    const queue = [...rows];
    for (let at = 0; at < queue.length; at += 1) {
      const missing = queue[at] as number;
      const { outcome } = withheld.get(missing) as Withheld;
      for (const { row, reason } of dependants.get(missing) ?? []) {
        if (withheld.has(row)) continue;
        withheld.set(row, { outcome, reason, because: missing });
        queue.push(row);
      }
    }
  };
  // What was excluded speaks first: a row that needs it is skipped, whatever else stands in its way.
  for (const excluded of [true, false]) {
    spread(bar(withheld, bars, excluded));
  }
  for (const { rows, reason } of inOrder(rivalries)) {
    const [first, second] = rows;
    if (withheld.has(first) || withheld.has(second)) continue;
    withheld.set(second, { outcome: "conflict", reason, because: first });
    spread([second]);
  }
  return withheld;
}

function needsByRow(needs: readonly Need[]): ReadonlyMap<number, readonly Need[]> {
  const byRow = new Map<number, Need[]>();
  for (const need of needs) {
    const known = byRow.get(need.needs);
    if (known === undefined) byRow.set(need.needs, [need]);
    else known.push(need);
  }
  return byRow;
}

function bar(withheld: Map<number, Withheld>, bars: readonly Bar[], excluded: boolean): readonly number[] {
  return bars.flatMap((found) => {
    if (found.excluded !== excluded || withheld.has(found.row)) return [];
    const { row, reason, because } = found;
    withheld.set(row, { outcome: excluded ? "skipped" : "conflict", reason, because });
    return [row];
  });
}

function inOrder(rivalries: readonly Rivalry[]): readonly Rivalry[] {
  return rivalries
    .map(({ rows: [a, b], reason }): Rivalry => ({ rows: a < b ? [a, b] : [b, a], reason }))
    .sort((x, y) => x.rows[0] - y.rows[0] || x.rows[1] - y.rows[1]);
}
