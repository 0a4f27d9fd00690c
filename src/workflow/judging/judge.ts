import { type SameValue, spellingQuestions } from "../../merge/classify.js";
import { maskRow, type Ruling } from "../../merge/rules/rules.js";
import type { Difference, PlannedRow } from "../../model/change.js";
import { keyOf } from "../../model/table.js";
import type { Key, Row, Triple } from "../../model/value.js";
import { valuesKey } from "../../model/values-key.js";
import { lookUpOver } from "../../postgres/look-up.js";
import { countCopies } from "../../postgres/read-bag.js";
import { sameValues } from "../../postgres/same-value.js";
import { judgeSteps, type Placed } from "../between/judge-steps.js";
import { giveKeys, type Keyed } from "../rekey/give-keys.js";
import type { Bench } from "./bench.js";
import { judgeApart } from "./judge-apart.js";
import { judgeRow } from "./judge-row.js";
import { type CopyNumbers, identityToCount } from "./number-copies.js";
import { leaveOut, type Owner, ownersOf } from "./owners.js";
import { asksForCurrent, ruleAll } from "./rule-all.js";

/** One row of the plan in the making. */
interface Case {
  readonly difference: Difference;
  readonly owner: Owner;
  readonly ruling: Ruling;
  readonly versions: Triple<Row | undefined>;
  /** The incoming row where it refers to rows that took a new key. */
  readonly followed: Row | undefined;
}

/** Judges a batch of differences, of which some rows may stand apart. As `judgeRead` for all others. */
export async function judge(
  bench: Bench,
  differences: readonly Difference[],
  positionOf: (place: number) => number,
): Promise<readonly PlannedRow[]> {
  const { apart } = bench;
  if (apart === undefined) return judgeRead(bench, differences, positionOf);
  const part = (isApart: boolean) => {
    const places = differences.flatMap(({ key }, at) => (apart.has(valuesKey(key)) === isApart ? [at] : []));
    const rows = places.map((at) => differences[at] as Difference);
    return { rows, positionOf: (place: number) => positionOf(places[place] as number) };
  };
  const [others, long] = [part(false), part(true)];
  const rows = [
    ...(await judgeRead(bench, others.rows, others.positionOf)),
    ...(await judgeApart(bench, apart, long.rows, long.positionOf)),
  ];
  return rows.sort((a, b) => a.position - b.position);
}

/**
 * Judges a batch of differences: rules, look-up in current, the three-way merge, strategies, new keys. Each step asks
 * the servers once for the whole batch, never row by row. Every difference comes out as exactly one planned row, but
 * for one that is in `post` as it was in `pre` and is not incoming.
 *
 * @param positionOf where in the plan the row at this place of the batch belongs
 */
async function judgeRead(
  bench: Bench,
  differences: readonly Difference[],
  positionOf: (place: number) => number,
): Promise<readonly PlannedRow[]> {
  const placed = await judgeSteps(bench, differences);
  const cases = await gather(bench, placed);
  const sameValue = await spellings(bench, cases);
  const verdicts = cases.map(({ difference, ruling, versions }, at) =>
    judgeRow(bench, difference, ruling, versions, sameValue[at] as SameValue),
  );
  const judged = await giveKeys(bench, cases, verdicts);
  return cases.map(({ difference, owner, ruling, versions, followed }, at) => {
    const { key, operation, pre, post, transaction, signature, seen } = difference;
    const { outcome, change, conflict, decided, reason, rekeyed = followed } = judged[at] as Keyed;
    if (post !== undefined && rekeyed !== undefined)
      bench.newKeys.references.moved(bench.tableIndex, post, rekeyed);
    // Named one by one: there may be millions, and objects put together by spreading cost more than all the judging.
    return {
      position: positionOf((placed[at] as Placed).place),
      table: bench.tableIndex,
      key,
      operation,
      outcome,
      pre,
      post,
      current: versions.current,
      transaction,
      signature,
      rule: ruling.rule,
      rekeyed,
      change,
      conflict,
      decided,
      reason,
      tenant: owner.tenant,
      actor: owner.actor,
      seen,
    };
  });
}

async function gather(bench: Bench, placed: readonly Placed[]): Promise<readonly Case[]> {
  const { table, rules } = bench;
  const differences = placed.map(({ difference }) => difference);
  const arriving = differences.map((difference) => arrivingRow(bench, difference));
  if (bench.copyNumbers !== undefined) return gatherCopies(bench, bench.copyNumbers, differences, arriving);
  const keys = differences.map(({ key }, at) => {
    const row = arriving[at];
    return row === undefined ? key : keyOf(table, row);
  });
  const currentFirst = rules.some(asksForCurrent);
  let current = currentFirst ? await lookUpOver(bench.lookUps, table, keys) : [];
  const owners = await ownersOf(bench, differences);
  const rulings = leaveOut(bench, await ruleRest(bench, placed, current), owners);
  if (!currentFirst) current = await lookUpIncoming(bench, keys, rulings);
  return differences.map((difference, at) => {
    const [ruling, owner] = [rulings[at] as Ruling, owners[at] as Owner];
    const { versions, followed } = versionsOf(bench, difference, ruling, current[at], arriving[at]);
    return { difference, owner, ruling, versions, followed };
  });
}

/** Those that their intervals have ruled stay so; the others are ruled as a whole. */
async function ruleRest(
  bench: Bench,
  placed: readonly Placed[],
  current: readonly (Row | undefined)[],
): Promise<readonly Ruling[]> {
  if (placed.every(({ ruling }) => ruling === undefined)) {
    const whole = placed.map(({ difference }) => difference);
    return ruleAll(bench, whole, current);
  }
  const open = placed.flatMap(({ ruling }, at) => (ruling === undefined ? [at] : []));
  const differences = open.map((at) => (placed[at] as Placed).difference);
  const found = await ruleAll(
    bench,
    differences,
    open.map((at) => current[at]),
  );
  const rulings = new Map(open.map((at, order) => [at, found[order] as Ruling]));
  return placed.map(({ ruling }, at) => ruling ?? (rulings.get(at) as Ruling));
}

/** The same for a table without a key: copies are counted in current, in one scan of it. */
async function gatherCopies(
  bench: Bench,
  copyNumbers: CopyNumbers,
  differences: readonly Difference[],
  arriving: readonly (Row | undefined)[],
): Promise<readonly Case[]> {
  const identities = differences.map((difference, at) => identityToCount(difference, arriving[at]));
  const counts = await countCopies(bench.current, bench.table, identities);
  const there = differences.map(({ pre, post }, at) => (counts[at] === 0 ? undefined : (pre ?? post)));
  const owners = await ownersOf(bench, differences);
  const rulings = leaveOut(bench, await ruleAll(bench, differences, there), owners);
  return differences.map((difference, at) => {
    const [ruling, owner] = [rulings[at] as Ruling, owners[at] as Owner];
    const copies = counts[at] as number;
    const { key, current } = copyNumbers.number({ difference, ruling, arriving: arriving[at], copies });
    const versions = versionsOf(bench, difference, ruling, current, arriving[at]);
    return { difference: { ...difference, key }, owner, ruling, ...versions };
  });
}

/** An inserted row that refers to rows with a new key: its own key may be made of such a reference. */
function arrivingRow(
  { newKeys, table, tableIndex }: Bench,
  { operation, post }: Difference,
): Row | undefined {
  if (operation !== "insert" || post === undefined) return undefined;
  return newKeys.references.follow(
    tableIndex,
    post,
    table.columns.map((_, at) => at),
  );
}

async function lookUpIncoming(
  { lookUps, table }: Bench,
  keys: readonly Key[],
  rulings: readonly Ruling[],
): Promise<readonly (Row | undefined)[]> {
  if (rulings.every(({ kind }) => kind === "incoming")) return lookUpOver(lookUps, table, keys);
  const incoming = keys.flatMap((_, at) => (rulings[at]?.kind === "incoming" ? [at] : []));
  const asked = incoming.map((at) => keys[at] as Key);
  const rows: (Row | undefined)[] = new Array(keys.length).fill(undefined);
  for (const [order, found] of (await lookUpOver(lookUps, table, asked)).entries())
    rows[incoming[order] as number] = found;
  return rows;
}

/** The row as the merge sees it: what the rules did not let through counts as not touched by the incident. */
function versionsOf(
  { settings, newKeys, tableIndex }: Bench,
  { pre, post }: Difference,
  ruling: Ruling,
  current: Row | undefined,
  arriving: Row | undefined,
): Pick<Case, "versions" | "followed"> {
  const [base, incoming] = settings.mode === "undo" ? [post, pre] : [pre, arriving ?? post];
  if (ruling.kind !== "incoming" || base === undefined || incoming === undefined)
    return { versions: { base, current, incoming }, followed: arriving };
  const follow = (row: Row) => newKeys.references.follow(tableIndex, row, ruling.columns);
  const masked = maskRow(base, incoming, ruling.columns);
  const versions = { base, current, incoming: follow(masked) ?? masked };
  return { versions, followed: settings.mode === "undo" ? undefined : follow(incoming) };
}

/** Where no value is spelled in two ways. */
const nothingAsked: SameValue = () => false;

/** Asks once for the whole batch which differently spelled values are the same to PostgreSQL. */
async function spellings({ table, current }: Bench, cases: readonly Case[]): Promise<readonly SameValue[]> {
  const questions = cases.map(({ ruling, versions }) =>
    ruling.kind === "incoming" ? spellingQuestions(table, versions) : [],
  );
  const all = questions.flat();
  if (all.length === 0) return cases.map(() => nothingAsked);
  const answers = await sameValues(current, table, all);
  let asked = 0;
  return questions.map((mine) => {
    const first = asked;
    asked += mine.length;
    return (column, a, b) =>
      mine.some((q, at) => q.column === column && q.a === a && q.b === b && answers[first + at] === true);
  });
}
