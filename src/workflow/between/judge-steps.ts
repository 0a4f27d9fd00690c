import {
  type AroundDamage,
  aroundDamage,
  meetCurrent,
  operationOf,
  sameRow,
  stepsOf,
} from "../../merge/between/around-damage.js";
import type { Ruling } from "../../merge/rules/rules.js";
import { endsOf } from "../../model/between.js";
import type { Difference } from "../../model/change.js";
import { columnAt } from "../../model/table.js";
import type { Row } from "../../model/value.js";
import { lookUpOver } from "../../postgres/look-up.js";
import type { Bench } from "../judging/bench.js";
import { asksForCurrent, ruleAll } from "../judging/rule-all.js";

/** A difference that is to be judged, with what is known of it by its intervals. */
export interface Placed {
  /** Its place in the batch. */
  readonly place: number;
  readonly difference: Difference;
  /** Undefined: it is to be ruled as a whole. */
  readonly ruling: Ruling | undefined;
}

/**
 * Rules each interval in which a row changed for itself, and makes of a row what it was before and after its damage.
 * Rows that were seen in no snapshot between come out as they were; one that is in `post` as it was in `pre`, and of
 * which nothing is incoming, is left out.
 */
export async function judgeSteps(
  bench: Bench,
  differences: readonly Difference[],
): Promise<readonly Placed[]> {
  const whole = (difference: Difference, place: number): Placed => ({ place, difference, ruling: undefined });
  if (differences.every(({ seen }) => seen === undefined)) return differences.map(whole);
  const around = await ruleSteps(bench, differences);
  const bases = await basesOf(bench, differences, around);
  return differences.flatMap((difference, place): Placed[] => {
    const found = around[place];
    if (found === undefined) return [whole(difference, place)];
    const { ruling, folded } = found;
    if (found.difference !== undefined) {
      const incoming = { ...found.difference, overwritten: overwrittenIn(bench, difference, folded) };
      return [{ place, difference: bases.get(place) ?? incoming, ruling }];
    }
    const { seen = [] } = difference;
    const [pre, post] = [seen[0]?.row, seen.at(-1)?.row];
    if (sameRow(pre, post)) return [];
    return [{ place, difference: { ...difference, pre, post, operation: operationOf(pre, post) }, ruling }];
  });
}

type Around = readonly (AroundDamage | undefined)[];

async function ruleSteps(bench: Bench, differences: readonly Difference[]): Promise<Around> {
  const { table, signatureCells, settings, rules, intervals } = bench;
  const keys = differences.map(({ key }) => key);
  const current = rules.some(asksForCurrent) ? await lookUpOver(bench.lookUps, table, keys) : [];
  const steps = differences.map((difference) =>
    difference.seen === undefined ? [] : stepsOf(table, difference, signatureCells),
  );
  for (const own of steps) intervals?.take(table, own);
  const owners = steps.flatMap((own, at) => own.map(() => current[at]));
  const rulings = await ruleAll(bench, steps.flat(), owners);
  let asked = 0;
  return differences.map((difference, at) => {
    const own = steps[at] ?? [];
    const first = asked;
    asked += own.length;
    if (difference.seen === undefined) return undefined;
    return aroundDamage(table, difference, own, rulings.slice(first, asked), settings.mode);
  });
}

/** Where people wrote over the damage, an undo needs to know what `current` has before it knows its base. */
async function basesOf(
  bench: Bench,
  differences: readonly Difference[],
  around: Around,
): Promise<ReadonlyMap<number, Difference>> {
  if (bench.settings.mode !== "undo") return new Map();
  const places = around.flatMap((found, place) =>
    found?.difference !== undefined && found.folded.overwritten.length > 0 ? [place] : [],
  );
  const keys = places.map((place) => (differences[place] as Difference).key);
  const rows = await lookUpOver(bench.lookUps, bench.table, keys);
  return new Map(
    places.map((place, order) => {
      const { difference, folded } = around[place] as AroundDamage;
      const post: Row | undefined = meetCurrent(folded, rows[order]);
      const met = { ...(difference as Difference), post, operation: operationOf(difference?.pre, post) };
      return [place, { ...met, overwritten: overwrittenIn(bench, differences[place] as Difference, folded) }];
    }),
  );
}

/** Why it is a conflict, though `current` may be as `post` was: in words. */
function overwrittenIn(
  { settings: { between }, table }: Bench,
  { seen = [] }: Difference,
  { overwritten, overwrittenIn: step }: AroundDamage["folded"],
): Difference["overwritten"] {
  if (overwritten.length === 0 || step === undefined || between === undefined) return undefined;
  const changed = seen.flatMap(({ row }, at) => (at > 0 && !sameRow(seen[at - 1]?.row, row) ? [at] : []));
  const interval = changed[step] ?? 1;
  const ends = endsOf(between);
  const what =
    overwritten === "row"
      ? "the row"
      : overwritten.map((position) => columnAt(table, position).name).join(", ");
  const words = `between ${ends[interval - 1]} and ${ends[interval]}, after the damage, somebody changed ${what}`;
  return { columns: overwritten, words };
}
