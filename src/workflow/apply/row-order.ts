import { type Phase, type PlacedRow, type WriteOrder, writeOrder } from "../../merge/ordering/write-order.js";
import type { Bond } from "../../model/bond.js";
import type { RowWrite } from "../../model/change.js";
import type { Direction } from "../../model/journal.js";
import { type Operation, operations } from "../../model/value.js";
import type { PlanStore } from "../../store/plan-store.js";
import type { Unit } from "./isolate.js";

/** Rows fetched by position at a time. */
const fetchSize = 1000;

/**
 * All rows that a plan writes, in an order in which they can be committed one after the other: the steps of the patch,
 * but for rows whose bonds want otherwise (`merge/write-order.ts`). The rollback goes the same way backwards.
 */
export async function* rowsInOrder(
  store: PlanStore,
  bonds: readonly Bond[],
  direction: Direction,
): AsyncGenerator<readonly Unit[]> {
  const order = writeOrder(bonds);
  const placed = await sortPlaced(store, order);
  const steps = await stepsOf(store);
  const phases = order.phases.map((phase, number) => ({ phase, number }));
  const forward = direction === "patch";
  for (const { phase, number } of forward ? phases : phases.reverse()) {
    if (!forward) yield* unitsOf(store, phase.units.toReversed());
    for (const step of forward ? steps : steps.toReversed()) {
      const later = placed.get(placeName(number, step)) ?? [];
      if (!forward) yield* rowsAt(store, later.toReversed());
      if (number === 0) yield* freeRows(store, step, order);
      if (forward) yield* rowsAt(store, later);
    }
    if (forward) yield* unitsOf(store, phase.units);
  }
}

interface Step {
  readonly table: number;
  readonly change: Operation;
}

const placeName = (phase: number, { table, change }: Step) => `${phase} ${table} ${change}`;

/** Inserts with parents first, updates, deletes with children first. */
async function stepsOf(store: PlanStore): Promise<readonly Step[]> {
  const steps = new Map<string, Step>();
  for (const { table, change } of await store.tallies()) {
    if (change !== undefined) steps.set(`${table} ${change}`, { table, change });
  }
  const rank = ({ table, change }: Step) => (change === "delete" ? -table : table);
  return [...steps.values()].sort(
    (a, b) => operations.indexOf(a.change) - operations.indexOf(b.change) || rank(a) - rank(b),
  );
}

/** Which step each row is of that has a place of its own; the rows themselves are too many to keep. */
async function sortPlaced(
  store: PlanStore,
  { phases }: WriteOrder,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const sorted = new Map<string, number[]>();
  for (const [number, { rows }] of phases.entries()) {
    for (let from = 0; from < rows.length; from += fetchSize) {
      for (const { position, table, change } of await fetch(store, positionsIn(rows, from))) {
        if (change === undefined) continue;
        const name = placeName(number, { table, change: change.kind });
        const known = sorted.get(name);
        if (known === undefined) sorted.set(name, [position]);
        else known.push(position);
      }
    }
  }
  return sorted;
}

const positionsIn = (rows: Phase["rows"], from: number): readonly number[] =>
  rows.slice(from, from + fetchSize).map(({ position }: PlacedRow) => position);

async function* freeRows(
  store: PlanStore,
  { table, change }: Step,
  { placed }: WriteOrder,
): AsyncGenerator<readonly Unit[]> {
  for await (const batch of store.writes({ table, changes: [change] })) {
    yield batch.filter(({ position }) => !placed.has(position)).map((row) => [row]);
  }
}

async function* rowsAt(store: PlanStore, positions: readonly number[]): AsyncGenerator<readonly Unit[]> {
  for (let from = 0; from < positions.length; from += fetchSize) {
    const rows = await fetch(store, positions.slice(from, from + fetchSize));
    yield rows.map((row) => [row]);
  }
}

async function* unitsOf(
  store: PlanStore,
  units: readonly (readonly number[])[],
): AsyncGenerator<readonly Unit[]> {
  let some: (readonly number[])[] = [];
  let size = 0;
  for (const [at, unit] of units.entries()) {
    some.push(unit);
    size += unit.length;
    if (size < fetchSize && at < units.length - 1) continue;
    const rows = new Map((await fetch(store, some.flat())).map((row) => [row.position, row]));
    yield some.map((members) => members.flatMap((position) => rows.get(position) ?? []));
    [some, size] = [[], 0];
  }
}

/** The rows at these positions, in this order. */
async function fetch(store: PlanStore, positions: readonly number[]): Promise<readonly RowWrite[]> {
  const found = new Map<number, RowWrite>();
  const sorted = [...positions].sort((a, b) => a - b);
  for (let from = 0; from < sorted.length; from += fetchSize) {
    for await (const batch of store.writes({ positions: sorted.slice(from, from + fetchSize) }))
      for (const row of batch) found.set(row.position, row);
  }
  return positions.flatMap((position) => found.get(position) ?? []);
}
