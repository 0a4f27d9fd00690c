import { type RowVersions, versionsOf } from "../../model/change.js";
import { type ForeignKey, keyOf, type Table } from "../../model/table.js";
import type { Row, Value } from "../../model/value.js";
import { valuesKey } from "../../model/values-key.js";
import type { Bar, Need, Rivalry } from "../../model/withheld.js";
import { areCovered, findPeriodParents, matchPeriods } from "../../postgres/period-facts.js";
import { rowAfterOf } from "./parent-values.js";
import { isExcluded, missingParent, type ParentObstacles, refersTo, staysOrGoes } from "./parents.js";
import {
  type Checking,
  type PlannedWrite,
  positionsOf,
  type RowsCheck,
  rowAfter,
  writes,
} from "./planned-writes.js";

/**
 * Rows that would refer by a PERIOD to what is not there for all of that time, neither in `current` nor arriving. Several
 * rows may cover it together: those that arrive are needed, all of them.
 */
export function periodParentsCheck(
  checking: Checking,
  foreignKey: ForeignKey,
): RowsCheck<ParentObstacles> | undefined {
  const found: Obstacles = { bars: [], needs: [], rivalries: [] };
  const child = checking.tables.find(({ label }) => label === foreignKey.table);
  const columns = positionsOf(child, foreignKey.columns);
  if (child === undefined || columns === undefined) return undefined;
  return {
    about: columns,
    take: async (written) => {
      const chunk = written.filter(({ change }) => writes(change, columns));
      const references = chunk.flatMap((write) => referenceOf(write, columns));
      if (references.length === 0) return;
      await findCover(checking, foreignKey, child, references);
      await judge(checking, foreignKey, child, references, found);
    },
    finish: async () => found,
  };
}

function referenceOf(
  { position, change }: PlannedWrite,
  columns: readonly number[],
): readonly PeriodReference[] {
  const after = rowAfter(change);
  const values = columns.map((column) => after?.[column] ?? null);
  if (values.includes(null)) return [];
  return [{ position, values, staying: [], arriving: [], leaving: [], absent: [] }];
}

interface Obstacles {
  readonly bars: Bar[];
  readonly needs: Need[];
  readonly rivalries: Rivalry[];
}

/** A planned write, and what there is and will be of what it refers to, for some of the time. */
interface PeriodReference {
  readonly position: number;
  readonly values: readonly Value[];
  /** Ranges of rows of `current` that stay. */
  readonly staying: Value[];
  readonly arriving: Piece[];
  /** What is there, and is to go. */
  readonly leaving: Piece[];
  /** What was to come and does not. */
  readonly absent: Piece[];
}

interface Piece {
  readonly row: RowVersions;
  readonly kind: "arriving" | "leaving" | "absent";
  readonly values: readonly Value[];
}

async function findCover(
  checking: Checking,
  foreignKey: ForeignKey,
  child: Table,
  references: readonly PeriodReference[],
): Promise<void> {
  const { store, tables, current, mode } = checking;
  const parent = tables.find(({ label }) => label === foreignKey.parent);
  const asked = references.map(({ values }) => values);
  const columns = positionsOf(parent, foreignKey.parentColumns);
  const going = new Set<string>();
  if (parent !== undefined && columns !== undefined) {
    for await (const batch of store.versions({ table: tables.indexOf(parent) })) {
      const pieces = batch.flatMap((row) => piecesOf(row, mode, columns));
      const values = pieces.map((piece) => piece.values);
      for (const [at, of] of await matchPeriods(current, [child, parent], foreignKey, asked, values)) {
        const piece = pieces[of] as Piece;
        references[at]?.[piece.kind].push(piece);
        const before = piece.kind === "leaving" ? beforeOf(piece.row) : undefined;
        if (before !== undefined) going.add(valuesKey(keyOf(parent, before)));
      }
    }
  }
  const there = await findPeriodParents(
    current,
    child,
    foreignKey,
    parent ?? { label: foreignKey.parent },
    asked,
  );
  for (const { row, key, period } of there)
    if (key.length === 0 || !going.has(valuesKey(key))) references[row]?.staying.push(period);
}

/** What a row of the plan is to those that refer to it: what it gives up, what it comes to, what it does not. */
function piecesOf(row: RowVersions, mode: Checking["mode"], columns: readonly number[]): readonly Piece[] {
  const named = (version: Row | undefined) => version && columns.map((at) => version[at] ?? null);
  const [before, after] = [named(beforeOf(row)), named(rowAfterOf(row))];
  const isSame = (a: readonly Value[] | undefined, b: readonly Value[] | undefined) =>
    a !== undefined && b !== undefined && valuesKey(a) === valuesKey(b);
  const pieces: Piece[] = [];
  const add = (kind: Piece["kind"], values: readonly Value[] | undefined) => {
    if (values !== undefined && !values.includes(null)) pieces.push({ row, kind, values });
  };
  if (row.change !== undefined && !isSame(before, after)) {
    add("leaving", before);
    add("arriving", after);
  }
  if (row.outcome === "conflict" || isExcluded(row)) {
    const versions = versionsOf(mode, row);
    const incoming = named(versions.incoming);
    // A new row has the key of a row of current at best; of what is excluded, current was not asked.
    const now = versions.base === undefined || row.outcome === "excluded" ? versions.base : versions.current;
    if (!isSame(incoming, named(now)) && !isSame(incoming, after)) add("absent", incoming);
  }
  return pieces;
}

function beforeOf({ change }: RowVersions): Row | undefined {
  return change === undefined || change.kind === "insert" ? undefined : change.before;
}

async function judge(
  checking: Checking,
  foreignKey: ForeignKey,
  child: Table,
  references: readonly PeriodReference[],
  { bars, needs, rivalries }: Obstacles,
): Promise<void> {
  const asked = references.map(({ values }) => values);
  const periods = (pieces: readonly Piece[]) => pieces.map(({ values }) => values.at(-1) ?? null);
  const covered = (ranges: (reference: PeriodReference) => readonly Value[]) => {
    const pieces = references.flatMap((one, row) => ranges(one).map((period) => ({ row, period })));
    return areCovered(checking.current, child, foreignKey, asked, pieces);
  };
  const stays = await covered(({ staying, arriving }) => [...staying, ...periods(arriving)]);
  const stayed = await covered((one) => [...one.staying, ...periods(one.arriving), ...periods(one.leaving)]);
  const reasonFor = refersTo(checking, foreignKey);
  for (const [at, { position, values, arriving, leaving, absent }] of references.entries()) {
    const reason = reasonFor(values);
    const [lost] = absent;
    const others = leaving.filter(({ row }) => row.position !== position);
    if (lost !== undefined)
      bars.push({ row: position, reason, excluded: isExcluded(lost.row), because: lost.row.position });
    else if (stays[at] === true)
      for (const { row } of arriving)
        needs.push({ row: position, needs: row.position, reason, rule: foreignKey, awaits: "parent" });
    else if (stayed[at] === true && others.length > 0)
      for (const { row } of others) rivalries.push(staysOrGoes(position, row.position, reason));
    else bars.push({ row: position, ...missingParent(checking, foreignKey, values) });
  }
}
