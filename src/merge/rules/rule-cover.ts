import { type IntervalRange, isWithin } from "../../model/between.js";
import type { Rule, RuleMatch } from "../../model/settings.js";
import { operations } from "../../model/value.js";
import { isGlob } from "./glob.js";
import { matchesColumns, matchesTable } from "./match.js";

/** Whether two matches mean the same rows, however they are spelled. What cannot be seen at a glance counts as no. */
export function isSameMatch(a: RuleMatch, b: RuleMatch): boolean {
  return JSON.stringify(normalised(a)) === JSON.stringify(normalised(b));
}

/** Rules that can decide no row, since an earlier one matches every row that they could, with that earlier one. */
export function coveredRules(rules: readonly Rule[]): ReadonlyMap<Rule, Rule> {
  const covered = new Map<Rule, Rule>();
  for (const [at, rule] of rules.entries()) {
    const broader = rules.slice(0, at).find((earlier) => covers(earlier.match, rule.match));
    if (broader !== undefined) covered.set(rule, broader);
  }
  return covered;
}

/** A pattern for tables as it would be written in full: `device` is `public.device`. */
export function fullPattern(pattern: string): string {
  return /^\*|\./.test(pattern) ? pattern : `public.${pattern}`;
}

function normalised({
  tables,
  columns,
  where,
  transactions,
  signatures,
  during,
  ...match
}: RuleMatch): unknown {
  const names = isEveryTable(tables) ? undefined : tables?.map(fullPattern);
  return {
    tables: asSet(names),
    columns: asSet(columns),
    operations: operationsOf({ columns, ...match }),
    where: where?.trim(),
    transactions: asSet(transactions),
    signatures: asSet(signatures),
    during: during && [during.first, during.last],
  };
}

function asSet(words: readonly string[] | undefined): readonly string[] | undefined {
  return words && [...new Set(words)].sort();
}

/** A rule with columns speaks of updates only. */
function operationsOf({ columns, operations: named }: RuleMatch): readonly string[] {
  if (columns !== undefined) return ["update"];
  return operations.filter((operation) => named === undefined || named.includes(operation));
}

function covers(broad: RuleMatch, narrow: RuleMatch): boolean {
  if (broad.transactions !== undefined && !isSubset(narrow.transactions, broad.transactions)) return false;
  if (broad.signatures !== undefined && !isSubset(narrow.signatures, broad.signatures)) return false;
  if (broad.during !== undefined && !isInside(narrow.during, broad.during)) return false;
  if (broad.where !== undefined && broad.where.trim() !== narrow.where?.trim()) return false;
  return (
    isSubset(operationsOf(narrow), operationsOf(broad)) &&
    coversTables(broad.tables, narrow.tables) &&
    (broad.columns === undefined || coversColumns(broad.columns, narrow.columns))
  );
}

function isInside(narrow: IntervalRange | undefined, broad: IntervalRange): boolean {
  return narrow !== undefined && isWithin(narrow.first, broad) && isWithin(narrow.last, broad);
}

function isSubset(some: readonly string[] | undefined, all: readonly string[]): boolean {
  return some?.every((one) => all.includes(one)) === true;
}

function isEveryTable(tables: readonly string[] | undefined): boolean {
  return tables === undefined || tables.some((pattern) => /^\*+(\.\*+)?$/.test(pattern));
}

function coversTables(broad: readonly string[] | undefined, narrow: readonly string[] | undefined): boolean {
  if (isEveryTable(broad)) return true;
  const meant = (pattern: string) =>
    broad?.some((other) => coversPattern(fullPattern(other), fullPattern(pattern))) === true ||
    (isLiteral(pattern) && matchesTable(broad, { label: fullPattern(pattern) }));
  return narrow?.every(meant) === true;
}

function coversColumns(broad: readonly string[], narrow: readonly string[] | undefined): boolean {
  const meant = (pattern: string) =>
    broad.some((other) => coversPattern(other, pattern)) ||
    (isLiteral(pattern) && matchesColumns(broad, pattern));
  return narrow?.every(meant) === true;
}

/** Letter by letter the same, or `billing.*` over whatever begins with `billing.`. */
function coversPattern(broad: string, narrow: string): boolean {
  if (broad === narrow) return true;
  const start = broad.replace(/\*+$/, "");
  return start !== broad && isLiteral(start) && narrow.startsWith(start);
}

/** Means the name of these letters, and no other. */
function isLiteral(pattern: string): boolean {
  return !isGlob(pattern) && !pattern.includes("\\");
}
