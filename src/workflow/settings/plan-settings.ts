import type { PlanSettings, Rule, StrategyEntry } from "../../model/settings.js";

/** What a program has to say of a plan: the connections. All else has the defaults of the command line. */
export interface GivenSettings extends Partial<Omit<PlanSettings, "connections" | "rules" | "strategies">> {
  readonly connections: PlanSettings["connections"];
  /** In order; the first that matches a row decides it. */
  readonly rules?: readonly Unplaced<Rule>[] | undefined;
  /** In order; the first that matches a conflict and answers settles it. */
  readonly strategies?:
    | readonly (Unplaced<Omit<StrategyEntry, "options">> & Partial<Pick<StrategyEntry, "options">>)[]
    | undefined;
}

/** Messages name these by their place: in a file, or here in the list. */
type Unplaced<T extends { readonly where: string }> = Omit<T, "where"> & Partial<Pick<T, "where">>;

/**
 * Settings for `plan` and `check`, with the defaults of the command line where nothing is given: mode undo, updates and
 * deletes are damage, no strategy (so that every conflict stays open), triggers fire. Names of tables and columns are
 * checked against the databases, by `plan`.
 */
export function planSettings({ rules = [], strategies = [], ...given }: GivenSettings): PlanSettings {
  return {
    ...defaults,
    ...given,
    rules: rules.map((rule, at) => ({ where: `rules[${at}]`, ...rule })),
    strategies: strategies.map((entry, at) => ({ where: `strategies[${at}]`, options: {}, ...entry })),
  };
}

const defaults: Omit<PlanSettings, "connections" | "rules" | "strategies"> = {
  mode: "undo",
  tables: [],
  excludeTables: [],
  keys: {},
  damage: ["update", "delete"],
  touch: { columns: undefined, write: "restore" },
  groups: {},
  granularity: "row",
  triggers: "fire",
  invariants: [],
  guard: { massDelete: { share: 0.5, rows: 100 } },
};
