import { expect, it } from "vitest";
import { type PlanFlags, parseSettings } from "../../../cli/settings/parse-settings.js";
import { parseConfig } from "../../../cli/settings/read-config.js";
import { UsageError } from "../../../src/index.js";

function settingsOf(config: string, flags: PlanFlags = {}) {
  const urls = { pre: "postgresql://db1/before", current: "postgresql://db1/live" };
  const file = parseConfig(config, "pgmend.yaml");
  return parseSettings({ flags: { ...urls, ...flags }, env: {}, file, strategies: [] });
}

function mistakesOf(config: string, flags?: PlanFlags): readonly string[] {
  try {
    settingsOf(config, flags);
    return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.mistakes.map(({ where, what }) => `${where}: ${what}`);
  }
}

const rules = `rules:
  - match: { tables: [device, tag], operations: [update] }
    is: damage
  - match: { tables: [device] }
    is: legitimate
`;

it("two rules for the same rows that say different things", () => {
  const again = `${rules}  - match: { tables: [tag, public.device], operations: [update] }
    is: excluded
`;
  expect(mistakesOf(again)).toEqual([
    "pgmend.yaml:6:5 rules[2]: matches the same rows as rule 1 (pgmend.yaml:2:5 rules[0]), which says damage, and says excluded; only the first of them would ever decide",
  ]);
  expect(mistakesOf(rules)).toEqual([]);
  // Said twice is no contradiction.
  expect(mistakesOf(again.replace("is: excluded", "is: damage"))).toEqual([]);
});

it("a table that is wanted and left out", () => {
  const config = "tables: [device, tag]\nexcludeTables: [public.tag]\n";
  const what = (place: string) => `"public.tag" is wanted by ${place}, too; nothing of it would be compared`;
  expect(mistakesOf(config)).toEqual([
    `pgmend.yaml:2:17 excludeTables[0]: ${what("pgmend.yaml:1:18 tables[1]")}`,
  ]);
  expect(mistakesOf("excludeTables: [public.tag]", { tables: ["tag"] })).toEqual([
    `pgmend.yaml:1:17 excludeTables[0]: ${what("--tables")}`,
  ]);
  expect(mistakesOf("", { tables: ["tag"], excludeTables: ["public.tag"] })).toEqual([
    `--exclude-tables: ${what("--tables")}`,
  ]);
  // A flag takes away what the config has; a pattern leaves something of another one.
  expect(mistakesOf("tables: [tag]", { excludeTables: ["tag"] })).toEqual([]);
  expect(mistakesOf("tables: [public.*]\nexcludeTables: [tag]")).toEqual([]);
});

it("a table with two keys, or two lists of groups", () => {
  const config = "keys: { tag: [id], public.tag: [name] }\ngroups: { tag: [[a, b]], public.tag: [[b, c]] }\n";
  expect(mistakesOf(config)).toEqual([
    "pgmend.yaml:1:32 keys.public.tag: is the same table as pgmend.yaml:1:14 keys.tag; only the first would count",
    "pgmend.yaml:2:38 groups.public.tag: is the same table as pgmend.yaml:2:16 groups.tag; only the first would count",
  ]);
  expect(mistakesOf("keys: { tag: [id], billing.tag: [id] }")).toEqual([]);
});

it("damage has no effect in mode replay, and that is told", () => {
  const told = (where: string) => [
    `${where}: has no effect in mode replay, where everything comes back that no rule calls damage`,
  ];
  expect(settingsOf("mode: replay", { damage: "update" }).warnings).toEqual(told("--damage"));
  expect(settingsOf("mode: replay\ndamage: [update]").warnings).toEqual(told("pgmend.yaml:2:9 damage"));
  expect(settingsOf("mode: replay").warnings).toEqual([]);
  expect(settingsOf("damage: [update]", { mode: "undo" }).warnings).toEqual([]);
});
