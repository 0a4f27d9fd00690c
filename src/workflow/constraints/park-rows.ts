import { asideRows, parkForClash, parkForCycle } from "../../merge/ordering/park.js";
import { ringsOf } from "../../merge/ordering/rings.js";
import { type Wait, wavesOf } from "../../merge/ordering/waves.js";
import type { Bond, BondKind } from "../../model/bond.js";
import type { Change, ParkedCell, PlannedRow } from "../../model/change.js";
import type { CheckRule, UniqueRule } from "../../model/constraint.js";
import type { ForeignKey, Table } from "../../model/table.js";
import type { Operation } from "../../model/value.js";
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
  /** What may be committed before what; as many as there are needs, so they are made as they are read. */
  readonly bonds: Iterable<Bond>;
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
  const planned = await readPlanned(checking, needs);
  const waitOf = (need: Need) => waitFor(need, planned.get(need.row), planned.get(need.needs));
  // For nearly every plan the usual order is right, and nobody steps aside or comes later.
  const isUsual = !needs.some((need) => waitOf(need)?.inOrder === false);
  if (isUsual) {
    const bonds = bondsOf(needs, planned, (need) => waitOf(need) !== undefined);
    return { cells: new Map(), waves: new Map(), bars: [], bonds };
  }
  const waits = needs.flatMap((need) => waitOf(need) ?? []);
  const cells = new Map<number, readonly ParkedCell[]>();
  const stepAside = async (some: readonly NeedToWait[]) => {
    const parked = await findParked(checking, some, rules);
    for (const [position, mine] of [...parked.values()].flat())
      cells.set(position, join(cells.get(position) ?? [], mine));
    return parked;
  };
  const aside = await stepAside(waits.filter(({ inOrder }) => !inOrder));
  for (let left = waits.filter((wait) => !aside.has(wait)); ; ) {
    const { waves, stuck } = wavesOf(left);
    const isStuck = ({ row, needs }: Wait) => stuck.has(row) && stuck.has(needs);
    const rings = ringsOf(left.filter(isStuck));
    const isOfRing = ({ row, needs }: Wait) => rings.has(row) && rings.get(row) === rings.get(needs);
    // Where they wait for each other, those of the ring that can step aside do, though the order would not ask it.
    const opening = await stepAside(left.filter((wait) => wait.inOrder && isOfRing(wait)));
    if (opening.size > 0) {
      left = left.filter((wait) => !opening.has(wait));
      continue;
    }
    // Every ring has a wait against the order. The others of the ring, and what waits for them, are withheld with it,
    // each for want of the row it waits for: nobody is in the way of those who only wait.
    const hopeless = left.filter((wait) => !wait.inOrder && isOfRing(wait));
    const ordered = new Set(left.map(({ need }) => need));
    const bonds = bondsOf(needs, planned, (need) => ordered.has(need));
    return { cells, waves, bars: hopeless.map(({ need }) => cannotBeOrdered(need)), bonds };
  }
}

/** @param isOrdered whether the order of the writes sees to it, and nobody steps aside for it */
function* bondsOf(
  needs: readonly Need[],
  planned: ReadonlyMap<number, Planned>,
  isOrdered: (need: Need) => boolean,
): Generator<Bond> {
  for (const need of needs) {
    const [row, needed] = [planned.get(need.row), planned.get(need.needs)];
    if (row === undefined || needed === undefined) continue;
    const inOrder = isInOrder(need, row, needed);
    const isFree = isOrdered(need) || (inOrder && mayBeDeferred(need, row, needed));
    const kind = !isFree ? "together" : inOrder ? bondInOrder(row, needed) : "against";
    yield { row: need.row, needs: need.needs, kind };
  }
}

/** Rows of one statement see each other; in several, one has to be first. */
function bondInOrder(row: Planned, needed: Planned): BondKind {
  if (row.table !== needed.table || row.kind !== needed.kind) return "usual";
  return row.kind === "update" ? "together" : "level";
}

interface NeedToWait extends Wait {
  readonly need: Need;
}

/** As much of a row of the plan as its place in the order depends on: many are looked at, and few in full. */
interface Planned {
  readonly table: number;
  readonly kind: Operation | undefined;
  /** What an update writes. */
  readonly columns: string;
}

async function readPlanned(
  { store }: Checking,
  needs: readonly Need[],
): Promise<ReadonlyMap<number, Planned>> {
  const wanted = new Set(needs.flatMap(({ row, needs }) => [row, needs]));
  const filter = wanted.size <= fetchSize ? { positions: [...wanted] } : { anyChange: true };
  const planned = new Map<number, Planned>();
  for await (const batch of store.versions(filter, [])) {
    for (const { position, table, change } of batch) {
      if (!wanted.has(position)) continue;
      const columns = change?.kind === "update" ? String(change.columns) : "";
      planned.set(position, { table, kind: change?.kind, columns });
    }
  }
  return planned;
}

function waitFor(need: Need, row: Planned | undefined, needed: Planned | undefined): NeedToWait | undefined {
  if (row === undefined || needed === undefined || mayBeDeferred(need, row, needed)) return undefined;
  return { row: need.row, needs: need.needs, inOrder: isInOrder(need, row, needed), need };
}

/** For those of the waits that can be done without: who holds what meanwhile. */
async function findParked(
  checking: Checking,
  waits: readonly NeedToWait[],
  rules: ParkingRules,
): Promise<ReadonlyMap<NeedToWait, Parked>> {
  const found = new Map<NeedToWait, Parked>();
  for (let from = 0; from < waits.length; from += fetchSize) {
    const some = waits.slice(from, from + fetchSize);
    const needs = some.map(({ need }) => need);
    const rows = await fetchRows(checking, needs);
    const places = await findPlaces(checking, needs, rows, rules);
    for (const wait of some) {
      const [row, needed] = [rows.get(wait.row), rows.get(wait.needs)];
      if (row === undefined || needed === undefined) continue;
      const parked = parkFor(wait.need, row, needed, places);
      if (parked !== undefined) found.set(wait, parked);
    }
  }
  return found;
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
function mayBeDeferred({ rule, awaits }: Need, row: Planned, needed: Planned): boolean {
  if (!rule.deferrable || "parts" in rule) return rule.deferrable;
  const parent = awaits === "parent" ? needed : row;
  return (parent.kind === "update" ? rule.onUpdate : rule.onDelete) === "a";
}

/** Whether the usual order of the steps writes them right: inserts, updates, deletes, by table. */
function isInOrder({ awaits }: Need, row: Planned, needed: Planned): boolean {
  if (awaits === "value") return false;
  const [first, then] = [needed.kind, row.kind];
  // One statement: foreign keys are checked at its end.
  if (first === "update" && then === "update")
    return row.table === needed.table && needed.columns === row.columns;
  if (awaits === "parent") return first === "insert" && (then === "update" || needed.table <= row.table);
  return then === "delete" && (first === "update" || needed.table >= row.table);
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
  const cells = change.kind === "update" ? undefined : parkForCycle(table, rule, foreignKeys);
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
