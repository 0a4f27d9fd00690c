import { type BetweenSettings, isWithin } from "../../model/between.js";
import type { Difference } from "../../model/change.js";
import type { Rule } from "../../model/settings.js";
import { type Signature, signatureNumber } from "../../model/signature.js";
import type { Table } from "../../model/table.js";
import type { Mode, Operation, Row } from "../../model/value.js";
import { matchesColumns, matchesTable } from "./match.js";

/** What the rules make of one difference. */
export type Ruling =
  | {
      readonly kind: "incoming";
      /** Positions of an update's columns that are incoming; the others count as not touched. */
      readonly columns: readonly number[];
      /** The number of the rule that says so; without one it is only the mode's default. */
      readonly rule: number | undefined;
    }
  | { readonly kind: "kept" | "excluded"; readonly reason: string; readonly rule?: number | undefined };

/** A rule narrowed to one table: names resolved to positions. */
export interface TableRule {
  readonly rule: Rule;
  /** Its place among all rules, counted from 1: how people speak of it. */
  readonly number: number;
  readonly columns: ReadonlySet<number> | undefined;
  /** Positions that a signature means, by its number, where it does not mean whole rows. */
  readonly masks: ReadonlyMap<number, ReadonlySet<number>>;
}

export interface RuleDefaults {
  readonly mode: Mode;
  readonly damage: readonly Operation[];
  /** Where intervals are named, the default speaks of what changed in them. */
  readonly between?: Pick<BetweenSettings, "damage"> | undefined;
}

/** The rules that can match rows of this table, in order. */
export function rulesFor(
  table: Table,
  rules: readonly Rule[],
  signatures: readonly Signature[] = [],
): readonly TableRule[] {
  return rules.flatMap((rule, index) => {
    if (!matchesTable(rule.match.tables, table)) return [];
    const names = rule.match.columns;
    const columns =
      names && new Set(table.columns.flatMap((c, at) => (matchesColumns(names, c.name) ? [at] : [])));
    return [{ rule, number: index + 1, columns, masks: masksOf(rule, signatures) }];
  });
}

function masksOf({ match }: Rule, signatures: readonly Signature[]): TableRule["masks"] {
  const meant = signatures.filter(({ id, masks }) => masks && match.signatures?.includes(id) === true);
  return new Map(
    meant.map(({ id, columns }) => [signatureNumber(id), new Set(columns.map(({ position }) => position))]),
  );
}

/** Positions at which the two rows of an update differ; empty for inserts and deletes. */
export function changedColumns(difference: Difference): readonly number[] {
  const { pre, post } = difference;
  if (pre === undefined || post === undefined) return [];
  const changed: number[] = [];
  for (let at = 0; at < pre.length; at += 1) if (pre[at] !== post[at]) changed.push(at);
  return changed;
}

/** All that a rule asks except its `where`, which only PostgreSQL can answer. */
export function mayMatch(
  { rule, columns }: TableRule,
  difference: Difference,
  changed: readonly number[],
): boolean {
  const { operations, transactions, signatures, during } = rule.match;
  const { interval } = difference;
  if (during !== undefined && (interval === undefined || !isWithin(interval, during))) return false;
  if (operations !== undefined && !operations.includes(difference.operation)) return false;
  if (transactions !== undefined && !transactions.includes(difference.transaction ?? "")) return false;
  if (signatures !== undefined && !signatures.some((id) => signatureNumber(id) === difference.signature))
    return false;
  // A mask speaks of cells; rows inserted or deleted whole have no cells left over to be masked.
  if (columns !== undefined && !changed.some((at) => columns.has(at))) return false;
  return true;
}

export function matches(
  candidate: TableRule,
  difference: Difference,
  changed: readonly number[],
  holds: (rule: TableRule) => boolean,
): boolean {
  const isAsked = candidate.rule.match.where !== undefined;
  return mayMatch(candidate, difference, changed) && (!isAsked || holds(candidate));
}

/**
 * The first matching rule decides the row; without one, the mode's default does (design 2.2). A mask says that the
 * other columns of the row are not damage: in mode undo they stay as they are, in mode replay they are people's work
 * and are replayed.
 *
 * @param holds whether the `where` of a rule holds for this row; asked only of rules that have one
 */
export function rule(
  difference: Difference,
  rules: readonly TableRule[],
  holds: (rule: TableRule) => boolean,
  defaults: RuleDefaults,
): Ruling {
  const changed = changedColumns(difference);
  const found = rules.find((candidate) => matches(candidate, difference, changed, holds));
  return found === undefined
    ? byDefault(difference, changed, defaults)
    : ruledBy(found, difference, changed, defaults.mode);
}

function byDefault(
  { operation, interval }: Difference,
  changed: readonly number[],
  { mode, damage, between }: RuleDefaults,
): Ruling {
  const intervals = between?.damage ?? [];
  if (intervals.length > 0 && interval === undefined)
    return { kind: "kept", reason: "nothing tells in which interval it changed, and no rule speaks of it" };
  const inTime = interval === undefined || intervals.some((range) => isWithin(interval, range));
  const isDamage = damage.includes(operation) && (intervals.length === 0 || inTime);
  const isIncoming = mode === "undo" ? isDamage : intervals.length === 0 || !isDamage;
  if (isIncoming) return { kind: "incoming", columns: changed, rule: undefined };
  const where = intervals.length === 0 ? "of the window" : inTime ? "of any time" : "outside of the damage";
  const reason =
    mode === "undo"
      ? `${operation}s ${where} are people's work by default`
      : `${operation}s in the interval of the damage are damage by default`;
  return { kind: "kept", reason };
}

function ruledBy(
  { rule, number, columns, masks }: TableRule,
  { signature = 0 }: Difference,
  changed: readonly number[],
  mode: Mode,
): Ruling {
  const mask = masks.get(signature);
  const isNamed = (at: number) => columns?.has(at) !== false && mask?.has(at) !== false;
  const named = changed.filter(isNamed);
  const others = changed.filter((at) => !isNamed(at));
  const reason = `rule ${number} says ${rule.is}`;
  const wanted = mode === "undo" ? "damage" : "legitimate";
  if (rule.is === wanted)
    return { kind: "incoming", columns: mode === "undo" ? named : changed, rule: number };
  // What is left of a masked row is legitimate: only replay has a use for it.
  if (mode === "replay" && others.length > 0) return { kind: "incoming", columns: others, rule: number };
  return { kind: rule.is === "excluded" ? "excluded" : "kept", reason, rule: number };
}

/** The incoming row as the merge shall see it: columns that are not incoming count as not touched by the incident. */
export function maskRow(base: Row, incoming: Row, columns: readonly number[]): Row {
  let others = -columns.length;
  for (let at = 0; at < incoming.length; at += 1) if (base[at] !== incoming[at]) others += 1;
  // All that is different is incoming, and no more is named than that: nothing is masked.
  if (others === 0 && columns.every((at) => base[at] !== incoming[at])) return incoming;
  const masked = [...base];
  for (const at of columns) masked[at] = incoming[at] ?? null;
  return masked;
}
