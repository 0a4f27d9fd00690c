import { changedColumns, mayMatch, type Ruling, rule } from "../../merge/rules/rules.js";
import type { Difference, Judged, PlannedRow } from "../../model/change.js";
import { valuesKey } from "../../model/values-key.js";
import type { ApartRow, ApartRows } from "../comparing/set-apart.js";
import type { Bench } from "./bench.js";
import { leaveOut, type Owner, ownersOf } from "./owners.js";

/**
 * Judges rows that cannot be read whole: what would be written of them is skipped, with the reason. Only what rules say of
 * the whole row counts; a `where` is not asked, as PostgreSQL has not the values to ask it of.
 */
export async function judgeApart(
  bench: Bench,
  apart: ApartRows,
  differences: readonly Difference[],
  positionOf: (place: number) => number,
): Promise<readonly PlannedRow[]> {
  const owners = await ownersOf(bench, differences);
  const rulings = leaveOut(
    bench,
    differences.map((difference) => ruleApart(bench, difference)),
    owners,
  );
  return differences.map((difference, at) => {
    const { key, operation, pre, post, transaction, signature } = difference;
    const ruling = rulings[at] as Ruling;
    const { current, why } = apart.get(valuesKey(key)) as ApartRow;
    return {
      ...judged(bench, difference, ruling, current, why),
      ...{ key, operation, pre, post, transaction, current },
      ...(owners[at] as Owner),
      ...(signature === undefined ? {} : { signature }),
      ...(ruling.rule === undefined ? {} : { rule: ruling.rule }),
      position: positionOf(at),
      table: bench.tableIndex,
    };
  });
}

function ruleApart({ rules, ruleUse, settings }: Bench, difference: Difference): Ruling {
  ruleUse.note(difference, rules, () => false);
  const changed = changedColumns(difference);
  const first = rules.find((candidate) => mayMatch(candidate, difference, changed));
  // A rule that asks PostgreSQL might be the one: then nobody can say, and the row is open.
  if (first?.rule.match.where !== undefined) return { kind: "incoming", columns: changed, rule: undefined };
  return rule(difference, rules, () => false, settings);
}

function judged(
  { settings }: Bench,
  { pre, post }: Difference,
  ruling: Ruling,
  current: PlannedRow["current"],
  why: string,
): Judged {
  const nothing = { change: undefined, conflict: undefined, decided: false } as const;
  if (ruling.kind !== "incoming") return { ...nothing, outcome: ruling.kind, reason: ruling.reason };
  const incoming = settings.mode === "undo" ? pre : post;
  const isThere =
    incoming === undefined || current === undefined || ruling.columns.length === 0
      ? JSON.stringify(incoming) === JSON.stringify(current)
      : ruling.columns.every((at) => incoming[at] === current[at]);
  if (isThere) return { ...nothing, outcome: "already", reason: undefined };
  return { ...nothing, outcome: "skipped", reason: `a value of it is too long to be read: ${why}` };
}
