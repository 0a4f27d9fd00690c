import { describe, expect, it } from "vitest";
import { coveredRules, isSameMatch } from "../../../src/merge/rules/rule-cover.js";
import type { RuleMatch } from "../../../src/model/settings.js";

function isCovered(broad: RuleMatch, narrow: RuleMatch): boolean {
  const rules = [broad, narrow].map((match) => ({ where: "", match, is: "damage" }) as const);
  return coveredRules(rules).size === 1;
}

describe("a rule that can decide nothing, since the one before it matches all that it could", () => {
  it.each<[string, RuleMatch, RuleMatch]>([
    ["of every table", {}, { tables: ["device"] }],
    ["of every table, in stars", { tables: ["*"] }, {}],
    ["of a schema", { tables: ["billing.*"] }, { tables: ["billing.invoice", "billing.line*"] }],
    ["of names that begin alike", { tables: ["public.dev*"] }, { tables: ["device", "dev_?"] }],
    ["of names that a glob means", { tables: ["public.{device,tag}"] }, { tables: ["device"] }],
    ["of the same table", { tables: ["device", "tag"] }, { tables: ["public.device"] }],
    ["of more operations", { operations: ["update", "delete"] }, { operations: ["delete"] }],
    ["of updates, where columns are asked for", { operations: ["update"] }, { columns: ["owner"] }],
    ["of more columns", { columns: ["owner*", "label"] }, { columns: ["label", "owner_id"] }],
    ["without where", { tables: ["device"] }, { tables: ["device"], where: "post.owner IS NULL" }],
    ["of the same where", { where: "pre.id > 4" }, { tables: ["device"], where: " pre.id > 4" }],
    ["without transactions", {}, { transactions: ["812231"] }],
    ["of more transactions", { transactions: ["1", "2"] }, { transactions: ["2"] }],
  ])("%s", (_, broad, narrow) => {
    expect(isCovered(broad, narrow)).toBe(true);
  });

  it.each<[string, RuleMatch, RuleMatch]>([
    ["another table", { tables: ["device"] }, { tables: ["tag"] }],
    ["one of two tables", { tables: ["device"] }, { tables: ["device", "tag"] }],
    ["all tables of public only", { tables: ["public.*"] }, { tables: ["*.device"] }],
    ["a bare star means all schemas, a bare name public", { tables: ["dev*"] }, { tables: ["*dev"] }],
    ["all other tables", { tables: ["public.dev*"] }, {}],
    ["globs that meet by chance", { tables: ["public.*ice"] }, { tables: ["public.dev*"] }],
    ["an escaped star", { tables: ["public.dev\\*"] }, { tables: ["public.device"] }],
    ["all operations", { operations: ["update"] }, {}],
    ["all columns", { columns: ["owner"] }, { operations: ["update"] }],
    ["rows for which it holds", { where: "post.id > 4" }, {}],
    ["rows for which another holds", { where: "post.id > 4" }, { where: "post.id > 5" }],
    ["any transaction", { transactions: ["1"] }, {}],
    ["another transaction", { transactions: ["1"] }, { transactions: ["1", "2"] }],
  ])("is not told by %s", (_, broad, narrow) => {
    expect(isCovered(broad, narrow)).toBe(false);
  });
});

describe("two matches are the same", () => {
  it.each<[string, RuleMatch, RuleMatch]>([
    [
      "in another order",
      { tables: ["a", "b"], columns: ["x", "y"] },
      { tables: ["b", "a"], columns: ["y", "x"] },
    ],
    ["with and without the schema", { tables: ["device"] }, { tables: ["public.device"] }],
    ["with all operations, or none named", {}, { operations: ["delete", "insert", "update"] }],
    ["with updates, where columns imply it", { columns: ["x"] }, { columns: ["x"], operations: ["update"] }],
    ["with all tables, or none named", {}, { tables: ["*", "device"] }],
    ["with blanks around where", { where: "post.id > 4" }, { where: " post.id > 4\n" }],
  ])("%s", (_, a, b) => {
    expect([isSameMatch(a, b), isSameMatch(b, a)]).toEqual([true, true]);
  });

  it.each<[string, RuleMatch, RuleMatch]>([
    ["tables", { tables: ["device"] }, { tables: ["billing.device"] }],
    ["blanks within where", { where: "post.x = 'a b'" }, { where: "post.x = 'a  b'" }],
    ["where", { where: "post.id > 4" }, {}],
    ["transactions", { transactions: ["1"] }, { transactions: ["2"] }],
    ["columns", { columns: ["x"] }, { operations: ["update"] }],
  ])("not with other %s", (_, a, b) => {
    expect([isSameMatch(a, b), isSameMatch(b, a)]).toEqual([false, false]);
  });
});
