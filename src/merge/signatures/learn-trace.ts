import type { Key, Row } from "../../model/value.js";

/** A row, and rows of other tables that the same transaction inserted. */
interface Accompanied {
  readonly key: Key;
  readonly inserted: readonly { readonly table: number; readonly row: Row }[];
}

/** Fewer examples may agree by chance. */
const leastExamples = 3;
const share = 0.9;

/**
 * People's programs leave traces: an entry in an audit table for every pin. What nearly all of these rows have beside
 * them is such a trace, and the columns in which it names the row are those that hold its key.
 *
 * @returns the table, and for each key column the position that holds it; undefined where nothing is learned
 */
export function learnTrace(
  rows: readonly Accompanied[],
): { readonly table: number; readonly positions: readonly number[] } | undefined {
  if (rows.length < leastExamples) return undefined;
  const tables = new Set(rows.flatMap(({ inserted }) => inserted.map(({ table }) => table)));
  for (const table of [...tables].sort((a, b) => a - b)) {
    const positions = positionsOfKey(rows, table);
    if (positions !== undefined) return { table, positions };
  }
  return undefined;
}

function positionsOfKey(rows: readonly Accompanied[], table: number): readonly number[] | undefined {
  const width = Math.max(...rows.flatMap(({ inserted }) => inserted.map(({ row }) => row.length)));
  const columns = Array.from({ length: width }, (_, at) => at);
  const names = ({ key, inserted }: Accompanied, part: number, at: number) =>
    inserted.some((other) => other.table === table && other.row[at] === key[part]);
  const found = rows[0]?.key.map((_, part) =>
    columns.find((at) => rows.filter((row) => names(row, part, at)).length >= share * rows.length),
  );
  return found?.every((at) => at !== undefined) === true ? (found as readonly number[]) : undefined;
}
