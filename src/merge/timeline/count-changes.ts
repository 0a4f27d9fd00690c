import type { TableInterval } from "../../model/timeline.js";
import type { Operation, Row } from "../../model/value.js";
import { ChangeKinds, type KindColumns } from "./change-kinds.js";

/** One table over all snapshots. */
export interface CountedTable {
  readonly label: string;
  /** Whether each snapshot has it. */
  readonly present: readonly boolean[];
  readonly columns: KindColumns;
  /** By interval: what became of the table itself. */
  readonly schema: readonly (readonly string[])[];
}

/** Counts, from each snapshot to the next, what changed in one table. Rows are looked at and forgotten. */
export class ChangeCounter {
  readonly #table: CountedTable;
  readonly #rows: number[];
  readonly #counts: Record<Operation, number>[];
  readonly #kinds: ChangeKinds[];

  constructor(table: CountedTable) {
    this.#table = table;
    this.#rows = table.present.map(() => 0);
    const intervals = table.present.slice(1);
    this.#counts = intervals.map(() => ({ insert: 0, update: 0, delete: 0 }));
    this.#kinds = intervals.map(() => new ChangeKinds(table.columns));
  }

  /** The rows of one key, one a snapshot. */
  take(rows: readonly (Row | undefined)[]): void {
    const width = this.#table.columns.names.length;
    for (let at = 0; at < rows.length; at += 1) {
      const after = rows[at];
      if (after !== undefined) this.#rows[at] = (this.#rows[at] ?? 0) + 1;
      if (at === 0) continue;
      const before = rows[at - 1];
      if (before === after || (before !== undefined && after !== undefined && isSame(before, after, width)))
        continue;
      if (this.#table.present[at - 1] && this.#table.present[at]) this.#count(at - 1, before, after);
    }
  }

  intervals(): readonly TableInterval[] {
    const { label, present, schema } = this.#table;
    const rowsAt = (at: number) => (present[at] ? (this.#rows[at] ?? 0) : undefined);
    return this.#counts.map((counts, at) => ({
      table: label,
      rowsBefore: rowsAt(at),
      rowsAfter: rowsAt(at + 1),
      counts,
      columns: this.#kinds[at]?.byColumn() ?? [],
      kinds: this.#kinds[at]?.list() ?? [],
      otherKinds: this.#kinds[at]?.others ?? 0,
      schema: schema[at] ?? [],
    }));
  }

  #count(interval: number, before: Row | undefined, after: Row | undefined): void {
    const operation = before === undefined ? "insert" : after === undefined ? "delete" : "update";
    const counts = this.#counts[interval];
    if (counts !== undefined) counts[operation] += 1;
    if (before !== undefined && after !== undefined) this.#kinds[interval]?.countUpdate(before, after);
    else this.#kinds[interval]?.count(before === undefined ? "insert" : "delete");
  }
}

function isSame(a: Row, b: Row, width: number): boolean {
  for (let at = 0; at < width; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
