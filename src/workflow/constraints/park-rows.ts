import { asideRows, parkForClash, parkForCycle } from "../../merge/park.js";
import { ringsOf } from "../../merge/rings.js";
import { type Wait, wavesOf } from "../../merge/waves.js";
import type { Change, ParkedCell, PlannedRow } from "../../model/change.js";
import type { CheckRule, UniqueRule } from "../../model/constraint.js";
import type { ForeignKey, Table } from "../../model/table.js";
import type { Bar, Need } from "../../model/withheld.js";
import { findViolations } from "../../postgres/constraint-facts.js";
import type { Checking } from "./planned-writes.js";
import { askedOf } from "./row-checks.js";

export interface Parking {
  /** What each row holds until its change is written, by position. */
  readonly cells: ReadonlyMap<number, readonly ParkedCell[]>;
  /** In which wave a row is written, if not in the first one. */
  readonly waves: ReadonlyMap<number, number>;
  /** Rows that cannot be written, because no order allows it and nothing can hold their place. */
  readonly bars: readonly Bar[];
}

export interface ParkingRules {
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly CheckRule[];
}

const fetchSize = 2000;

/**
 * Rows that have to step aside while others are written: those that give up a unique value another row wants, and those
 * in a cycle of foreign keys. The same row steps aside in the patch and in its inverse. Where nothing can stand in its
 * place, the one row is written a wave after the other; where that comes round to the first one, neither can be.
 */
export async function parkRows(
  checking: Checking,
  needs: readonly Need[],
  rules: ParkingRules,
): Promise<Parking> {
  const cells = new Map<number, readonly ParkedCell[]>();
  const waits: NeedToWait[] = [];
  for (let from = 0; from < needs.length; from += fetchSize) {
    const some = needs.slice(from, from + fetchSize);
    const rows = await fetchRows(checking, some);
    const places = await findPlaces(checking, some, rows, rules);
    for (const need of some) {
      const [row, needed] = [rows.get(need.row), rows.get(need.needs)];
      if (row === undefined || needed === undefined || mayBeDeferred(need, row, needed)) continue;
      const inOrder = isInOrder(need, row, needed);
      const parked = parkFor(need, row, needed, places);
      if (parked !== undefined && !inOrder) stepAside(cells, parked);
      else waits.push({ row: need.row, needs: need.needs, inOrder, need, parked });
    }
  }
  return { cells, ...orderWaits(waits, cells) };
}

interface NeedToWait extends Wait {
  readonly need: Need;
  /** How it could do without waiting. */
  readonly parked: Parked | undefined;
}

/**
 * Puts those that must wait into waves. Where they wait for each other, those of the ring that can step aside do, though
 * the order alone would not ask it of them.
 */
function orderWaits(
  waits: readonly NeedToWait[],
  cells: Map<number, readonly ParkedCell[]>,
): Omit<Parking, "cells"> {
  const { waves, stuck } = wavesOf(waits);
  if (stuck.size === 0) return { waves, bars: [] };
  const rings = ringsOf(waits.filter(({ row, needs }) => stuck.has(row) && stuck.has(needs)));
  const isOfRing = ({ row, needs }: Wait) => rings.has(row) && rings.get(row) === rings.get(needs);
  const opening = new Set(waits.filter((wait) => wait.parked !== undefined && isOfRing(wait)));
  if (opening.size > 0) {
    for (const { parked } of opening) stepAside(cells, parked ?? []);
    return orderWaits(
      waits.filter((wait) => !opening.has(wait)),
      cells,
    );
  }
  // Every ring has a wait against the order. The others of the ring, and what waits for them, are withheld with it.
  const hopeless = waits.filter(({ row, needs, inOrder }) => !inOrder && stuck.has(row) && stuck.has(needs));
  return { waves, bars: hopeless.map(({ need }) => cannotBeOrdered(need)) };
}

function stepAside(cells: Map<number, readonly ParkedCell[]>, parked: Parked): void {
  for (const [position, mine] of parked) cells.set(position, join(cells.get(position) ?? [], mine));
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

/**
 * What is checked at the end of the transaction. What a foreign key does to children on its own never waits, and what
 * is inserted here is deleted by the rollback.
 */
function mayBeDeferred({ rule, awaits }: Need, row: PlannedRow, needed: PlannedRow): boolean {
  if (!rule.deferrable || "parts" in rule) return rule.deferrable;
  const parent = awaits === "parent" ? needed : row;
  return (parent.change?.kind === "update" ? rule.onUpdate : rule.onDelete) === "a";
}

/** Whether the usual order of the steps writes them right: inserts, updates, deletes, by table. */
function isInOrder({ awaits }: Need, row: PlannedRow, needed: PlannedRow): boolean {
  if (awaits === "value") return false;
  const [first, then] = [needed.change, row.change];
  // One statement: foreign keys are checked at its end.
  if (first?.kind === "update" && then?.kind === "update")
    return row.table === needed.table && String(first.columns) === String(then.columns);
  if (awaits === "parent")
    return first?.kind === "insert" && (then?.kind === "update" || needed.table <= row.table);
  return then?.kind === "delete" && (first?.kind === "update" || needed.table >= row.table);
}

/** For a row and a rule, what the row can hold meanwhile. */
type Places = ReadonlyMap<string, readonly ParkedCell[]>;
const placeName = (position: number, rule: UniqueRule | ForeignKey) =>
  `${position} ${rule.table} ${rule.name}`;

interface Candidate {
  readonly name: string;
  readonly change: Change;
  readonly cells: readonly ParkedCell[];
}

/** The first of all places that the checks allow, for each row that may have to step aside. */
async function findPlaces(
  checking: Checking,
  needs: readonly Need[],
  rows: ReadonlyMap<number, PlannedRow>,
  rules: ParkingRules,
): Promise<Places> {
  const candidates = new Map<number, Map<string, readonly Candidate[]>>();
  for (const { row, needs: needed, rule } of needs) {
    for (const { position, table, change } of [rows.get(row), rows.get(needed)].filter(isThere)) {
      const label = checking.tables[table]?.label;
      if (change === undefined || label !== rule.table) continue;
      const name = placeName(position, rule);
      const known = candidates.get(table) ?? new Map<string, readonly Candidate[]>();
      candidates.set(table, known);
      if (known.has(name)) continue;
      const places = placesFor(checking.tables[table] as Table, rule, change, position, rules.foreignKeys);
      known.set(
        name,
        places.map((cells) => ({ name, change, cells })),
      );
    }
  }
  const found = new Map<string, readonly ParkedCell[]>();
  for (const [table, byName] of candidates) {
    const all = [...byName.values()].flat();
    for (const { name, cells } of await allowed(checking, table, all, rules.checks))
      if (!found.has(name)) found.set(name, cells);
  }
  return found;
}

const isThere = (row: PlannedRow | undefined): row is PlannedRow => row !== undefined;

function placesFor(
  table: Table,
  rule: UniqueRule | ForeignKey,
  change: Change,
  position: number,
  foreignKeys: readonly ForeignKey[],
): readonly (readonly ParkedCell[])[] {
  if ("parts" in rule) return parkForClash(table, rule, change, position, foreignKeys);
  const cells = change.kind === "update" ? undefined : parkForCycle(table, rule);
  return cells === undefined ? [] : [cells];
}

async function allowed(
  { tables, current }: Checking,
  at: number,
  candidates: readonly Candidate[],
  checks: readonly CheckRule[],
): Promise<readonly Candidate[]> {
  const table = tables[at] as Table;
  const asked = askedOf(table, checks);
  if (asked.length === 0 || candidates.length === 0) return candidates;
  const rows = candidates.flatMap((candidate, of) =>
    asideRows(candidate.change, candidate.cells).map((row) => ({ of, row })),
  );
  const violations = await findViolations(
    current,
    table,
    asked,
    rows.map(({ row }) => row),
  );
  const refused = new Set(violations.flat().map((place) => rows[place]?.of));
  return candidates.filter((_, of) => !refused.has(of));
}

type Parked = readonly (readonly [number, readonly ParkedCell[]])[];

/**
 * A row that is inserted or deleted can stand aside from the first step to the last. So one of the two is enough, but
 * for two updates: then each is in the other's way, one in the patch and one in the rollback.
 */
function parkFor({ rule }: Need, row: PlannedRow, needed: PlannedRow, places: Places): Parked | undefined {
  const isUpdate = ({ change }: PlannedRow) => change?.kind === "update";
  const place = ({ position }: PlannedRow) => places.get(placeName(position, rule));
  const whole = [needed, row].filter((one) => !isUpdate(one));
  if (!("parts" in rule)) {
    // The parent is no row that refers, unless the table refers to itself: then one statement writes both.
    if (whole.length < 2 || row.table === needed.table) return undefined;
  } else if (whole.length === 0) {
    const [mine, its] = [place(row), place(needed)];
    return mine === undefined || its === undefined
      ? undefined
      : [
          [row.position, mine],
          [needed.position, its],
        ];
  }
  const able = whole.find((one) => place(one) !== undefined);
  return able === undefined ? undefined : [[able.position, place(able) ?? []]];
}

function join(known: readonly ParkedCell[], more: readonly ParkedCell[]): readonly ParkedCell[] {
  return [...known, ...more.filter(({ column }) => !known.some((cell) => cell.column === column))].sort(
    (a, b) => a.column - b.column,
  );
}

function cannotBeOrdered({ row, reason, needs }: Need): Bar {
  const text = `${reason.text}, and nothing can stand in its place while the two are exchanged`;
  return { row, reason: { ...reason, text }, excluded: false, because: needs };
}
