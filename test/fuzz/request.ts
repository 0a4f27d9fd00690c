import { type Condition, conditionSql } from "./condition.js";
import type { Mode } from "./edits.js";

export type Operation = "insert" | "update" | "delete";
export type RowConflict = "update/update" | "update/delete" | "delete/update" | "insert/insert";

export interface Rule {
  readonly tables: readonly string[];
  readonly operations: readonly Operation[] | undefined;
  readonly columns: readonly string[] | undefined;
  readonly where: Condition | undefined;
  readonly is: "damage" | "legitimate" | "excluded";
}

export interface StrategyEntry {
  readonly tables: readonly string[];
  readonly columns: readonly string[] | undefined;
  readonly kinds: readonly RowConflict[] | undefined;
  readonly use: "manual" | "keep-current" | "take-incoming";
}

/** What is asked of pgmend. Whatever is undefined is left to its default. */
export interface PlanRequest {
  readonly mode: Mode;
  readonly granularity: "row" | "cell";
  /** Undo only. */
  readonly damage: readonly Operation[] | undefined;
  readonly rules: readonly Rule[];
  readonly strategies: readonly StrategyEntry[];
  readonly touch: { readonly columns?: readonly string[]; readonly write?: "restore" | "keep" } | undefined;
  /** By the name of the table: columns that only make sense together. */
  readonly groups: ReadonlyMap<string, readonly (readonly string[])[]>;
  readonly excludeTables: readonly string[];
}

/** The request as the content of pgmend.yaml. */
export function configOf(request: PlanRequest): Record<string, unknown> {
  return present({
    mode: request.mode,
    granularity: request.granularity,
    damage: request.damage,
    excludeTables: unlessEmpty(request.excludeTables),
    rules: unlessEmpty(request.rules.map(ruleConfig)),
    strategies: unlessEmpty(request.strategies.map(strategyConfig)),
    touch: request.touch,
    groups: request.groups.size > 0 ? Object.fromEntries(request.groups) : undefined,
  });
}

function ruleConfig({ tables, operations, columns, where, is }: Rule): Record<string, unknown> {
  return { match: present({ tables, operations, columns, where: where && conditionSql(where) }), is };
}

function strategyConfig({ tables, columns, kinds, use }: StrategyEntry): Record<string, unknown> {
  return { match: present({ tables, columns, kinds }), use };
}

const unlessEmpty = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined);

const present = (entries: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
