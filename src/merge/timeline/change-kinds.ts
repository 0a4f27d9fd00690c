import type { ChangedColumn, ChangeKind, ColumnChanges, Transition } from "../../model/timeline.js";
import type { Operation, Row, Value } from "../../model/value.js";

/** What is looked at of a row, by position in it. */
export interface KindColumns {
  readonly names: readonly string[];
  /** They only say that a row was written: they count where nothing else changed. */
  readonly touch: ReadonlySet<number>;
  /** Their values are not to be shown. */
  readonly redacted: ReadonlySet<number>;
}

/** Kinds told apart; whatever comes beyond them is only counted, so that memory does not grow with the changes. */
export const mostKinds = 100;

/** A longer value is not kept to be told. */
const longestValue = 200;

/** One column that went from NULL, to NULL, or from one value to another. */
interface CountedColumn {
  readonly at: number;
  readonly transition: Transition;
  rows: number;
  /** The value that all rows got so far; undefined: they got several. */
  value: Value | undefined;
}

interface CountedKind {
  readonly operation: Operation;
  readonly columns: readonly CountedColumn[];
  rows: number;
}

/**
 * Counts changed rows of one table by kind: operation, changed columns, and what became of NULL in each. Columns are
 * counted by themselves, too: there are few of them, so those counts are always whole.
 */
export class ChangeKinds {
  readonly #columns: KindColumns;
  readonly #kinds = new Map<string, CountedKind>();
  readonly #byColumn = new Map<string, CountedColumn>();
  #others = 0;

  constructor(columns: KindColumns) {
    this.#columns = columns;
  }

  countUpdate(before: Row, after: Row): void {
    const changed = this.#changed(before, after).map((at) => ({
      at,
      transition: transitionOf(before[at], after[at]),
    }));
    for (const column of changed) {
      const name = `${column.at} ${column.transition}`;
      const known = this.#byColumn.get(name) ?? beginColumn(column, after);
      this.#byColumn.set(name, known);
      countColumn(known, after);
    }
    const name = changed.map(({ at, transition }) => `${at} ${transition}`).join();
    const kind = this.#kindOf(name, "update", () => changed.map((column) => beginColumn(column, after)));
    if (kind === undefined) return;
    kind.rows += 1;
    for (const column of kind.columns) countColumn(column, after);
  }

  /** Of inserted and deleted rows nothing is looked at. */
  count(operation: "insert" | "delete"): void {
    const kind = this.#kindOf(operation, operation, () => []);
    if (kind !== undefined) kind.rows += 1;
  }

  /** Changed rows of kinds that are not told apart. */
  get others(): number {
    return this.#others;
  }

  /** In the order of the table's columns; only what there is. */
  byColumn(): readonly ColumnChanges[] {
    const columns = [...this.#byColumn.values()].sort((a, b) => a.at - b.at);
    return columns.map((column) => ({ ...this.#told(column), rows: column.rows }));
  }

  /** Those of most rows first. */
  list(): readonly ChangeKind[] {
    const kinds = [...this.#kinds.values()].sort((a, b) => b.rows - a.rows);
    return kinds.map(({ operation, columns, rows }) => ({
      operation,
      columns: columns.map((column) => this.#told(column)),
      rows,
    }));
  }

  #changed(before: Row, after: Row): readonly number[] {
    const all = this.#columns.names.flatMap((_, at) => (before[at] === after[at] ? [] : [at]));
    const telling = all.filter((at) => !this.#columns.touch.has(at));
    return telling.length > 0 ? telling : all;
  }

  #kindOf(
    name: string,
    operation: Operation,
    columns: () => readonly CountedColumn[],
  ): CountedKind | undefined {
    const known = this.#kinds.get(name);
    if (known !== undefined) return known;
    if (this.#kinds.size >= mostKinds) {
      this.#others += 1;
      return undefined;
    }
    const kind = { operation, columns: columns(), rows: 0 };
    this.#kinds.set(name, kind);
    return kind;
  }

  #told({ at, transition, rows, value }: CountedColumn): ChangedColumn {
    // One row has one value whatever happened; NULL is told by the transition.
    const isTold = rows > 1 && !this.#columns.redacted.has(at);
    return {
      name: this.#columns.names[at] ?? "",
      transition,
      value: isTold ? (value ?? undefined) : undefined,
    };
  }
}

function transitionOf(before: Value | undefined, after: Value | undefined): Transition {
  if (after === null) return "to-null";
  return before === null ? "from-null" : "between";
}

function beginColumn(column: Pick<CountedColumn, "at" | "transition">, after: Row): CountedColumn {
  const value = after[column.at];
  return { ...column, rows: 0, value: (value?.length ?? 0) <= longestValue ? value : undefined };
}

function countColumn(column: CountedColumn, after: Row): void {
  column.rows += 1;
  if (column.value !== after[column.at]) column.value = undefined;
}
