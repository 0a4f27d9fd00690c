import { type Cause, type RowVersions, versionsOf } from "../../model/change.js";
import type { ForeignKey, Table } from "../../model/table.js";
import type { Value } from "../../model/value.js";
import { valuesKey } from "../../model/values-key.js";
import type { Bar, Need, Reason, Rivalry } from "../../model/withheld.js";
import { findParents, type Looked } from "../../postgres/constraint-facts.js";
import { isThere, type Parents, readParents, rowAfterOf } from "./parent-values.js";
import {
  addAll,
  type Checking,
  namedValues,
  type PlannedWrite,
  positionsOf,
  type RowsCheck,
  rowAfter,
  writes,
} from "./planned-writes.js";

/** Rows that refer to a parent which `current` does not have, by the parent's values. */
type Orphans = Map<string, { readonly values: readonly Value[]; readonly rows: number[] }>;

/**
 * Rows that would refer to a parent which is neither in `current` nor arriving (design 2.4). What refers to an arriving
 * row needs it.
 */
export async function parentsCheck(
  checking: Checking,
  foreignKey: ForeignKey,
): Promise<RowsCheck<ParentObstacles> | undefined> {
  const { tables } = checking;
  const child = tables.find(({ label }) => label === foreignKey.table);
  const columns = positionsOf(child, foreignKey.columns);
  if (child === undefined || columns === undefined) return undefined;
  const parents = await readParents(checking, foreignKey);
  const partial: Bar[] = [];
  const orphans: Orphans = new Map();
  return {
    about: columns,
    take: async (written) => {
      const chunk = written.filter(({ change }) => writes(change, columns));
      if (foreignKey.matchFull) addAll(partial, findPartial(checking, foreignKey, columns, chunk));
      await findOrphans(checking, foreignKey, { child, columns, parents, chunk, orphans });
    },
    finish: async () => {
      if (orphans.size === 0) return { bars: partial, needs: [], rivalries: [] };
      const found = await resolveOrphans(checking, foreignKey, orphans, parents.leaving);
      return { ...found, bars: [...partial, ...found.bars] };
    },
  };
}

export interface ParentObstacles {
  readonly bars: readonly Bar[];
  readonly needs: readonly Need[];
  readonly rivalries: readonly Rivalry[];
}

/** MATCH FULL: some of the columns are NULL, and not all. Two good rows can merge to that. */
function findPartial(
  checking: Checking,
  foreignKey: ForeignKey,
  columns: readonly number[],
  chunk: readonly PlannedWrite[],
): readonly Bar[] {
  return chunk.flatMap(({ position, change }) => {
    const values = columns.map((at) => rowAfter(change)?.[at] ?? null);
    if (!values.includes(null) || values.every((value) => value === null)) return [];
    const { text, ...rest } = refersTo(checking, foreignKey)(values);
    const reason = { ...rest, text: `${text}, in part only (MATCH FULL)` };
    return [{ row: position, reason, excluded: false, because: undefined }];
  });
}

interface Searched {
  readonly child: Table;
  /** Positions of the columns that refer. */
  readonly columns: readonly number[];
  readonly parents: Parents;
  readonly chunk: readonly PlannedWrite[];
  /** Found so far. */
  readonly orphans: Orphans;
}

async function findOrphans(
  { tables, current }: Checking,
  foreignKey: ForeignKey,
  { child, columns, parents, chunk, orphans }: Searched,
): Promise<void> {
  const parent: Looked = tables.find(({ label }) => label === foreignKey.parent) ?? {
    label: foreignKey.parent,
  };
  const references = chunk.flatMap(({ position, change }) => {
    const values = columns.map((at) => rowAfter(change)?.[at] ?? null);
    return values.includes(null) ? [] : [{ position, name: valuesKey(values), values }];
  });
  const distinct = new Map(references.map(({ name, values }) => [name, values]));
  if (distinct.size === 0) return;
  const asked = [...distinct.entries()];
  const found = await findParents(
    current,
    child,
    foreignKey,
    parent,
    asked.map(([, values]) => values),
  );
  for (const { row, key } of found) {
    const name = asked[row]?.[0] as string;
    if (isThere(parents, name, key)) distinct.delete(name);
  }
  for (const { position, name, values } of references) {
    if (!distinct.has(name)) continue;
    const orphan = orphans.get(name);
    if (orphan === undefined) orphans.set(name, { values, rows: [position] });
    else orphan.rows.push(position);
  }
}

/** A row of the plan that has the values of an orphan's parent. */
interface Candidate {
  readonly row: RowVersions;
  readonly isWritten: boolean;
}

/**
 * Finds the missing parents among the rows of the plan. Where one that is not written has the values, the orphan meant
 * that one: another that comes to have them by merging need not be the same thing.
 */
async function resolveOrphans(
  checking: Checking,
  foreignKey: ForeignKey,
  orphans: Orphans,
  leaving: Parents["leaving"],
): Promise<ParentObstacles> {
  const candidates = await findCandidates(checking, foreignKey, orphans);
  const bars: Bar[] = [];
  const needs: Need[] = [];
  const rivalries: Rivalry[] = [];
  const reasonOf = refersTo(checking, foreignKey);
  for (const [name, { values, rows }] of orphans) {
    const found = candidates.get(name);
    const reason = reasonOf(values);
    const left = leaving.get(name);
    for (const row of rows) {
      if (found?.isWritten === true)
        needs.push({ row, needs: found.row.position, reason, rule: foreignKey, awaits: "parent" });
      else if (left !== undefined && left !== row && checking.isWritten?.(row) === true)
        rivalries.push(staysOrGoes(row, left, reason));
      else if (found !== undefined)
        bars.push({ row, reason, excluded: isExcluded(found.row), because: found.row.position });
      else if (left === undefined) bars.push({ row, ...missingParent(checking, foreignKey, values) });
      else if (left === row) bars.push({ row, reason, excluded: false, because: undefined });
      else rivalries.push(staysOrGoes(row, left, reason));
    }
  }
  return { bars, needs, rivalries };
}

/** A row that is to refer to a value of `current`, and the one that is to give that value up. */
export function staysOrGoes(child: number, parent: number, reason: Reason): Rivalry {
  const leaves = { ...reason, text: `${reason.text}, which is to go` };
  const stays = { ...reason, columns: [], text: "a row that is to be written refers to it" };
  return { rows: [child, parent], reasons: [leaves, stays] };
}

async function findCandidates(
  { store, tables, mode }: Checking,
  foreignKey: ForeignKey,
  orphans: Orphans,
): Promise<ReadonlyMap<string, Candidate>> {
  const parent = tables.findIndex(({ label }) => label === foreignKey.parent);
  const columns = positionsOf(tables[parent], foreignKey.parentColumns);
  const candidates = new Map<string, Candidate>();
  if (columns === undefined) return candidates;
  for await (const batch of store.versions({ table: parent }, columns)) {
    for (const row of batch) {
      const [after, incoming] = [rowAfterOf(row), versionsOf(mode, row).incoming].map(
        (version) => version && valuesKey(columns.map((at) => version[at])),
      );
      if (after !== undefined && orphans.has(after) && !candidates.has(after))
        candidates.set(after, { row, isWritten: true });
      // What is written in another way does not bring what it was to bring.
      if (incoming === undefined || incoming === after || !orphans.has(incoming)) continue;
      if (candidates.get(incoming)?.isWritten !== false) candidates.set(incoming, { row, isWritten: false });
    }
  }
  return candidates;
}

export function isExcluded({ outcome }: RowVersions): boolean {
  return outcome === "excluded" || outcome === "skipped";
}

export function missingParent(
  checking: Checking,
  foreignKey: ForeignKey,
  values: readonly Value[],
): Omit<Bar, "row"> {
  const excluded = checking.excludedTables.has(foreignKey.parent);
  const { text, ...rest } = refersTo(checking, foreignKey)(values);
  const time = foreignKey.period === true ? " for all of that time" : "";
  const why = excluded ? "which is in no compared table" : `which current does not have${time}`;
  const outside: Cause = {
    table: foreignKey.parent,
    key: namedValues(foreignKey.parentColumns, values),
    outcome: excluded ? "excluded" : "missing",
  };
  return { reason: { ...rest, text: `${text}, ${why}`, outside }, excluded, because: undefined };
}

/** Reasons of one foreign key have as much in common as they can: there is one for each value that is referred to. */
export function refersTo(
  { tables }: Checking,
  { name, table, columns: names, parent, parentColumns }: ForeignKey,
): (values: readonly Value[]) => Reason {
  const child = tables.find(({ label }) => label === table);
  const columns = (child && positionsOf(child, names)) ?? [];
  return (values) => {
    const key = JSON.stringify(namedValues(parentColumns, values));
    return { kind: "foreign-key", columns, constraint: name, text: `it refers to ${parent} ${key}` };
  };
}
