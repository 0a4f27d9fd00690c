import { matchesTable } from "../../merge/rules/match.js";
import type { Bond } from "../../model/bond.js";
import type { RowWrite } from "../../model/change.js";
import { UsageError } from "../../model/errors.js";
import { type Direction, type Finding, type RowStates, rowStates } from "../../model/journal.js";
import type { PlanHeader } from "../../model/plan.js";
import { keyObject, type Table } from "../../model/table.js";
import type { PlanStore } from "../../store/plan-store.js";
import type { Unit } from "./isolate.js";
import type { MovedRow } from "./write-rows.js";

/** A part of the plan. */
export interface Selection {
  /** Globs over table labels. */
  readonly tables?: readonly string[] | undefined;
  /** Names of tenants, as the plan has them. */
  readonly tenants?: readonly string[] | undefined;
}

/** Nothing is left out. */
export function isWhole({ tables, tenants }: Selection): boolean {
  return tables === undefined && tenants === undefined;
}

function isSelected({ tables: globs, tenants }: Selection, tables: readonly Table[], row: RowWrite): boolean {
  const isOfTenant = tenants === undefined || (row.tenant !== undefined && tenants.includes(row.tenant));
  return isOfTenant && matchesTable(globs, tables[row.table] as Table);
}

/** @throws UsageError for a glob that names no table of the plan, and for tenants where the plan knows none */
export function checkSelection(
  { tables: globs = [], tenants = [] }: Selection,
  { tables, tenant }: Pick<PlanHeader, "tables" | "tenant">,
): void {
  const idle = globs.filter((glob) => !tables.some((table) => matchesTable([glob], table)));
  const mistakes = [
    ...idle.map((glob) => ({ where: `--tables ${glob}`, what: "names no table of the plan" })),
    ...(tenants.length > 0 && tenant === undefined
      ? [{ where: "--tenant", what: "the plan does not know whose a row is" }]
      : []),
  ];
  if (mistakes.length > 0)
    throw new UsageError(
      mistakes,
      "its summary.json has the tables of the plan, and its tenants if tenant: was configured",
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

  /**
   * Rows that cannot be written: they are left, and what needs them waits.
   * @returns those that moved themselves, without those that were refused for lack of another one of them
   */
  leave(moved: readonly MovedRow[]): readonly MovedRow[] {
    const all = new Map(moved.map((row) => [row.position, row]));
    const isCaused = ({ position }: MovedRow) =>
      [...all.keys()].some((other) => this.#needs(position, other) && !this.#needs(other, position));
    const roots = [...all.values()].filter((row) => row.refused !== true || !isCaused(row));
    for (const { position } of roots) this.#left.add(position);
    this.without(roots.map(({ position }) => position));
    return roots;
  }

  #needs(row: number, needed: number): boolean {
    return this.#dependents.get(needed)?.includes(row) === true;
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
    if (isWhole(selection)) return;
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
function isOpen(states: RowStates, direction: Direction, position: number): boolean {
  return (
    (states[position] ?? rowStates.open) === (direction === "patch" ? rowStates.open : rowStates.written)
  );
}

/** What decides whether a row is written now. */
export interface Sieve {
  readonly tables: readonly Table[];
  readonly states: RowStates;
  readonly direction: Direction;
  readonly selection: Selection;
  readonly waiting: Waiting;
}

/**
 * Without rows that are done with, that nobody asked for, or that were left.
 * @returns units to write, and those that wait for another row
 */
export function sift(
  { tables, states, direction, selection, waiting }: Sieve,
  units: readonly Unit[],
): { readonly ready: readonly Unit[]; readonly late: readonly Unit[] } {
  const wanted = units.flatMap((unit) => {
    const rows = unit.filter(
      (row) =>
        row.change !== undefined &&
        !waiting.isLeft(row.position) &&
        isOpen(states, direction, row.position) &&
        isSelected(selection, tables, row),
    );
    return rows.length === 0 ? [] : [rows];
  });
  const isLate = (unit: Unit) => unit.some(({ position }) => waiting.waits(position));
  return { ready: wanted.filter((unit) => !isLate(unit)), late: wanted.filter(isLate) };
}
