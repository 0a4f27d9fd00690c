import type { PlanHeader, PlannedRule } from "../../model/plan.js";
import type { Rule } from "../../model/settings.js";
import { type Call, calledInReview } from "../../model/signature.js";

const flag = "--damage-signature";

/** A rule, as far as rows speak of it; one that calls signatures what they are keeps their ids. */
export function plannedRule({ where, is, match }: Rule): PlannedRule {
  const isCall = where.startsWith(flag) || where.startsWith(calledInReview);
  return { where, is, ...(isCall ? { calls: match.signatures ?? [] } : {}) };
}

/**
 * How many of the first rules come before what people call signatures: all up to the last one that excludes. What a
 * config leaves out stays out, whatever is said of the rest.
 */
export function rulesBeforeCalls(rules: readonly Pick<Rule, "is">[]): number {
  return rules.findLastIndex(({ is }) => is === "excluded") + 1;
}

/** The rules of a config with what people call signatures, in front of all that do not exclude. */
export function withCalls(rules: readonly Rule[], calls: ReadonlyMap<string, Call>): readonly Rule[] {
  const at = rulesBeforeCalls(rules);
  const called = (["damage", "legitimate"] as const).flatMap((is): Rule[] => {
    const signatures = [...calls].flatMap(([id, call]) => (call === is ? [id] : []));
    const where = `${calledInReview}: ${signatures.join(", ")}`;
    return signatures.length === 0 ? [] : [{ where, match: { signatures }, is }];
  });
  return [...rules.slice(0, at), ...called, ...rules.slice(at)];
}

/** The calls that a plan was made with. */
export function plannedCalls({
  rules = [],
  signatures = [],
}: Pick<PlanHeader, "rules" | "signatures">): ReadonlyMap<string, Call> {
  const calls = new Map<string, Call>();
  for (const { where, is, calls: ids } of rules) {
    if (ids === undefined || is === "excluded") continue;
    // The flag says of all others that they are people's work.
    if (where.startsWith(flag)) for (const { id } of signatures) calls.set(id, "legitimate");
    for (const id of ids) calls.set(id, is);
  }
  return calls;
}
