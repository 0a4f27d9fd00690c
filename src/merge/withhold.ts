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
  if (rivalries.length === 0) return withheld;
  const needed = new Map(
    [...groupBy(needs, ({ row }) => row)].map(([row, own]) => [row, own.map((n) => n.needs)]),
  );
  const rivals = rivalsByRow(rivalries);
  const staying = new Set<number>();
  const torn = new Set<number>();
  for (const row of [...rivals.keys()].sort((a, b) => a - b)) {
    if (withheld.has(row)) continue;
    const party = partyOf(row, needed, staying);
    // Who needs two that are rivals cannot stay, but does not decide which of them goes.
    if ([...party].some((member) => rivals.get(member)?.some((rival) => party.has(rival.row)))) torn.add(row);
    else {
      for (const member of party) staying.add(member);
      spread([...party].flatMap((member) => beat(withheld, member, rivals.get(member) ?? [])));
    }
  }
  if (torn.size > 0) spread(breakRings(withheld, torn, needs, needed));
  return withheld;
}

interface Rival {
  readonly row: number;
  /** What keeps it back where the other one stays. */
  readonly loses: Reason;
}

function rivalsByRow(rivalries: readonly Rivalry[]): ReadonlyMap<number, readonly Rival[]> {
  const both = rivalries.flatMap(({ rows: [a, b], reasons }) => [
    { of: a, row: b, loses: reasons[1] },
    { of: b, row: a, loses: reasons[0] },
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

/** The rivals of a row that stays go. */
function beat(withheld: Map<number, Withheld>, winner: number, losers: readonly Rival[]): readonly number[] {
  const beaten = losers.filter(({ row }) => !withheld.has(row));
  for (const { row, loses } of beaten)
    withheld.set(row, { outcome: "conflict", reason: loses, because: winner });
  return beaten.map(({ row }) => row);
}

/** Rivals that need each other: none of them can be written, each for want of another. */
function breakRings(
  withheld: Map<number, Withheld>,
  torn: ReadonlySet<number>,
  needs: readonly Need[],
  needed: ReadonlyMap<number, readonly number[]>,
): readonly number[] {
  const needsOf = groupBy(needs, ({ row }) => row);
  const left = [...torn].filter((row) => !withheld.has(row));
  const leads = (need: Need) =>
    [...partyOf(need.needs, needed, new Set())].some((member) => left.includes(member));
  for (const row of left) {
    const need = needsOf.get(row)?.find(leads);
    if (need !== undefined)
      withheld.set(row, { outcome: "conflict", reason: need.reason, because: need.needs });
  }
  return left.filter((row) => withheld.has(row));
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
