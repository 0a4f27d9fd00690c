import { conflictId } from "../../merge/conflict-id.js";
import { type Obstacles, withhold } from "../../merge/withhold.js";
import type { ParkedCell, PlannedConflict, PlannedRow } from "../../model/change.js";
import type { Constraints } from "../../model/constraint.js";
import type { ForeignKey, Table } from "../../model/table.js";
import type { Bar, Need, Rivalry, Withheld } from "../../model/withheld.js";
import { checkChildren } from "./children.js";
import { checkClashes } from "./clashes.js";
import { checkParents } from "./parents.js";
import { type Parking, parkRows } from "./park-rows.js";
import { type Checking, rowName } from "./planned-writes.js";
import { checkRows } from "./row-checks.js";

export interface ConstraintsToCheck extends Constraints {
  readonly foreignKeys: readonly ForeignKey[];
}

/**
 * Checks the planned writes against every constraint of `current`, as it would be after the patch, and withholds those
 * that would break one or change a row that nobody planned. What remains applies cleanly (design 2.4).
 *
 * @returns how many rows were withheld
 */
export async function checkConstraints(checking: Checking, constraints: ConstraintsToCheck): Promise<number> {
  const obstacles = await findObstacles(checking, constraints);
  const bars = [...obstacles.bars];
  for (;;) {
    const withheld = withhold({ ...obstacles, bars });
    const needs = obstacles.needs.filter(({ row, needs }) => !withheld.has(row) && !withheld.has(needs));
    const parking = await parkRows(checking, needs, constraints);
    if (parking.bars.length > 0) {
      // What cannot be written in any order is withheld, and may withhold others.
      bars.push(...parking.bars);
      continue;
    }
    await withholdRows(checking, withheld);
    await keepParking(checking, parking);
    if (checking.patchPerTenant === true) await checking.store.cutPatches(needs);
    return withheld.size;
  }
}

async function keepParking({ store }: Checking, { cells, waves }: Parking): Promise<void> {
  const positions = [...new Set([...cells.keys(), ...waves.keys()])].sort((a, b) => a - b);
  for (let from = 0; from < positions.length; from += replaceSize) {
    const parked: PlannedRow[] = [];
    for await (const batch of store.rows({ positions: positions.slice(from, from + replaceSize) })) {
      parked.push(...batch.map((row) => moved(row, cells.get(row.position), waves.get(row.position))));
    }
    await store.replaceRows(parked);
  }
}

/** A row of a later wave is among those that step aside even if it does not: there are few of both to be looked at. */
function moved(row: PlannedRow, park: readonly ParkedCell[] = [], wave?: number): PlannedRow {
  return { ...row, park, wave };
}

async function findObstacles(checking: Checking, constraints: ConstraintsToCheck): Promise<Obstacles> {
  const bars: Bar[] = [];
  const needs: Need[] = [];
  const rivalries: Rivalry[] = [];
  for (const foreignKey of constraints.foreignKeys) {
    for (const found of [
      await checkParents(checking, foreignKey),
      await checkChildren(checking, foreignKey),
    ]) {
      bars.push(...found.bars);
      needs.push(...found.needs);
    }
  }
  for (const [at, { label }] of checking.tables.entries()) {
    bars.push(
      ...(await checkRows(
        checking,
        at,
        constraints.checks.filter(({ table }) => table === label),
      )),
    );
    for (const rule of constraints.unique.filter(({ table }) => table === label)) {
      const found = await checkClashes(checking, at, rule);
      bars.push(...found.bars);
      needs.push(...found.needs);
      rivalries.push(...found.rivalries);
    }
  }
  // A row that refers to itself comes and goes as one.
  return { bars, needs: needs.filter(({ row, needs: needed }) => row !== needed), rivalries };
}

/** Rows fetched and replaced at a time. */
const replaceSize = 2000;

async function withholdRows(checking: Checking, withheld: ReadonlyMap<number, Withheld>): Promise<void> {
  const entries = [...withheld].sort(([a], [b]) => a - b);
  for (let from = 0; from < entries.length; from += replaceSize) {
    const some = entries.slice(from, from + replaceSize);
    const rows = await fetchRows(checking, some, withheld);
    const replaced = some.flatMap(([position, found]) => {
      const row = rows.get(position);
      if (row === undefined) return [];
      return [withheldRow(checking.tables, row, found, causeText(checking.tables, rows, withheld, found))];
    });
    await checking.store.replaceRows(replaced);
  }
}

/** The rows themselves, and those that their causes speak of. */
async function fetchRows(
  { store }: Checking,
  some: readonly (readonly [number, Withheld])[],
  withheld: ReadonlyMap<number, Withheld>,
): Promise<ReadonlyMap<number, PlannedRow>> {
  const positions = new Set<number>();
  for (const [position, found] of some) {
    positions.add(position);
    let because = found.because;
    for (let length = 0; because !== undefined && length < longestChain; length += 1) {
      positions.add(because);
      because = withheld.get(because)?.because;
    }
  }
  const rows = new Map<number, PlannedRow>();
  for await (const batch of store.rows({ positions: [...positions] })) {
    for (const row of batch) rows.set(row.position, row);
  }
  return rows;
}

/** A row that was in conflict before stays in that conflict; only what could be written of it is no longer. */
function withheldRow(
  tables: readonly Table[],
  row: PlannedRow,
  { outcome, reason }: Withheld,
  cause: string,
): PlannedRow {
  const table = tables[row.table] as Table;
  if (row.outcome === "conflict") return { ...row, change: undefined };
  if (outcome === "skipped")
    return { ...row, outcome, change: undefined, conflict: undefined, reason: cause };
  const conflict: PlannedConflict = {
    id: conflictId(table.label, row.key, reason.kind),
    kind: reason.kind,
    columns: reason.columns,
    cause,
    resolution: undefined,
    reason: undefined,
  };
  return { ...row, outcome, change: undefined, conflict };
}

/** Causes named one after the other, so that nobody reads a page: the rest are looked up row by row. */
const longestChain = 5;

/** The cause, and the cause of the cause: comment 9 refers to issue 4, which refers to user 2, which is excluded. */
function causeText(
  tables: readonly Table[],
  rows: ReadonlyMap<number, PlannedRow>,
  withheld: ReadonlyMap<number, Withheld>,
  first: Withheld,
): string {
  const texts = [first.reason.text];
  let because = first.because;
  for (let length = 1; because !== undefined; length += 1) {
    const next = withheld.get(because);
    const row = rows.get(because);
    if (next === undefined || length === longestChain) {
      texts.push(row === undefined ? "which is not written" : stateText(row));
      break;
    }
    const name = row === undefined ? "" : `${rowName(tables[row.table] as Table, row.key)} is not written: `;
    texts.push(`${name}${next.reason.text}`);
    because = next.because;
  }
  return texts.join("; ");
}

function stateText({ outcome, conflict, reason }: PlannedRow): string {
  const why = conflict?.kind ?? reason;
  const what = outcome === "conflict" ? "in conflict" : outcome === "apply" ? "written" : outcome;
  return `that row is ${what}${why === undefined ? "" : ` (${why})`}`;
}
