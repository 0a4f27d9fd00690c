import { PlanError } from "../../model/errors.js";
import { type RowStates, rowStates } from "../../model/journal.js";
import type { PlanHeader } from "../../model/plan.js";
import { keyObject, type Table } from "../../model/table.js";
import type { Key } from "../../model/value.js";
import type { PlanStore } from "../../store/plan-store.js";

/** What helps where rows are written already of which something else is to be made. */
const writtenHint =
  "take the recovery back with pgmend apply --rollback and decide then, or leave it and plan what is open now: pgmend plan --out ANOTHER-FOLDER";

/** Whether `apply` has written the row to some database, or found it as planned there. What it did stays in its journal. */
export function isWritten(states: RowStates, position: number): boolean {
  return (states[position] ?? rowStates.open) !== rowStates.open;
}

/** The same for all rows at once; undefined if none is written. */
export async function writtenRows(store: PlanStore): Promise<((position: number) => boolean) | undefined> {
  const states = await store.journal.statesAnywhere();
  return states.some((state) => state !== rowStates.open)
    ? (position) => isWritten(states, position)
    : undefined;
}

/** In words: these rows are written. @param count of all of them; this is the first */
export function writtenBefore({ label }: Table, key: string, count: number): string {
  const more = count === 1 ? "" : `, and ${count - 1} more like it`;
  return `${label} ${key} was written by pgmend apply${more}; ${writtenHint}`;
}

const namedRows = 5;

/**
 * Of rows that are written, nothing else may be made: the journal says that they are done, and the rollback takes back
 * what the plan says of them.
 * @param positions rising
 * @throws PlanError, naming the first of them
 */
export async function refuseWritten(
  store: PlanStore,
  { tables }: Pick<PlanHeader, "tables">,
  positions: readonly number[],
): Promise<void> {
  if (positions.length === 0) return;
  const states = await store.journal.statesAnywhere();
  const written = positions.filter((position) => isWritten(states, position));
  if (written.length === 0) return;
  const names: string[] = [];
  for await (const batch of store.rows({ positions: written.slice(0, namedRows) }))
    for (const { table, key } of batch) names.push(nameOf(tables[table] as Table, key));
  const more = written.length > names.length ? `, and ${written.length - names.length} more` : "";
  throw new PlanError(
    `the decisions would make something else of rows that pgmend apply has written: ${names.join(", ")}${more}; nothing was changed`,
    { hint: writtenHint },
  );
}

function nameOf(table: Table, key: Key): string {
  return `${table.label} ${JSON.stringify(keyObject(table, key))}`;
}
