import type { Change, Verdict } from "../model/change.js";
import type { Answer, Conflict, ConflictCell } from "../model/conflict.js";
import { StrategyError } from "../model/errors.js";
import type { StrategyEntry } from "../model/settings.js";
import { columnAt, type Table } from "../model/table.js";
import { assertNever, type Row, type Value } from "../model/value.js";
import { updateChange } from "./classify.js";
import { illegalAnswer } from "./legal-answer.js";
import { matchesColumns, matchesTable } from "./rules/match.js";

/** What became of a conflict once the chain of strategies was asked. */
export type Settled =
  | { readonly kind: "open"; readonly blame: readonly StrategyError[] }
  /** Both rows are to stay, the incoming one under a new key: which one, this room cannot know. */
  | {
      readonly kind: "rekey";
      readonly reason: string;
      /** Who said so, to be blamed where there is no new key to be had. */
      readonly by: StrategyEntry;
      readonly blame: readonly StrategyError[];
    }
  | {
      readonly kind: "settled";
      /** Undefined: current stays as it is. */
      readonly change: Change | undefined;
      readonly resolution: "current" | "incoming" | "base" | "value";
      readonly reason: string;
      readonly blame: readonly StrategyError[];
    };

/** Values decided for single cells; the row is settled when none is missing. */
interface CellAnswers {
  readonly values: Map<number, Value>;
  readonly taken: Set<(Settled & { kind: "settled" })["resolution"]>;
  readonly reasons: string[];
}

/** The entries of the chain that can speak about this table. */
export function strategiesFor(table: Table, entries: readonly StrategyEntry[]): readonly StrategyEntry[] {
  return entries.filter((entry) => matchesTable(entry.match.tables, table));
}

/**
 * Asks the chain, in order, until every conflicting cell (or the row as a whole) is settled. The first answer wins; a
 * strategy that throws or answers what it may not is blamed by name and counts as having passed, so that its row
 * stays open rather than half decided.
 */
export function settle(table: Table, conflict: Conflict, entries: readonly StrategyEntry[]): Settled {
  const blame: StrategyError[] = [];
  const settled =
    conflict.kind === "update/update"
      ? settleCells(table, conflict, entries, blame)
      : settleRow(table, conflict, entries, blame);
  return settled === undefined ? { kind: "open", blame } : { ...settled, blame };
}

type Outcome = Omit<Settled & { kind: "settled" }, "blame">;
type Rekey = Omit<Settled & { kind: "rekey" }, "blame">;

function settleRow(
  table: Table,
  conflict: Conflict,
  entries: readonly StrategyEntry[],
  blame: StrategyError[],
): Outcome | Rekey | undefined {
  for (const entry of entries) {
    // An entry for single columns has no say over a whole row.
    if (entry.match.columns !== undefined || !matchesKind(entry, conflict)) continue;
    const answer = ask(table, conflict, entry, blame);
    if (answer === undefined) continue;
    if (answer.kind === "leave") return undefined;
    if (answer.kind === "rekey") return { kind: "rekey", reason: answer.reason, by: entry };
    return rowOutcome(conflict, answer);
  }
  return undefined;
}

type Decision = Exclude<Answer, { kind: "leave" | "rekey" }>;

function rowOutcome(conflict: Conflict, answer: Decision): Outcome {
  const { reason } = answer;
  switch (answer.kind) {
    case "take":
      return { kind: "settled", change: takeRow(conflict, answer.role), resolution: answer.role, reason };
    case "cells":
      return { kind: "settled", change: cellsChange(conflict, answer.values), resolution: "value", reason };
    default:
      return assertNever(answer);
  }
}

/**
 * The row of one role, as a change of current. This is the one table that says what an answer means for which
 * conflict; decisions use it, too.
 */
export function takeRow(conflict: Conflict, role: "base" | "current" | "incoming"): Change | undefined {
  if (role === "current") return undefined;
  const { current } = conflict.rows;
  const wanted = conflict.rows[role];
  if (conflict.kind === "update/update") {
    const values = new Map(conflict.cells.map((cell) => [cell.column, cell[role]]));
    return cellsChange(conflict, values);
  }
  if (wanted === undefined) return current === undefined ? undefined : { kind: "delete", before: current };
  if (current === undefined) return { kind: "insert", after: wanted };
  const columns =
    conflict.cells.length > 0
      ? conflict.cells.map((cell) => cell.column)
      : wanted.flatMap((value, at) => (value === current[at] ? [] : [at]));
  return updateChange(current, wanted, columns);
}

/** Writes decided cells, and the cells that merged cleanly and were only waiting for them. */
export function cellsChange(conflict: Conflict, values: ReadonlyMap<number, Value>): Change | undefined {
  const { current, incoming } = conflict.rows;
  if (current === undefined || incoming === undefined) return undefined;
  const source: Value[] = [...incoming];
  for (const [column, value] of values) source[column] = value;
  const decided = [...values.keys()].filter((at) => source[at] !== current[at]);
  const columns = [...conflict.clean, ...decided].sort((a, b) => a - b);
  return columns.length === 0 ? undefined : updateChange(current, source as Row, columns);
}

function settleCells(
  table: Table,
  conflict: Conflict,
  entries: readonly StrategyEntry[],
  blame: StrategyError[],
): Outcome | undefined {
  const answers: CellAnswers = { values: new Map(), taken: new Set(), reasons: [] };
  let open = [...conflict.cells];
  for (const entry of entries) {
    const matching = open.filter((cell) => matchesKind(entry, conflict) && matchesColumn(entry, table, cell));
    const cells = matching.filter(
      (cell) => matching.length === open.length || hasItsGroup(table, cell, open, matching),
    );
    if (cells.length === 0) continue;
    const answer = ask(table, { ...conflict, cells }, entry, blame);
    if (answer === undefined) continue;
    if (answer.kind === "leave" || answer.kind === "rekey") return undefined;
    collect(answers, answer, cells);
    open = open.filter((cell) => !answers.values.has(cell.column));
    if (open.length === 0) return cellsOutcome(conflict, answers);
  }
  return undefined;
}

/** Columns that only make sense together are decided together: by an entry that speaks of all of them, or not at all. */
function hasItsGroup(
  { groups }: Table,
  { column }: ConflictCell,
  open: readonly ConflictCell[],
  matching: readonly ConflictCell[],
): boolean {
  const group = groups.find((columns) => columns.includes(column)) ?? [column];
  return open.filter((cell) => group.includes(cell.column)).every((cell) => matching.includes(cell));
}

function cellsOutcome(conflict: Conflict, { values, taken, reasons }: CellAnswers): Outcome {
  const [only] = taken;
  return {
    kind: "settled",
    change: cellsChange(conflict, values),
    resolution: taken.size === 1 && only !== undefined ? only : "value",
    reason: [...new Set(reasons)].join("; "),
  };
}

function collect(answers: CellAnswers, answer: Decision, cells: readonly ConflictCell[]) {
  for (const cell of cells) {
    const value = answer.kind === "take" ? cell[answer.role] : answer.values.get(cell.column);
    if (value === undefined) continue;
    answers.values.set(cell.column, value);
    answers.taken.add(answer.kind === "take" ? answer.role : "value");
    answers.reasons.push(answer.reason);
  }
}

function matchesKind(entry: StrategyEntry, conflict: Conflict): boolean {
  return entry.match.kinds === undefined || entry.match.kinds.includes(conflict.kind);
}

function matchesColumn(entry: StrategyEntry, table: Table, cell: ConflictCell): boolean {
  const { columns } = entry.match;
  return columns === undefined || matchesColumns(columns, columnAt(table, cell.column).name);
}

/** Undefined: it passed, or it counts as having passed. */
function ask(
  table: Table,
  conflict: Conflict,
  entry: StrategyEntry,
  blame: StrategyError[],
): Answer | undefined {
  try {
    const answer = entry.strategy.resolve(conflict, { table, options: entry.options });
    if (answer === undefined) return undefined;
    const wrong = illegalAnswer(answer, conflict);
    if (wrong === undefined) return answer;
    blame.push(illegal(entry, table, wrong));
    return undefined;
  } catch (cause) {
    blame.push(
      new StrategyError(
        `strategy "${entry.strategy.name}" (${entry.where}) failed on ${table.label}: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      ),
    );
    return undefined;
  }
}

function illegal(entry: StrategyEntry, table: Table, what: string): StrategyError {
  return new StrategyError(
    `strategy "${entry.strategy.name}" (${entry.where}) answered what it may not on ${table.label}: ${what}`,
  );
}

/** The verdict of a row whose conflict was settled. */
export function settledVerdict(
  settled: Settled & { kind: "settled" },
): Exclude<Verdict, { kind: "conflict" }> {
  return settled.change === undefined
    ? { kind: "kept", reason: settled.reason }
    : { kind: "apply", change: settled.change };
}
