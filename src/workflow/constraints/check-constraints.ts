import { conflictId } from "../../merge/conflict-id.js";
import { withhold } from "../../merge/withhold.js";
import type { ParkedCell, PlannedConflict, PlannedRow } from "../../model/change.js";
import type { Table } from "../../model/table.js";
import type { Withheld } from "../../model/withheld.js";
import { judgedOf } from "../deciding/restored.js";
import { type DecidedWrites, declinedRows, withDecision, writtenAsDecided } from "./decided-rows.js";
import { type Explained, Explainer } from "./explain.js";
import { type ConstraintsToCheck, findObstacles } from "./obstacles.js";
import { type Parking, parkRows } from "./park-rows.js";
import { addAll, type Checking } from "./planned-writes.js";
import { tieCopies } from "./tie-copies.js";
import { withWritten } from "./written-first.js";

/**
 * Checks the planned writes against every constraint of `current`, as it would be after the patch, and withholds those
 * that would break one or change a row that nobody planned. What remains applies cleanly (design 2.4).
 *
 * @param decided what was decided about rows that constraints did not allow
 * @returns how many rows were withheld
 */
export async function checkConstraints(
  checking: Checking,
  constraints: ConstraintsToCheck,
  decided: DecidedWrites = new Map(),
): Promise<number> {
  const obstacles = withWritten(await findObstacles(checking, constraints), checking.isWritten);
  const bars = [...declinedRows(obstacles, decided), ...obstacles.bars];
  for (;;) {
    const withheld = withhold({ ...obstacles, bars });
    const needs = obstacles.needs.filter(({ row, needs }) => !withheld.has(row) && !withheld.has(needs));
    const parking = await parkRows(checking, needs, constraints);
    if (parking.bars.length > 0) {
      // What cannot be written in any order is withheld, and may withhold others.
      addAll(bars, parking.bars);
      continue;
    }
    await withholdRows(checking, withheld, decided);
    await markDecided(
      checking,
      [...decided.keys()].filter((row) => !withheld.has(row)),
      decided,
    );
    await keepParking(checking, parking);
    await checking.store.bonds.replace(both(parking.bonds, await tieCopies(checking)));
    if (checking.patchPerTenant === true) await checking.store.cutPatches(needs);
    return withheld.size;
  }
}

function* both<T>(one: Iterable<T>, other: Iterable<T>): Generator<T> {
  yield* one;
  yield* other;
}

async function markDecided(
  { store }: Checking,
  positions: readonly number[],
  decided: DecidedWrites,
): Promise<void> {
  for (let from = 0; from < positions.length; from += replaceSize) {
    for await (const batch of store.rows({ positions: positions.slice(from, from + replaceSize) })) {
      await store.replaceRows(
        batch.map((row) => ({
          ...writtenAsDecided(row, decided.get(row.position) ?? []),
          wanted: row.wanted ?? judgedOf(row),
        })),
      );
    }
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

/** Rows fetched and replaced at a time. */
const replaceSize = 2000;

async function withholdRows(
  checking: Checking,
  withheld: ReadonlyMap<number, Withheld>,
  decided: DecidedWrites,
): Promise<void> {
  const positions = [...withheld.keys()].sort((a, b) => a - b);
  const explainer = new Explainer(checking, withheld);
  for (let from = 0; from < positions.length; from += replaceSize) {
    const some = positions.slice(from, from + replaceSize);
    const explained = await explainer.explain(some);
    const replaced: PlannedRow[] = [];
    for await (const batch of checking.store.rows({ positions: some })) {
      for (const row of batch) {
        const [found, why] = [withheld.get(row.position), explained.get(row.position)];
        if (found === undefined || why === undefined) continue;
        const kept = withheldRow(checking.tables, row, found, why);
        const wanted = row.wanted ?? judgedOf(row);
        replaced.push(withDecision({ ...kept, wanted }, decided.get(row.position)));
      }
    }
    await checking.store.replaceRows(replaced);
  }
}

/** A row that was in conflict before stays in that conflict; only what could be written of it is no longer. */
function withheldRow(
  tables: readonly Table[],
  row: PlannedRow,
  { outcome, reason }: Withheld,
  { text, causes }: Explained,
): PlannedRow {
  const table = tables[row.table] as Table;
  if (row.outcome === "conflict" && row.conflict !== undefined) {
    const conflict = { ...row.conflict, cause: `its other cells are not written either: ${text}` };
    return { ...row, change: undefined, conflict, causes };
  }
  if (outcome === "skipped")
    return { ...row, outcome, change: undefined, conflict: undefined, reason: text, causes };
  const conflict: PlannedConflict = {
    id: conflictId(table.label, row.key, reason.kind),
    kind: reason.kind,
    columns: reason.columns,
    cause: text,
    resolution: undefined,
    reason: undefined,
  };
  return { ...row, outcome, change: undefined, conflict, causes };
}
