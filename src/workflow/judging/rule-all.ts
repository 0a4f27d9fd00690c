import { changedColumns, mayMatch, type Ruling, rule, type TableRule } from "../../merge/rules/rules.js";
import type { Difference } from "../../model/change.js";
import type { Row } from "../../model/value.js";
import { evaluateWhere } from "../../postgres/evaluate-where.js";
import type { Bench } from "./bench.js";

export function asksForCurrent({ rule }: TableRule): boolean {
  // Too often is harmless: then rows are looked up that no rule needed.
  return rule.match.where !== undefined && /\bcurrent\b/i.test(rule.match.where);
}

/** What the rules make of a batch of differences. */
export async function ruleAll(
  bench: Bench,
  differences: readonly Difference[],
  current: readonly (Row | undefined)[],
): Promise<readonly Ruling[]> {
  const { rules, ruleUse, settings } = bench;
  const holds = await evaluateRules(bench, differences, current);
  return differences.map((difference, at) => {
    const holdsHere = (candidate: TableRule) => holds.get(candidate)?.has(at) === true;
    ruleUse.note(difference, rules, holdsHere);
    return rule(difference, rules, holdsHere, settings);
  });
}

/** For each rule with a `where`, the rows (by place in the batch) for which it holds. One query a rule. */
async function evaluateRules(
  { table, rules, where }: Bench,
  differences: readonly Difference[],
  current: readonly (Row | undefined)[],
): Promise<ReadonlyMap<TableRule, ReadonlySet<number>>> {
  const holds = new Map<TableRule, ReadonlySet<number>>();
  for (const candidate of rules) {
    const expression = candidate.rule.match.where;
    if (expression === undefined) continue;
    const asked = differences.flatMap((d, at) => (mayMatch(candidate, d, changedColumns(d)) ? [at] : []));
    if (asked.length === 0) continue;
    const rows = asked.map((at) => ({ ...(differences[at] as Difference), current: current[at] }));
    const [answers = []] = await evaluateWhere(where, table, [expression], rows);
    holds.set(candidate, new Set(asked.filter((_, order) => answers[order])));
  }
  return holds;
}
