import { describe, expect, it } from "vitest";
import type { PlanHeader, PlannedRule } from "../../../src/model/plan.js";
import type { Rule } from "../../../src/model/settings.js";
import { plannedCalls, plannedRule, withCalls } from "../../../src/workflow/signatures/calls.js";

const rule = (is: Rule["is"], name: string): Rule => ({ where: name, match: { tables: [name] }, is });
const calls = new Map([
  ["S1", "damage"],
  ["S2", "legitimate"],
  ["S3", "damage"],
] as const);
const told = (rules: readonly Rule[]) => rules.map(({ where, is }) => `${where} ${is}`);
const [damage, legitimate] = [
  "called in pgmend review: S1, S3 damage",
  "called in pgmend review: S2 legitimate",
];

describe("calls as rules", () => {
  it("come before those of the config", () => {
    expect(told(withCalls([rule("damage", "a")], calls))).toEqual([damage, legitimate, "a damage"]);
  });

  it("but after the last one that excludes", () => {
    const rules = [rule("legitimate", "a"), rule("excluded", "b"), rule("damage", "c")];
    expect(told(withCalls(rules, calls))).toEqual([
      ...["a legitimate", "b excluded", damage, legitimate, "c damage"],
    ]);
  });

  it("are none where nothing is called anything", () => {
    expect(withCalls([rule("damage", "a")], new Map())).toEqual([rule("damage", "a")]);
  });
});

describe("the calls of a plan", () => {
  const header = (rules: readonly PlannedRule[]) =>
    ({ rules, signatures: ["S1", "S2", "S3"].map((id) => ({ id })) }) as unknown as PlanHeader;

  it("are those that it was made with", () => {
    expect(plannedCalls(header(withCalls([rule("damage", "S9")], calls).map(plannedRule)))).toEqual(calls);
  });

  it("of the flag: all others are people's work", () => {
    const flag: Rule = { where: "--damage-signature S2", match: { signatures: ["S2"] }, is: "damage" };
    expect([...plannedCalls(header([plannedRule(flag)]))]).toEqual([
      ["S1", "legitimate"],
      ["S2", "damage"],
      ["S3", "legitimate"],
    ]);
  });

  it("of a rule in the config that names signatures: none, it stands there", () => {
    const written: Rule = { where: "pgmend.yaml:3:5 rules[0]", match: { signatures: ["S2"] }, is: "damage" };
    expect(plannedCalls(header([plannedRule(written)])).size).toBe(0);
  });
});
