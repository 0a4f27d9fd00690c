import { matchesTable } from "../../merge/match.js";
import type { Bond } from "../../model/bond.js";
import type { PlannedRow } from "../../model/change.js";
import { UsageError } from "../../model/errors.js";
import { type Direction, type Finding, type RowStates, rowStates } from "../../model/journal.js";
import { keyObject, type Table } from "../../model/table.js";
import type { PlanStore } from "../../store/plan-store.js";

/** A part of the plan. */
export interface Selection {
  /** Globs over table labels. */
  readonly tables?: readonly string[] | undefined;
}

export function isSelected({ tables: globs }: Selection, tables: readonly Table[], row: PlannedRow): boolean {
  return globs === undefined || matchesTable(globs, tables[row.table] as Table);
}

/** @throws UsageError for a glob that names no table of the plan */
export function checkSelection({ tables: globs = [] }: Selection, tables: readonly Table[]): void {
  const idle = globs.filter((glob) => !tables.some((table) => matchesTable([glob], table)));
  if (idle.length === 0) return;
  throw new UsageError(
    idle.map((glob) => ({ where: `--tables ${glob}`, what: "names no table of the plan" })),
    "the plan's tables are in its summary.json",
  );
}

/**
 * Rows that are to be left alone because they need a row that is not written. Bonds say who needs whom; the rollback
 * goes the other way.
 */
export class Waiting {
  readonly #store: PlanStore;
  readonly #tables: readonly Table[];
  readonly #dependents = new Map<number, number[]>();
  /** By position: what it waits for. */
  readonly #waits = new Map<number, number>();
  readonly #left = new Set<number>();

  constructor(store: PlanStore, tables: readonly Table[], bonds: readonly Bond[], direction: Direction) {
    this.#store = store;
    this.#tables = tables;
    for (const { row, needs, kind } of bonds) {
      const [dependent, needed] = direction === "patch" ? [row, needs] : [needs, row];
      this.#add(needed, dependent);
      if (kind === "together") this.#add(dependent, needed);
    }
  }

  /** Rows that cannot be written: they are left, and what needs them waits. */
  leave(positions: readonly number[]): void {
    for (const position of positions) this.#left.add(position);
    this.without(positions);
  }

  isLeft(position: number): boolean {
    return this.#left.has(position);
  }

  /** All that needs these rows, directly or not, waits from now on. */
  without(positions: readonly number[]): void {
    const gone = new Set(positions);
    const queue = [...positions];
    // A queue that grows while it is walked is walked to its end.
    for (const needed of queue) {
      for (const dependent of this.#dependents.get(needed) ?? []) {
        if (this.#waits.has(dependent) || gone.has(dependent)) continue;
        this.#waits.set(dependent, needed);
        queue.push(dependent);
      }
    }
  }

  /** Rows that are not part of the selection, and not written yet, are as good as not there. */
  async withoutUnselected(selection: Selection, states: RowStates, direction: Direction): Promise<void> {
    if (selection.tables === undefined) return;
    const needed = [...this.#dependents.keys()].filter((position) => isOpen(states, direction, position));
    const missing: number[] = [];
    for (let from = 0; from < needed.length; from += 1000) {
      const positions = needed.slice(from, from + 1000);
      for await (const batch of this.#store.rows({ positions }))
        for (const row of batch) if (!isSelected(selection, this.#tables, row)) missing.push(row.position);
    }
    this.without(missing);
  }

  waits(position: number): boolean {
    return this.#waits.has(position);
  }

  /** @param waiting rows that wait */
  async findings(waiting: readonly number[]): Promise<readonly Finding[]> {
    const names = new Map<number, string>();
    const positions = [...new Set(waiting.map((position) => this.#waits.get(position) as number))];
    for (let from = 0; from < positions.length; from += 1000) {
      for await (const batch of this.#store.rows({ positions: positions.slice(from, from + 1000) })) {
        for (const { position, table: at, key } of batch) {
          const table = this.#tables[at] as Table;
          names.set(position, `${table.label} ${JSON.stringify(keyObject(table, key))}`);
        }
      }
    }
    return waiting.map((position) => ({
      position,
      kind: "waits",
      text: `needs ${names.get(this.#waits.get(position) as number) ?? "another row"}, which is not written`,
    }));
  }

  #add(needed: number, dependent: number): void {
    const known = this.#dependents.get(needed);
    if (known === undefined) this.#dependents.set(needed, [dependent]);
    else known.push(dependent);
  }
}

/** Whether a row is to be written in this direction: nothing is written twice, and only what we wrote is taken back. */
export function isOpen(states: RowStates, direction: Direction, position: number): boolean {
  return (
    (states[position] ?? rowStates.open) === (direction === "patch" ? rowStates.open : rowStates.written)
  );
}
