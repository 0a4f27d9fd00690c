import { conditionSql, generateCondition } from "./condition.js";
import type { Mode } from "./edits.js";
import { matchesAny } from "./patterns.js";
import type { Random } from "./random.js";
import type { Operation, PlanRequest, RowConflict, Rule, StrategyEntry } from "./request.js";
import { sayingColumns } from "./rows.js";
import { isPlain } from "./sql.js";
import { type ColumnSpec, isBag, isKey, type TableSpec } from "./table.js";

const operations: readonly Operation[] = ["insert", "update", "delete"];
const kinds: readonly RowConflict[] = ["update/update", "update/delete", "delete/update", "insert/insert"];

/** Draws what is asked for. Patterns always match a table that is compared: naming none may well be refused. */
export function generateRequest(random: Random, tables: readonly TableSpec[], mode: Mode): PlanRequest {
  const excludeTables = generateExclusions(random.fork("exclude"), tables);
  const compared = tables.filter((table) => !matchesAny(excludeTables, table));
  const groups = generateGroups(random.fork("groups"), tables);
  const draw = { tables, compared, groups };
  const count = Number(random.weighted({ "0": 25, "1": 30, "2": 25, "3": 20 }));
  const strategyCount = Number(random.weighted({ "0": 30, "1": 35, "2": 35 }));
  return {
    mode,
    granularity: random.chance(0.4) ? "cell" : "row",
    damage: mode === "undo" && random.chance(0.5) ? someOperations(random) : undefined,
    rules: withoutContradictions(
      times(count, (index) => generateRule(random.fork(`rule ${index}`), draw)),
      tables,
    ),
    strategies: times(strategyCount, (index) => generateStrategy(random.fork(`strategy ${index}`), draw)),
    touch: generateTouch(random.fork("touch")),
    groups,
    excludeTables,
  };
}

interface Drawing {
  readonly tables: readonly TableSpec[];
  readonly compared: readonly TableSpec[];
  readonly groups: PlanRequest["groups"];
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const someOperations = (random: Random): Operation[] => random.sample(operations, random.integer(1, 3));

function generateExclusions(random: Random, tables: readonly TableSpec[]): string[] {
  if (!random.chance(0.15)) return [];
  const patterns = generatePatterns(random, tables);
  return tables.every((table) => matchesAny(patterns, table)) ? [] : patterns;
}

/** Hostile names are only ever matched by `*`, so that nobody need guess how a glob spells them. */
function generatePatterns(random: Random, compared: readonly TableSpec[]): string[] {
  const table = random.pick(compared);
  if (!isPlain(table.schema)) return ["*"];
  const bySchema = `${table.schema}.*`;
  if (!table.plain) return [random.pick(["*", bySchema])];
  switch (random.weighted({ exact: 45, schema: 15, all: 15, several: 10, prefix: 10, bare: 5 })) {
    case "exact":
      return [table.label];
    case "schema":
      return [bySchema];
    case "all":
      return ["*"];
    case "several":
      return random.sample(compared, 2).flatMap((each) => (each.plain ? [each.label] : [table.label]));
    case "prefix":
      return [`${table.schema}.${table.name.slice(0, 2)}*`];
    case "bare":
      return [table.schema === "public" ? table.name : table.label];
  }
}

function generateRule(random: Random, draw: Drawing): Rule {
  const patterns = generatePatterns(random, draw.compared);
  const matching = draw.tables.filter((table) => matchesAny(patterns, table));
  const columns = random.chance(0.35) ? generateMask(random, matching, draw.groups) : undefined;
  const shared = sharedColumns(matching);
  const ops = random.chance(0.6) ? someOperations(random) : undefined;
  return {
    tables: patterns,
    operations: columns ? ["update"] : ops,
    columns,
    where: random.chance(0.4) && shared.length > 0 ? generateCondition(random, shared) : undefined,
    is: random.weighted({ damage: 45, legitimate: 30, excluded: 25 }),
  };
}

/** Two rules that match the same and say different things are refused; the first of them stays. */
function withoutContradictions(rules: readonly Rule[], tables: readonly TableSpec[]): Rule[] {
  const matched = ({ tables: patterns, operations: some = operations, columns, where }: Rule) =>
    JSON.stringify([
      tables.filter((table) => matchesAny(patterns, table)).map(({ label }) => label),
      columns === undefined ? some.toSorted() : columns.toSorted(),
      where === undefined ? null : conditionSql(where),
    ]);
  const said = new Map<string, Rule["is"]>();
  return rules.filter((rule) => {
    const before = said.get(matched(rule));
    said.set(matched(rule), before ?? rule.is);
    return before === undefined || before === rule.is;
  });
}

/** A condition is evaluated for every table that the rule matches, so each must have its columns. */
function sharedColumns([first, ...others]: readonly TableSpec[]): ColumnSpec[] {
  return (first?.columns ?? []).filter(({ name, type }) =>
    others.every((table) => table.columns.some((column) => column.name === name && column.type === type)),
  );
}

/**
 * Columns for a mask or a strategy. Of a group it takes all columns or none: what half a group would mean
 * is nothing the contract says.
 */
function generateMask(random: Random, tables: readonly TableSpec[], groups: PlanRequest["groups"]) {
  const candidates = tables.flatMap((table) => table.columns.filter(({ name }) => !isKey(table, name)));
  const names = candidates.map((column) => column.name).filter((name) => !/[*?[\]{}()!]/.test(name));
  if (names.length === 0) return undefined;
  const matching = tables.flatMap((table) => groups.get(table.label) ?? []);
  return withWholeGroups(random.sample(names, random.integer(1, 3)), matching);
}

function withWholeGroups(names: readonly string[], groups: readonly (readonly string[])[]): string[] {
  const reached = groups.filter((group) => group.some((name) => names.includes(name))).flat();
  const all = [...new Set([...names, ...reached])];
  return all.length > names.length ? withWholeGroups(all, groups) : all;
}

function generateStrategy(random: Random, draw: Drawing): StrategyEntry {
  const patterns = random.chance(0.5) ? ["*"] : generatePatterns(random, draw.compared);
  const matching = draw.tables.filter((table) => matchesAny(patterns, table));
  return {
    tables: patterns,
    columns: random.chance(0.3) ? generateMask(random, matching, draw.groups) : undefined,
    kinds: random.chance(0.4) ? random.sample(kinds, random.integer(1, 3)) : undefined,
    use: random.weighted({ "take-incoming": 40, "keep-current": 40, manual: 20 }),
  };
}

function generateTouch(random: Random): PlanRequest["touch"] {
  switch (random.weighted({ default: 55, none: 15, restore: 10, keep: 20 })) {
    case "default":
      return undefined;
    case "none":
      return { columns: [] };
    case "restore":
      return { write: "restore" };
    case "keep":
      return { write: "keep" };
  }
}

function generateGroups(random: Random, tables: readonly TableSpec[]): Map<string, string[][]> {
  const groups = new Map<string, string[][]>();
  for (const table of tables.filter((candidate) => candidate.plain && !isBag(candidate))) {
    const chosen = generateGroup(random.fork(table.label), table);
    if (chosen.length > 1) groups.set(table.label, [chosen]);
  }
  return groups;
}

function generateGroup(random: Random, table: TableSpec): string[] {
  const names = sayingColumns(table).map((column) => column.name);
  if (names.includes("starts_at") && random.chance(0.7)) return ["starts_at", "ends_at"];
  if (!random.chance(0.2)) return [];
  return random.sample(names, random.integer(2, 3));
}
