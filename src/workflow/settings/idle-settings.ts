import { coveredRules } from "../../merge/rules/rule-cover.js";
import { isNamed } from "../../merge/rules/touch.js";
import type { PlanSettings } from "../../model/settings.js";
import type { Table } from "../../model/table.js";

/** Settings that are no mistake and have no effect, in words: whoever wrote them expects one. */
export function idleSettings(settings: PlanSettings, tables: readonly Table[]): readonly string[] {
  return [...(settings.warnings ?? []), ...coveredWarnings(settings), ...touchWarnings(settings, tables)];
}

function coveredWarnings({ rules }: PlanSettings): readonly string[] {
  const name = (at: number) => `rule ${at + 1} (${rules[at]?.where})`;
  return [...coveredRules(rules)].map(
    ([rule, broader]) =>
      `${name(rules.indexOf(rule))} can decide no row: ${name(rules.indexOf(broader))} matches every row that it could`,
  );
}

/** Key columns and columns of a group are never touch columns; a name that means no others was meant otherwise. */
function touchWarnings({ touch, placeOf }: PlanSettings, tables: readonly Table[]): readonly string[] {
  return (touch.columns ?? []).flatMap((pattern) => {
    const meant = tables.flatMap((table) =>
      table.columns.flatMap(({ name }, at) => (isNamed(pattern, table.label, name) ? [{ table, at }] : [])),
    );
    if (meant.length === 0 || meant.some(({ table, at }) => table.touch.includes(at))) return [];
    const where = placeOf?.("touch", pattern) ?? "touch.columns";
    const inKey = meant.every(({ table, at }) => table.key.includes(at));
    const what = inKey ? "is part of a key" : "is part of a key or a group";
    return [
      `${where}: "${pattern}" is no touch column anywhere: it ${what}, and these are merged like any cell`,
    ];
  });
}
