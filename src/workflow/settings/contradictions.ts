import { fullPattern, isSameMatch } from "../../merge/rules/rule-cover.js";
import type { Mistake } from "../../model/errors.js";
import type { NamingSetting, PlanSettings, Rule } from "../../model/settings.js";

type Settings = Pick<PlanSettings, "rules" | "tables" | "excludeTables" | "keys" | "groups" | "placeOf">;

/** Settings of which one says the opposite of another, as can be seen without any database. Names both places. */
export function contradictionsIn(settings: Settings): readonly Mistake[] {
  return [
    ...rulesAtOdds(settings.rules),
    ...tablesInAndOut(settings),
    ...namedTwice(settings, "keys"),
    ...namedTwice(settings, "groups"),
  ];
}

function rulesAtOdds(rules: readonly Rule[]): readonly Mistake[] {
  return rules.flatMap((rule, at) => {
    const first = rules.slice(0, at).find((other) => isSameMatch(other.match, rule.match));
    if (first === undefined || first.is === rule.is) return [];
    const what = `matches the same rows as rule ${rules.indexOf(first) + 1} (${first.where}), which says ${first.is}, and says ${rule.is}; only the first of them would ever decide`;
    return [{ where: rule.where, what }];
  });
}

function tablesInAndOut({ tables, excludeTables, placeOf }: Settings): readonly Mistake[] {
  return excludeTables.flatMap((pattern) => {
    const wanted = tables.find((other) => fullPattern(other) === fullPattern(pattern));
    if (wanted === undefined) return [];
    const [inPlace, outPlace] = [placeOf?.("tables", wanted), placeOf?.("excludeTables", pattern)];
    // A flag that takes a table away from those of the config is no contradiction.
    if (inPlace !== undefined && outPlace === undefined) return [];
    const what = `"${pattern}" is wanted by ${inPlace ?? "--tables"}, too; nothing of it would be compared`;
    return [{ where: outPlace ?? "--exclude-tables", what }];
  });
}

function namedTwice(
  { placeOf, ...settings }: Settings,
  setting: Extract<NamingSetting, "keys" | "groups">,
): readonly Mistake[] {
  const names = Object.keys(settings[setting]);
  return names.flatMap((name, at) => {
    const first = names.slice(0, at).find((other) => fullPattern(other) === fullPattern(name));
    if (first === undefined) return [];
    const where = (of: string) => placeOf?.(setting, of) ?? `${setting}: ${of}`;
    return [{ where: where(name), what: `is the same table as ${where(first)}; only the first would count` }];
  });
}
