import { matchesColumns, matchesTable } from "../../merge/rules/match.js";
import { rulesFor } from "../../merge/rules/rules.js";
import { isNamed } from "../../merge/rules/touch.js";
import type { Mistake } from "../../model/errors.js";
import type { NamingSetting, PlanSettings, Rule, StrategyEntry } from "../../model/settings.js";
import type { Table } from "../../model/table.js";
import { checkWhere } from "../../postgres/evaluate-where.js";
import type { Session } from "../../postgres/session/session.js";
import { didYouMean } from "./did-you-mean.js";
import { unknownRedacted } from "./unknown-redacted.js";

/** A table or view of any of the three databases, with the names of its columns. */
export interface KnownTable {
  readonly label: string;
  readonly columns: readonly string[];
}

/**
 * Everything the settings name that the databases do not have, all at once and before any long work. A name that was
 * mistyped must not quietly match nothing: the rule it belongs to would let damage through.
 *
 * @param known every table of any of the three, compared or not
 */
export async function checkSettings(
  settings: PlanSettings,
  tables: readonly Table[],
  known: readonly KnownTable[],
  whereSession: Session,
): Promise<readonly Mistake[]> {
  const labels = known.map(({ label }) => label);
  const at = (setting: NamingSetting, otherwise: string) => (name: string) =>
    settings.placeOf?.(setting, name) ?? otherwise;
  const mistakes: Mistake[] = [
    ...unknownTables(at("tables", "--tables"), settings.tables, labels),
    ...unknownTables(at("excludeTables", "--exclude-tables"), settings.excludeTables, labels),
    ...unknownTables(at("keys", "keys"), Object.keys(settings.keys), labels),
    ...unknownTables(at("groups", "groups"), Object.keys(settings.groups), labels),
  ];
  for (const entry of [...settings.rules, ...settings.strategies]) {
    mistakes.push(...unknownTables(() => `${entry.where}.match.tables`, entry.match.tables ?? [], labels));
    mistakes.push(...unknownColumns(entry.where, entry.match, known));
  }
  for (const entry of settings.strategies) mistakes.push(...unknownOptionColumns(entry, known));
  mistakes.push(...unknownTouch(at("touch", "touch.columns"), settings.touch.columns ?? [], known));
  mistakes.push(...unknownRedacted(at("redact", "--redact"), settings.redact ?? [], known));
  for (const rule of settings.rules) mistakes.push(...(await badWhere(rule, settings, tables, whereSession)));
  return mistakes;
}

function unknownTables(
  placeOf: (pattern: string) => string,
  patterns: readonly string[],
  labels: readonly string[],
): readonly Mistake[] {
  return patterns
    .filter((pattern) => !labels.some((label) => matchesTable([pattern], { label })))
    .map((pattern) => ({
      where: placeOf(pattern),
      what: `no table matches "${pattern}"${didYouMean(pattern, labels)}`,
    }));
}

function unknownColumns(
  where: string,
  match: {
    readonly tables?: readonly string[] | undefined;
    readonly columns?: readonly string[] | undefined;
  },
  known: readonly KnownTable[],
): readonly Mistake[] {
  const meant = known.filter((table) => matchesTable(match.tables, table));
  if (meant.length === 0) return [];
  const names = [...new Set(meant.flatMap((table) => table.columns))];
  return (match.columns ?? [])
    .filter((pattern) => !names.some((name) => matchesColumns([pattern], name)))
    .map((pattern) => ({
      where: `${where}.match.columns`,
      what: `no matching table has a column "${pattern}"${didYouMean(pattern, names)}`,
    }));
}

/** A column that an option of a strategy names, by its very letters. */
function unknownOptionColumns(
  { where, match, strategy, options }: StrategyEntry,
  known: readonly KnownTable[],
): readonly Mistake[] {
  const meant = known.filter((table) => matchesTable(match.tables, table));
  const names = [...new Set(meant.flatMap((table) => table.columns))];
  if (meant.length === 0) return [];
  return (strategy.columnOptions ?? []).flatMap((option) => {
    const name = options[option];
    if (typeof name !== "string" || names.includes(name)) return [];
    const what = `no matching table has a column "${name}"${didYouMean(name, names)}`;
    return [{ where: `${where}.${option}`, what }];
  });
}

function unknownTouch(
  placeOf: (pattern: string) => string,
  patterns: readonly string[],
  known: readonly KnownTable[],
): readonly Mistake[] {
  const isMeant = (pattern: string) =>
    known.some(({ label, columns }) => columns.some((name) => isNamed(pattern, label, name)));
  const names = [...new Set(known.flatMap(({ columns }) => columns))];
  return patterns
    .filter((pattern) => !isMeant(pattern))
    .map((pattern) => ({
      where: placeOf(pattern),
      what: `no table has a column "${pattern}"${didYouMean(pattern, names)}`,
    }));
}

async function badWhere(
  rule: Rule,
  { rules }: PlanSettings,
  tables: readonly Table[],
  session: Session,
): Promise<readonly Mistake[]> {
  const expression = rule.match.where;
  if (expression === undefined) return [];
  const mistakes: Mistake[] = [];
  for (const table of tables) {
    const mine = rulesFor(table, rules).find((candidate) => candidate.rule === rule);
    // A rule for columns this table does not have never gets as far as its where.
    if (mine === undefined || mine.columns?.size === 0) continue;
    const complaint = await checkWhere(session, table, expression);
    if (complaint !== undefined) {
      mistakes.push({
        where: `${rule.where}.match.where`,
        what: `cannot be asked of ${table.label}: ${complaint}`,
      });
    }
  }
  return mistakes;
}
