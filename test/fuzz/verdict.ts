import type { Operation, RowConflict } from "./request.js";

type Outcome = "apply" | "already" | "conflict" | "kept" | "excluded" | "skipped";

/** What should become of one row of the incident delta. */
export interface RowVerdict {
  /** What the incident did, pre → post. */
  readonly operation: Operation;
  readonly outcome: Outcome;
  /** Of a conflict, open or settled. */
  readonly kind: RowConflict | undefined;
  /** The conflicting columns, in the table's order; none for update/delete and delete/update. */
  readonly columns: readonly string[];
  /** A strategy settled the conflict. */
  readonly decided: boolean;
  /** What is written to current; undefined if nothing is. */
  readonly write: Operation | undefined;
  /** The row of current after the patch, in current's column order; undefined if there is none. */
  readonly end: readonly (string | null)[] | undefined;
}

export interface Totals {
  /** Row changes in the incident delta: the sum of the six outcomes. */
  readonly incoming: number;
  readonly incident: Readonly<Record<Operation, number>>;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** By what is written; a row in conflict whose clean cells are written is not among them. */
  readonly apply: Readonly<Record<Operation, number>>;
  /** Open ones only. */
  readonly conflicts: Readonly<Record<RowConflict, number>>;
  readonly decided: number;
}

export interface TableVerdict {
  readonly table: string;
  readonly rows: ReadonlyMap<string, RowVerdict>;
  readonly totals: Totals;
}

export interface Verdicts {
  /** Tables left out with excludeTables are not among them. */
  readonly tables: readonly TableVerdict[];
  readonly totals: Totals;
}

export function count(rows: readonly RowVerdict[]): Totals {
  const having = (test: (row: RowVerdict) => boolean) => rows.filter(test).length;
  const outcome = (wanted: Outcome) => having((row) => row.outcome === wanted);
  const open = (kind: RowConflict) => having((row) => row.outcome === "conflict" && row.kind === kind);
  const incident = (operation: Operation) => having((row) => row.operation === operation);
  const applied = (write: Operation) => having((row) => row.outcome === "apply" && row.write === write);
  return {
    incoming: rows.length,
    incident: { insert: incident("insert"), update: incident("update"), delete: incident("delete") },
    outcomes: {
      apply: outcome("apply"),
      already: outcome("already"),
      conflict: outcome("conflict"),
      kept: outcome("kept"),
      excluded: outcome("excluded"),
      skipped: outcome("skipped"),
    },
    apply: { insert: applied("insert"), update: applied("update"), delete: applied("delete") },
    conflicts: {
      "update/update": open("update/update"),
      "update/delete": open("update/delete"),
      "delete/update": open("delete/update"),
      "insert/insert": open("insert/insert"),
    },
    decided: having((row) => row.decided),
  };
}
