import { expect, it } from "vitest";
import { classify, type SameValue } from "../../../src/merge/classify.js";
import type { Verdict } from "../../../src/model/change.js";
import type { ConflictKind, RowConflictKind } from "../../../src/model/conflict.js";
import type { TouchWrite } from "../../../src/model/plan.js";
import { columnNames, type Table } from "../../../src/model/table.js";
import type { Row, Triple } from "../../../src/model/value.js";
import { type DeviceCells, device, deviceTable, sameByValue } from "../tables.js";

/** What a case promises, in the words of design 2.1. Left out means: none. */
export interface Told {
  readonly outcome: Verdict["kind"];
  /** What is written. */
  readonly writes?: "insert" | "delete" | readonly string[];
  readonly kind?: RowConflictKind;
  readonly columns?: readonly string[];
  /** Of a conflict: columns that merged cleanly and wait for it. */
  readonly clean?: readonly string[];
}

export interface MergeCase {
  readonly name: string;
  /** Left out: no such row. An empty object is the device as everybody knows it. */
  readonly base?: DeviceCells;
  readonly current?: DeviceCells;
  readonly incoming?: DeviceCells;
  readonly expect: Told;
}

export interface MergeTerms {
  readonly table?: Table;
  readonly touchWrite?: TouchWrite;
  readonly sameValue?: SameValue;
}

/** Runs each case, and each once more with current and incoming swapped: what one side says, the mirror says too. */
export function runCases(cases: readonly MergeCase[], terms: MergeTerms = {}): void {
  const { table = deviceTable, touchWrite = "restore", sameValue = sameByValue } = terms;
  const merge = (rows: Triple<Row | undefined>) => classify(table, rows, { touchWrite, sameValue });
  it.each(cases)("$name", (one) => {
    const rows = rowsOf(one);
    const verdict = merge(rows);
    expect(told(table, verdict)).toEqual(one.expect);
    const mirrored = { base: rows.base, current: rows.incoming, incoming: rows.current };
    // Where the other side did nothing, its mirror is no difference at all.
    if (mirrored.base === undefined && mirrored.incoming === undefined) return;
    const swapped = merge(mirrored);
    expect(conflictOf(table, swapped)).toEqual(mirror(conflictOf(table, verdict)));
    if (verdict.kind !== "conflict") {
      expect(content(table, after(swapped, mirrored.current))).toEqual(
        content(table, after(verdict, rows.current)),
      );
    }
  });
}

function rowsOf({ base, current, incoming }: MergeCase): Triple<Row | undefined> {
  const row = (cells: DeviceCells | undefined) => (cells === undefined ? undefined : device(cells));
  return { base: row(base), current: row(current), incoming: row(incoming) };
}

function told(table: Table, verdict: Verdict): Told {
  switch (verdict.kind) {
    case "apply": {
      const { change } = verdict;
      return {
        outcome: "apply",
        writes: change.kind === "update" ? columnNames(table, change.columns) : change.kind,
      };
    }
    case "conflict": {
      const { kind, cells, clean } = verdict.conflict;
      const columns = columnNames(
        table,
        cells.map((cell) => cell.column),
      );
      const named = columns.length > 0 ? { columns } : {};
      return {
        outcome: "conflict",
        kind,
        ...named,
        ...(clean.length > 0 ? { clean: columnNames(table, clean) } : {}),
      };
    }
    default:
      return { outcome: verdict.kind };
  }
}

interface Clash {
  readonly kind: ConflictKind;
  readonly columns: readonly string[];
}

function conflictOf(table: Table, verdict: Verdict): Clash | undefined {
  const { kind, columns = [] } = told(table, verdict);
  return kind === undefined ? undefined : { kind, columns };
}

function mirror(clash: Clash | undefined): Clash | undefined {
  return clash && { ...clash, kind: clash.kind.split("/").reverse().join("/") as ConflictKind };
}

/** The row that current holds once the verdict is carried out. */
export function after(verdict: Verdict, current: Row | undefined): Row | undefined {
  if (verdict.kind !== "apply") return current;
  return verdict.change.kind === "delete" ? undefined : verdict.change.after;
}

/** What a row says: without its touch, and numbers by value, since current keeps its own touch and its own spelling. */
function content(table: Table, row: Row | undefined): Row | undefined {
  return row?.map((value, position) => {
    if (table.touch.includes(position)) return null;
    return table.columns[position]?.type === "numeric" && value !== null ? String(Number(value)) : value;
  });
}
