import { fires, type Trigger } from "../model/table.js";
import type { Work } from "./work.js";

/**
 * Tables that are written and have rewrite rules, in words. Statements that tell what they wrote are refused there, so the
 * patch cannot run as long as rules are on.
 */
export async function ruleWarnings(
  { settings, store, tables }: Pick<Work, "settings" | "store" | "tables">,
  triggers: readonly Trigger[],
): Promise<readonly string[]> {
  const rules = triggers.filter((trigger) => trigger.isRule === true && fires(trigger));
  if (settings.triggers === "disable" || rules.length === 0) return [];
  const written = new Set(
    (await store.tallies({ anyChange: true })).map(({ table }) => tables[table]?.label),
  );
  return rules
    .filter(({ table }) => written.has(table))
    .map(
      ({ table, name }) =>
        `${table} has a rewrite rule (${name}), and PostgreSQL refuses the statements of the patch there; plan with --triggers disable, which switches rules off, too`,
    );
}
