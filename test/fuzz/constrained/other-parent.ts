import type { PlanHeader, PlannedRow, Table } from "../../../src/index.js";
import type { Mode } from "../edits.js";
import type { Printed, PrintedTable } from "../printed.js";

type ForeignKey = PlanHeader["foreignKeys"][number];

/** A row of the plan, and the row of its table that the patch leaves, if it leaves one. */
export interface Referring {
  readonly table: Table;
  readonly row: PlannedRow;
  /** In the order of the columns of `current`. */
  readonly end: readonly (string | null)[] | undefined;
}

/** The databases that references are followed in. */
export interface Sides {
  readonly mode: Mode;
  readonly printed: Printed;
  /** `current` as the plan leaves it. */
  readonly end: readonly PrintedTable[];
}

/**
 * Foreign keys by which the row would come to refer to another row than it did where it comes from: the row that was to
 * bring the values does not, and one with another key has them. PostgreSQL sees nothing wrong with that, and still
 * somebody's note would hang on somebody else's account.
 *
 * Followed in the databases as PostgreSQL printed them, not by what the plan says of its reasons.
 */
export function misleading(
  { mode, printed, end }: Sides,
  rows: readonly Pick<Referring, "table" | "row">[],
  { table, row, end: child }: Referring,
  foreignKeys: readonly ForeignKey[],
): readonly ForeignKey[] {
  const origin = mode === "undo" ? printed.pre : printed.post;
  const there = versions(mode, row).incoming;
  if (child === undefined || there === undefined) return [];
  return foreignKeys.filter((key) => {
    if (key.table !== table.label) return false;
    const own = tableOf(end, table.label);
    const values = key.columns.map((name) => child[own.columns.indexOf(name)] ?? null);
    const came = key.columns.map((name) => there[place(table, name)] ?? null);
    if (values.includes(null) || !isSame(values, came)) return false;
    const [meant, found] = [origin, end].map((side) => holderOf(side, key, values));
    if (meant === undefined || found === undefined || meant === found) return false;
    const bringer = rows.find((other) => other.table.label === key.parent && keyOf(other.row) === meant);
    return bringer !== undefined && bringer.row.outcome !== "already";
  });
}

/**
 * The row would refer to a key that current has, too, for what need not be the same thing: two rows came in under one
 * key, in the window and since. It says so where it comes from, or only as it would be: cells of both sides can make a
 * reference that neither has.
 */
export function refersToNamesake(
  { mode, end }: Sides,
  rows: readonly Pick<Referring, "table" | "row">[],
  { table, row, end: child }: Referring,
  foreignKeys: readonly ForeignKey[],
): boolean {
  if (child === undefined) return false;
  const own = tableOf(end, table.label).columns;
  const there = versions(mode, row).incoming;
  return foreignKeys
    .filter((key) => key.table === table.label)
    .some(({ parent, parentColumns, columns }) => {
      const said = columns.map((name) => there?.[place(table, name)] ?? null);
      const made = columns.map((name) => child[own.indexOf(name)] ?? null);
      const stands = columns.map((name) => row.current?.[place(table, name)] ?? null);
      const references = isSame(made, stands) ? [said] : [said, made];
      return rows.some((other) => {
        const { base, incoming } = versions(mode, other.row);
        return (
          other.table.label === parent &&
          base === undefined &&
          incoming !== undefined &&
          ["conflict", "excluded", "skipped"].includes(other.row.outcome) &&
          references.some(
            (values) =>
              !values.includes(null) &&
              parentColumns.every((name, at) => incoming[place(other.table, name)] === values[at]),
          )
        );
      });
    });
}

function isSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}

function versions(mode: Mode, { pre, post }: PlannedRow) {
  return mode === "undo" ? { base: post, incoming: pre } : { base: pre, incoming: post };
}

function keyOf({ key }: PlannedRow): string {
  return JSON.stringify(key);
}

/** Key of the row that has these values of a parent's columns. */
function holderOf(
  side: readonly PrintedTable[],
  { parent, parentColumns }: ForeignKey,
  values: readonly (string | null)[],
): string | undefined {
  const { columns, rows } = tableOf(side, parent);
  const places = parentColumns.map((name) => columns.indexOf(name));
  for (const [key, row] of rows) if (places.every((at, part) => row[at] === values[part])) return key;
  return undefined;
}

function tableOf(side: readonly PrintedTable[], label: string): PrintedTable {
  return side.find(({ table }) => table === label) as PrintedTable;
}

function place(table: Table, name: string): number {
  return table.columns.findIndex((column) => column.name === name);
}
