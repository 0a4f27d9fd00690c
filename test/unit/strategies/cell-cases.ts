import { expect, it } from "vitest";
import { illegalAnswer } from "../../../src/merge/legal-answer.js";
import type { Conflict, Strategy } from "../../../src/model/conflict.js";
import type { Table } from "../../../src/model/table.js";
import type { Triple, Value } from "../../../src/model/value.js";
import { column, tableOf } from "../tables.js";

/** Undefined: the strategy passes. */
export const passes = undefined;

export interface CellCase {
  readonly name: string;
  /** Left out: the type of the table of cases. */
  readonly type?: string;
  readonly cell: readonly [base: Value, current: Value, incoming: Value];
  readonly expect: Value | typeof passes;
}

export interface CellTerms {
  readonly type: string;
  /** False where the order of what is merged is current's: then swapping the sides gives another spelling. */
  readonly mirrored?: boolean;
}

/** Runs each case, and each once more with current and incoming swapped. */
export function runCells(strategy: Strategy, cases: readonly CellCase[], terms: CellTerms): void {
  it.each(cases)("$name", ({ cell: [base, current, incoming], expect: wanted, type = terms.type }) => {
    expect(decide(strategy, type, { base, current, incoming })).toBe(wanted);
    const swapped = decide(strategy, type, { base, current: incoming, incoming: current });
    if (terms.mirrored !== false || wanted === passes) expect(swapped).toBe(wanted);
  });
}

/** What becomes of one cell of a column of this type. */
export function decide(strategy: Strategy, type: string, cell: Triple<Value>): Value | typeof passes {
  return decideRow(strategy, cellTable(type), {
    base: [cell.base],
    current: [cell.current],
    incoming: [cell.incoming],
  })[0];
}

function cellTable(type: string): Table {
  return tableOf("thing", [column("content", { type })], { key: [] });
}

/** What becomes of each column of an updated row; all that differ between current and incoming are in conflict. */
export function decideRow(
  strategy: Strategy,
  table: Table,
  rows: Triple<readonly Value[]>,
): readonly (Value | typeof passes)[] {
  const conflict = updateConflict(rows);
  const answer = strategy.resolve(conflict, { table, options: {} });
  if (answer === undefined) return table.columns.map(() => passes);
  expect(illegalAnswer(answer, conflict)).toBeUndefined();
  return table.columns.map((_, at) => {
    const cell = conflict.cells.find((one) => one.column === at);
    if (cell === undefined || answer.kind === "leave" || answer.kind === "rekey") return passes;
    return answer.kind === "take" ? cell[answer.role] : answer.values.get(at);
  });
}

export function updateConflict(rows: Triple<readonly Value[]>): Conflict {
  const value = (role: keyof Triple<unknown>, at: number) => rows[role][at] ?? null;
  const differing = rows.current.flatMap((_, at) => (rows.current[at] === rows.incoming[at] ? [] : [at]));
  const cells = differing.map((at) => ({
    column: at,
    base: value("base", at),
    current: value("current", at),
    incoming: value("incoming", at),
  }));
  return { kind: "update/update", rows, cells, clean: [] };
}
