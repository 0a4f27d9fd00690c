import type { Cause, Change } from "../../model/change.js";
import { keyObject, type Table } from "../../model/table.js";
import type { Key, Mode, Operation, Row, Value } from "../../model/value.js";
import type { Session } from "../../postgres/session/session.js";
import type { PlanStore } from "../../store/plan-store.js";

/** What checking the constraints needs. */
export interface Checking {
  readonly store: PlanStore;
  readonly current: Session;
  readonly mode: Mode;
  readonly tables: readonly Table[];
  /** Labels of tables that the user left out: what needs a row of theirs is skipped. */
  readonly excludedTables: ReadonlySet<string>;
  /** A patch for each tenant is cut out of the plan: what rows need of each other is kept for that. */
  readonly patchPerTenant?: boolean | undefined;
  /**
   * Whether `apply` has written the row, by position; undefined if it has written nothing. Then `current` may have it as
   * it is after the recovery, or, being a copy, as before: nothing that is found out may depend on which.
   */
  readonly isWritten?: ((position: number) => boolean) | undefined;
  /** Rows looked up in one query; a usual number if undefined. */
  readonly chunkSize?: number | undefined;
}

/** A row that the patch writes. */
export interface PlannedWrite {
  readonly position: number;
  readonly key: Key;
  readonly change: Change;
}

/** Rows looked up in one query: large enough that the number of queries does not grow, small enough for memory. */
const usualSize = 20_000;

/** The rows of one table that the patch writes in one of these ways, and that pass the filter, in chunks. */
export async function* plannedWrites(
  { store, chunkSize = usualSize }: Checking,
  table: number,
  changes: readonly Operation[],
  wanted: (write: PlannedWrite) => boolean = () => true,
): AsyncGenerator<readonly PlannedWrite[]> {
  let chunk: PlannedWrite[] = [];
  for await (const batch of store.versions({ table, changes })) {
    for (const { position, key, change } of batch) {
      if (change === undefined || !wanted({ position, key, change })) continue;
      chunk.push({ position, key, change });
      if (chunk.length < chunkSize) continue;
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}

/** What leaves a row behind that constraints may not allow. */
export const leavesRow: readonly Operation[] = ["insert", "update"];
/** What takes something away that others may need. */
export const takesFromRow: readonly Operation[] = ["update", "delete"];

/** Looks at the rows that one table is to have, chunk by chunk, and then says what is in their way. */
export interface RowsCheck<Found> {
  /** An update that writes none of these columns is none of its business; undefined: every update is. */
  readonly about: readonly number[] | undefined;
  take(chunk: readonly PlannedWrite[]): Promise<void>;
  finish(): Promise<Found>;
}

/** Never spread: one call takes a hundred thousand values at most, and a parent may have more children than that. */
export function addAll<T>(all: T[], more: Iterable<T>): void {
  for (const one of more) all.push(one);
}

/** Whether a change writes any of these columns; an insert writes all. */
export function writes(change: Change, positions: readonly number[]): boolean {
  return (
    change.kind === "insert" ||
    (change.kind === "update" && change.columns.some((at) => positions.includes(at)))
  );
}

/** The row as it is after the change; undefined after a delete. */
export function rowAfter(change: Change): Row | undefined {
  return change.kind === "delete" ? undefined : change.after;
}

/** The row as it is before the change; undefined before an insert. */
export function rowBefore(change: Change): Row | undefined {
  return change.kind === "insert" ? undefined : change.before;
}

/** Positions of columns by name; undefined when one of them, or the table, is not compared. */
export function positionsOf(
  table: Table | undefined,
  names: readonly string[],
): readonly number[] | undefined {
  const positions = names.map((name) => table?.columns.findIndex((column) => column.name === name) ?? -1);
  return positions.includes(-1) ? undefined : positions;
}

/** `{"id":"4"}`: a row by the columns by which it was looked for. */
export function namedValues(names: readonly string[], values: readonly Value[]): Cause["key"] {
  return Object.fromEntries(names.map((name, at) => [name, values[at] ?? null]));
}

/** A row that the plan does not have, and that stays as it is. */
export function unplanned(table: Table, key: Key): Cause {
  return { table: table.label, key: keyObject(table, key), outcome: "unchanged" };
}

/** `public.issue {"id":"4"}` */
export function rowName(table: Table, key: Key): string {
  return `${table.label} ${JSON.stringify(keyObject(table, key))}`;
}
