import { classify, type SameValue, spellingQuestions } from "../merge/classify.js";
import { conflictId } from "../merge/conflict-id.js";
import { changedColumns, maskRow, mayMatch, type Ruling, rule, type TableRule } from "../merge/rules.js";
import { cellsChange, settle, settledVerdict } from "../merge/settle.js";
import type { Change, Difference, PlannedConflict, PlannedRow, Verdict } from "../model/change.js";
import type { Conflict } from "../model/conflict.js";
import type { StrategyError } from "../model/errors.js";
import type { PlanSettings, StrategyEntry } from "../model/settings.js";
import type { Table } from "../model/table.js";
import { assertNever, type Row, type Triple } from "../model/value.js";
import { evaluateWhere } from "../postgres/evaluate-where.js";
import { lookUpRows } from "../postgres/look-up.js";
import { sameValues } from "../postgres/same-value.js";
import type { Session } from "../postgres/session.js";

/** What judging the differences of one table needs. */
export interface Bench {
  readonly table: Table;
  readonly tableIndex: number;
  readonly settings: Pick<PlanSettings, "mode" | "damage" | "granularity" | "touch">;
  readonly rules: readonly TableRule[];
  readonly strategies: readonly StrategyEntry[];
  /** Looked up by key. */
  readonly current: Session;
  /** Answers the `where` of rules. */
  readonly where: Session;
  /** Why its deletes are set aside unless a rule speaks of them; undefined for nearly every table. */
  readonly suspicion: string | undefined;
  /** Position of the next row of the plan. */
  nextPosition(): number;
  readonly onBlame: (error: StrategyError) => void;
}

type Versions = Triple<Row | undefined>;

/**
 * Judges a batch of differences: rules, look-up in current, the three-way merge, strategies. Each step asks the
 * servers once for the whole batch, never row by row. Every difference comes out as exactly one planned row.
 */
export async function judge(
  bench: Bench,
  differences: readonly Difference[],
): Promise<readonly PlannedRow[]> {
  const currentFirst = bench.rules.some(asksForCurrent);
  let current: readonly (Row | undefined)[] = currentFirst ? await lookUpAll(bench, differences) : [];
  const rulings = await ruleAll(bench, differences, current);
  if (!currentFirst) current = await lookUpIncoming(bench, differences, rulings);
  const versions = differences.map((difference, at) =>
    versionsOf(bench, difference, rulings[at] as Ruling, current[at]),
  );
  const sameValue = await spellings(bench, versions, rulings);
  return differences.map((difference, at) => {
    const ruling = rulings[at] as Ruling;
    const judged =
      ruling.kind === "incoming"
        ? suspect(
            bench,
            difference,
            ruling,
            merge(bench, difference, versions[at] as Versions, sameValue[at] as SameValue),
          )
        : { ...nothing, outcome: ruling.kind, reason: ruling.reason };
    const { key, operation, pre, post, transaction } = difference;
    return {
      ...judged,
      ...{ key, operation, pre, post, transaction },
      position: bench.nextPosition(),
      table: bench.tableIndex,
      current: current[at],
    };
  });
}

function asksForCurrent({ rule }: TableRule): boolean {
  // Too often is harmless: then rows are looked up that no rule needed.
  return rule.match.where !== undefined && /\bcurrent\b/i.test(rule.match.where);
}

function lookUpAll({ current, table }: Bench, differences: readonly Difference[]) {
  return lookUpRows(
    current,
    table,
    differences.map(({ key }) => key),
  );
}

async function lookUpIncoming(bench: Bench, differences: readonly Difference[], rulings: readonly Ruling[]) {
  const incoming = differences.flatMap((_, at) => (rulings[at]?.kind === "incoming" ? [at] : []));
  const found = await lookUpAll(
    bench,
    incoming.map((at) => differences[at] as Difference),
  );
  const current: (Row | undefined)[] = new Array(differences.length).fill(undefined);
  for (const [order, at] of incoming.entries()) current[at] = found[order];
  return current;
}

async function ruleAll(
  bench: Bench,
  differences: readonly Difference[],
  current: readonly (Row | undefined)[],
): Promise<readonly Ruling[]> {
  const { rules, settings } = bench;
  const holds = await evaluateRules(bench, differences, current);
  return differences.map((difference, at) =>
    rule(difference, rules, (candidate) => holds.get(candidate)?.has(at) === true, settings),
  );
}

/** For each rule with a `where`, the rows (by place in the batch) for which it holds. One query a rule. */
async function evaluateRules(
  { table, rules, where }: Bench,
  differences: readonly Difference[],
  current: readonly (Row | undefined)[],
): Promise<ReadonlyMap<TableRule, ReadonlySet<number>>> {
  const holds = new Map<TableRule, ReadonlySet<number>>();
  for (const candidate of rules) {
    const expression = candidate.rule.match.where;
    if (expression === undefined) continue;
    const asked = differences.flatMap((d, at) => (mayMatch(candidate, d, changedColumns(d)) ? [at] : []));
    if (asked.length === 0) continue;
    const rows = asked.map((at) => ({ ...(differences[at] as Difference), current: current[at] }));
    const [answers = []] = await evaluateWhere(where, table, [expression], rows);
    holds.set(candidate, new Set(asked.filter((_, order) => answers[order])));
  }
  return holds;
}

/** The row as the merge sees it: what the rules did not let through counts as not touched by the incident. */
function versionsOf(
  { settings }: Bench,
  { pre, post }: Difference,
  ruling: Ruling,
  current: Row | undefined,
): Versions {
  const [base, incoming] = settings.mode === "undo" ? [post, pre] : [pre, post];
  if (ruling.kind !== "incoming" || base === undefined || incoming === undefined)
    return { base, current, incoming };
  return { base, current, incoming: maskRow(base, incoming, ruling.columns) };
}

/** Asks once for the whole batch which differently spelled values are the same to PostgreSQL. */
async function spellings(
  { table, current }: Bench,
  versions: readonly Versions[],
  rulings: readonly Ruling[],
): Promise<readonly SameValue[]> {
  const questions = versions.map((version, at) =>
    rulings[at]?.kind === "incoming" ? spellingQuestions(table, version) : [],
  );
  const answers = await sameValues(current, table, questions.flat());
  let asked = 0;
  return questions.map((mine) => {
    const first = asked;
    asked += mine.length;
    return (column, a, b) =>
      mine.some((q, at) => q.column === column && q.a === a && q.b === b && answers[first + at] === true);
  });
}

interface Judged {
  readonly outcome: PlannedRow["outcome"];
  readonly change: Change | undefined;
  readonly conflict: PlannedConflict | undefined;
  readonly decided: boolean;
  readonly reason: string | undefined;
}

const nothing = { change: undefined, conflict: undefined, decided: false, reason: undefined } as const;

/**
 * Deletes of a table that lost most of its rows are not replayed on the word of a default: a TRUNCATE is damage, not
 * people's work (design 2.6).
 */
function suspect(
  { table, suspicion }: Bench,
  { key, operation }: Difference,
  { byRule }: { byRule: boolean },
  judged: Judged,
): Judged {
  if (suspicion === undefined || operation !== "delete" || byRule || judged.outcome === "already")
    return judged;
  const kind = "suspected-damage";
  const conflict: PlannedConflict = {
    id: conflictId(table.label, key, kind),
    ...{ kind, columns: [], cause: suspicion, resolution: undefined, reason: undefined },
  };
  return { ...nothing, outcome: "conflict", conflict };
}

function merge(bench: Bench, difference: Difference, versions: Versions, sameValue: SameValue): Judged {
  const { table, settings, strategies, onBlame } = bench;
  const verdict = classify(table, versions, { sameValue, touchWrite: settings.touch.write });
  if (verdict.kind !== "conflict") return withoutConflict(verdict);
  const { conflict } = verdict;
  const planned: PlannedConflict = {
    id: conflictId(table.label, difference.key, conflict.kind),
    kind: conflict.kind,
    columns: conflict.cells.map((cell) => cell.column),
    cause: undefined,
    resolution: undefined,
    reason: undefined,
  };
  const settled = settle(table, conflict, strategies);
  settled.blame.forEach(onBlame);
  if (settled.kind === "open") {
    return {
      ...nothing,
      outcome: "conflict",
      conflict: planned,
      change: cleanCells(conflict, settings.granularity),
    };
  }
  const { resolution, reason } = settled;
  return {
    ...withoutConflict(settledVerdict(settled)),
    decided: true,
    conflict: { ...planned, resolution, reason },
  };
}

/** With cell granularity the cells that merged cleanly are written although others of the row are in conflict. */
function cleanCells(conflict: Conflict, granularity: "row" | "cell"): Change | undefined {
  return granularity === "cell" ? cellsChange(conflict, new Map()) : undefined;
}

function withoutConflict(verdict: Exclude<Verdict, { kind: "conflict" }>): Judged {
  switch (verdict.kind) {
    case "apply":
      return { ...nothing, outcome: "apply", change: verdict.change };
    case "already":
      return { ...nothing, outcome: "already" };
    case "kept":
      return { ...nothing, outcome: "kept", reason: verdict.reason };
    default:
      return assertNever(verdict);
  }
}
