import type { PlannedRow } from "../../model/change.js";
import type { RowFilter, UpdateShape } from "../../store/plan-store.js";
import type { PatchSource } from "./patch-steps.js";

/** What is held at most: as much as two pages of the store. */
const heldRows = 2000;
const heldCharacters = 8_000_000;

/**
 * The rows of a small patch, read once. A patch asks for its rows step by step, and the store answers each with several
 * queries: for a thousand small patches that is all the time they take.
 *
 * @returns undefined where they are too many to be held
 */
export async function holdRows(
  batches: AsyncIterable<readonly PlannedRow[]>,
): Promise<PatchSource | undefined> {
  const rows: PlannedRow[] = [];
  let characters = 0;
  for await (const batch of batches) {
    rows.push(...batch);
    characters += batch.reduce((sum, row) => sum + lengthOf(row), 0);
    if (rows.length > heldRows || characters > heldCharacters) return undefined;
  }
  return sourceOf(rows);
}

function lengthOf({ pre = [], post = [], current = [], change }: PlannedRow): number {
  const after = change === undefined || change.kind === "delete" ? [] : change.after;
  return [pre, post, current, after].flat().reduce((sum, value) => sum + (value?.length ?? 0), 0);
}

function sourceOf(rows: readonly PlannedRow[]): PatchSource {
  return {
    writes: async function* (filter = {}) {
      const wanted = rows.filter((row) => passes(filter, row));
      if (wanted.length > 0) yield wanted;
    },
    tallies: async () => rows.map(({ table, change }) => ({ table, change: change?.kind, rows: 1 })),
    updateShapes: async (table) => shapesOf(rows, table),
  };
}

/** As the store would answer; what a patch does not ask by is refused, so that it cannot be passed over. */
function passes(filter: RowFilter, { table, change, park }: PlannedRow): boolean {
  const { table: ofTable, changes, anyChange, columns, parked, ...others } = filter;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new Error(`held rows cannot be asked for by ${unknown}`);
  return (
    (ofTable === undefined || ofTable === table) &&
    (changes === undefined || (change !== undefined && changes.includes(change.kind))) &&
    (anyChange === undefined || anyChange === (change !== undefined)) &&
    (columns === undefined || (change?.kind === "update" && setOf(change.columns) === setOf(columns))) &&
    (parked === undefined || parked === (park !== undefined))
  );
}

function shapesOf(rows: readonly PlannedRow[], of: number): readonly UpdateShape[] {
  const shapes = new Map<string, UpdateShape>();
  for (const { table, change } of rows) {
    if (table !== of || change?.kind !== "update") continue;
    const columns = [...change.columns].sort((a, b) => a - b);
    shapes.set(String(columns), { columns, rows: (shapes.get(String(columns))?.rows ?? 0) + 1 });
  }
  return [...shapes.values()].sort(byColumns);
}

const setOf = (columns: readonly number[]): string => String([...columns].sort((a, b) => a - b));

/** As DuckDB sorts lists. */
function byColumns({ columns: a }: UpdateShape, { columns: b }: UpdateShape): number {
  const at = a.findIndex((column, place) => column !== b[place]);
  return at === -1 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1);
}
