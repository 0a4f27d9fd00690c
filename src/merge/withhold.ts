import type { Bar, Need, Reason, Rivalry, Withheld } from "../model/withheld.js";

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
 * Of two rivals the one that comes first in the plan stays, with all that it needs. Withholding only ever grows, and
 * an obstacle says what is missing rather than what is there, so a reason that was given stays true to the end. Only
 * that of a rival says what is there: so a rival that stays is never given up again.
 */
export function withhold({ bars, needs, rivalries }: Obstacles): ReadonlyMap<number, Withheld> {
  const withheld = new Map<number, Withheld>();
  const dependants = groupBy(needs, (need) => need.needs);
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
  const needed = new Map(
    [...groupBy(needs, ({ row }) => row)].map(([row, own]) => [row, own.map((n) => n.needs)]),
  );
  const rivals = rivalsByRow(rivalries);
  const staying = new Set<number>();
  for (const row of [...rivals.keys()].sort((a, b) => a - b)) {
    if (withheld.has(row)) continue;
    const party = partyOf(row, needed, staying);
    const beaten = [...party].flatMap((member) => beatenBy(member, rivals, staying));
    for (const [loser, found] of beaten) if (!withheld.has(loser)) withheld.set(loser, found);
    spread(beaten.map(([loser]) => loser));
    // Who needs two that are rivals is withheld with the one that loses, whichever that will be.
    const isTorn = [...party].some((member) => rivals.get(member)?.some((rival) => party.has(rival.row)));
    if (beaten.length === 0 && !isTorn) for (const member of party) staying.add(member);
  }
  return withheld;
}

interface Rival {
  readonly row: number;
  readonly reason: Reason;
}

function rivalsByRow(rivalries: readonly Rivalry[]): ReadonlyMap<number, readonly Rival[]> {
  const both = rivalries.flatMap(({ rows: [a, b], reasons }) => [
    { of: a, row: b, reason: reasons[0] },
    { of: b, row: a, reason: reasons[1] },
  ]);
  return groupBy(both, ({ of }) => of);
}

/** The row and all that it needs, the needs of its needs too; those that stay are not looked at again. */
function partyOf(
  row: number,
  needed: ReadonlyMap<number, readonly number[]>,
  staying: ReadonlySet<number>,
): ReadonlySet<number> {
  const party = new Set([row]);
  // A set that grows while it is walked is walked to its end.
  for (const member of party)
    for (const other of needed.get(member) ?? []) if (!staying.has(other)) party.add(other);
  return party;
}

function beatenBy(
  row: number,
  rivals: ReadonlyMap<number, readonly Rival[]>,
  staying: ReadonlySet<number>,
): readonly (readonly [number, Withheld])[] {
  const winner = rivals.get(row)?.find((rival) => staying.has(rival.row));
  if (winner === undefined) return [];
  return [[row, { outcome: "conflict", reason: winner.reason, because: winner.row }]];
}

function groupBy<T>(items: readonly T[], of: (item: T) => number): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const known = groups.get(of(item));
    if (known === undefined) groups.set(of(item), [item]);
    else known.push(item);
  }
  return groups;
}

function bar(withheld: Map<number, Withheld>, bars: readonly Bar[], excluded: boolean): readonly number[] {
  return bars.flatMap((found) => {
    if (found.excluded !== excluded || withheld.has(found.row)) return [];
    const { row, reason, because } = found;
    withheld.set(row, { outcome: excluded ? "skipped" : "conflict", reason, because });
    return [row];
  });
}
