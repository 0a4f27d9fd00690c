import type { Difference } from "../../model/change.js";
import type { Rule } from "../../model/settings.js";
import { coveredRules } from "./rule-cover.js";
import { changedColumns, matches, type TableRule } from "./rules.js";

/** Keeps count of which rules have a say in the incident delta: one that has none may have been mistyped. */
export class RuleUse {
  readonly #rules: readonly Rule[];
  readonly #matching = new Set<Rule>();
  readonly #deciding = new Set<Rule>();

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  /** @param holds whether the `where` of a rule holds for this row */
  note(difference: Difference, rules: readonly TableRule[], holds: (rule: TableRule) => boolean): void {
    // Once all have decided something there is nothing more to learn.
    if (rules.every(({ rule }) => this.#deciding.has(rule))) return;
    const changed = changedColumns(difference);
    const [first, ...others] = rules.filter((candidate) => matches(candidate, difference, changed, holds));
    if (first !== undefined) this.#deciding.add(first.rule);
    for (const { rule } of others) this.#matching.add(rule);
  }

  /** Rules that decided no row, in words; those that no row could have come to are told of before. */
  warnings(): readonly string[] {
    const covered = coveredRules(this.#rules);
    return this.#rules.flatMap((rule, at) => {
      if (this.#deciding.has(rule) || covered.has(rule)) return [];
      const what = this.#matching.has(rule)
        ? "decided no row: every row it matches was taken by an earlier rule"
        : "matched no row of the incident delta";
      return [`rule ${at + 1} (${rule.where}) ${what}`];
    });
  }
}
