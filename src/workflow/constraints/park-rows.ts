import { parkForClash, parkForCycle } from "../../merge/park.js";
import type { Change, ParkedCell, PlannedRow } from "../../model/change.js";
import type { UniqueRule } from "../../model/constraint.js";
import type { ForeignKey, Table } from "../../model/table.js";
import type { Bar, Need } from "../../model/withheld.js";
import type { Checking } from "./planned-writes.js";

export interface Parking {
  /** What each row holds until its change is written, by position. */
  readonly cells: ReadonlyMap<number, readonly ParkedCell[]>;
  /** Rows that cannot be written, because nothing can hold their place. */
  readonly bars: readonly Bar[];
}

const fetchSize = 2000;

/**
 * Rows that have to step aside while others are written: those that give up a unique value another row wants, and those
 * in a cycle of foreign keys. The same row steps aside in the patch and in its inverse, so both sides of a pair do.
 */
export async function parkRows(
  checking: Checking,
  needs: readonly Need[],
  foreignKeys: readonly ForeignKey[],
): Promise<Parking> {
  const cells = new Map<number, readonly ParkedCell[]>();
  const bars: Bar[] = [];
  for (let from = 0; from < needs.length; from += fetchSize) {
    const some = needs.slice(from, from + fetchSize);
    const rows = await fetchRows(checking, some);
    for (const need of some) {
      const parked = parkFor(checking.tables, need, rows, foreignKeys);
      if (parked === undefined) bars.push(cannotBeParked(need));
      for (const [position, mine] of parked ?? []) cells.set(position, join(cells.get(position) ?? [], mine));
    }
  }
  return { cells, bars };
}

async function fetchRows(
  { store }: Checking,
  needs: readonly Need[],
): Promise<ReadonlyMap<number, PlannedRow>> {
  const positions = [...new Set(needs.flatMap(({ row, needs }) => [row, needs]))];
  const rows = new Map<number, PlannedRow>();
  for await (const batch of store.rows({ positions })) for (const row of batch) rows.set(row.position, row);
  return rows;
}

type Parked = readonly (readonly [number, readonly ParkedCell[]])[];

function parkFor(
  tables: readonly Table[],
  { row, needs, rule }: Need,
  rows: ReadonlyMap<number, PlannedRow>,
  foreignKeys: readonly ForeignKey[],
): Parked | undefined {
  const [one, other] = [rows.get(row), rows.get(needs)];
  if (rule.deferrable || one?.change === undefined || other?.change === undefined) return [];
  if ("parts" in rule) return parkPair(tables, [one, other], rule, foreignKeys);
  const child = one.table === other.table ? undefined : childOf(tables, [one, other], rule);
  if (child === undefined) return [];
  const mine = parkForCycle(tables[child.table] as Table, rule);
  return mine === undefined ? undefined : [[child.position, mine]];
}

function parkPair(
  tables: readonly Table[],
  pair: readonly PlannedRow[],
  rule: UniqueRule,
  foreignKeys: readonly ForeignKey[],
): Parked | undefined {
  const parked = pair.map(({ position, table, change }) => {
    const mine = parkForClash(tables[table] as Table, rule, change as Change, position, foreignKeys);
    return [position, mine] as const;
  });
  return parked.every((entry): entry is readonly [number, readonly ParkedCell[]] => entry[1] !== undefined)
    ? parked
    : undefined;
}

/** The referring row, if it is written whole and its table comes before that of its parent. */
function childOf(
  tables: readonly Table[],
  pair: readonly PlannedRow[],
  { table }: ForeignKey,
): PlannedRow | undefined {
  const child = pair.find((row) => tables[row.table]?.label === table);
  const parent = pair.find((row) => row !== child);
  if (child === undefined || parent === undefined || child.table > parent.table) return undefined;
  const whole = ({ change }: PlannedRow) => change?.kind === "insert" || change?.kind === "delete";
  return whole(child) && whole(parent) ? child : undefined;
}

function join(known: readonly ParkedCell[], more: readonly ParkedCell[]): readonly ParkedCell[] {
  return [...known, ...more.filter(({ column }) => !known.some((cell) => cell.column === column))].sort(
    (a, b) => a.column - b.column,
  );
}

function cannotBeParked({ row, reason, needs }: Need): Bar {
  const text = `${reason.text}, and nothing can stand in its place while the two are exchanged`;
  return { row, reason: { ...reason, text }, excluded: false, because: needs };
}
