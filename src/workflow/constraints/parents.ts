import { type Cause, type PlannedRow, versionsOf } from "../../model/change.js";
import type { ForeignKey, Table } from "../../model/table.js";
import type { Value } from "../../model/value.js";
import { valuesKey } from "../../model/values-key.js";
import type { Bar, Need } from "../../model/withheld.js";
import { findParents, type Looked } from "../../postgres/constraint-facts.js";
import {
  type Checking,
  namedValues,
  plannedWrites,
  positionsOf,
  rowAfter,
  writes,
} from "./planned-writes.js";

/** Rows that refer to a parent which `current` does not have, by the parent's values. */
type Orphans = Map<string, { readonly values: readonly Value[]; readonly rows: number[] }>;

/**
 * Rows that would refer to a parent which is neither in `current` nor arriving (design 2.4). What refers to an arriving
 * row needs it.
 */
export async function checkParents(
  checking: Checking,
  foreignKey: ForeignKey,
): Promise<{ readonly bars: readonly Bar[]; readonly needs: readonly Need[] }> {
  const { tables } = checking;
  const child = tables.findIndex(({ label }) => label === foreignKey.table);
  const columns = child === -1 ? undefined : positionsOf(tables[child] as Table, foreignKey.columns);
  if (columns === undefined) return { bars: [], needs: [] };
  const impostors = await findImpostors(checking, foreignKey);
  const partial = foreignKey.matchFull ? await findPartial(checking, foreignKey, child, columns) : [];
  const orphans = await findOrphans(checking, foreignKey, child, columns, impostors);
  if (orphans.size === 0) return { bars: partial, needs: [] };
  const needs = await resolveOrphans(checking, foreignKey, orphans);
  const bars = [...orphans.values()].flatMap(({ values, rows }) =>
    rows.map((row): Bar => ({ row, ...missingParent(checking, foreignKey, values) })),
  );
  return { bars: [...partial, ...bars, ...needs.bars], needs: needs.needs };
}

/**
 * Keys that an incoming row has and cannot have, because a row of `current` has them. The two need not be the same
 * thing, so what refers to the incoming row must not end up with the other.
 */
async function findImpostors(
  { store, tables, mode }: Checking,
  foreignKey: ForeignKey,
): Promise<ReadonlySet<string>> {
  const parent = tables.findIndex(({ label }) => label === foreignKey.parent);
  const columns = parent === -1 ? undefined : positionsOf(tables[parent] as Table, foreignKey.parentColumns);
  const impostors = new Set<string>();
  if (columns === undefined) return impostors;
  for await (const batch of store.rows({ table: parent, outcomes: ["conflict", "excluded", "skipped"] })) {
    for (const row of batch) {
      const { base, incoming } = versionsOf(mode, row);
      if (incoming !== undefined && base === undefined)
        impostors.add(valuesKey(columns.map((at) => incoming[at])));
    }
  }
  return impostors;
}

/** MATCH FULL: some of the columns are NULL, and not all. Two good rows can merge to that. */
async function findPartial(
  checking: Checking,
  foreignKey: ForeignKey,
  child: number,
  columns: readonly number[],
): Promise<readonly Bar[]> {
  const bars: Bar[] = [];
  for await (const chunk of plannedWrites(checking, child, (change) => writes(change, columns))) {
    for (const { position, change } of chunk) {
      const values = columns.map((at) => rowAfter(change)?.[at] ?? null);
      if (!values.includes(null) || values.every((value) => value === null)) continue;
      const { text, ...rest } = refersTo(checking, foreignKey, values);
      const reason = { ...rest, text: `${text}, in part only (MATCH FULL)` };
      bars.push({ row: position, reason, excluded: false, because: undefined });
    }
  }
  return bars;
}

async function findOrphans(
  checking: Checking,
  foreignKey: ForeignKey,
  child: number,
  columns: readonly number[],
  impostors: ReadonlySet<string>,
): Promise<Orphans> {
  const { tables, current } = checking;
  const parent: Looked = tables.find(({ label }) => label === foreignKey.parent) ?? {
    label: foreignKey.parent,
  };
  const orphans: Orphans = new Map();
  for await (const chunk of plannedWrites(checking, child, (change) => writes(change, columns))) {
    const references = chunk.flatMap(({ position, change }) => {
      const values = columns.map((at) => rowAfter(change)?.[at] ?? null);
      return values.includes(null) ? [] : [{ position, values }];
    });
    const distinct = new Map(references.map(({ values }) => [valuesKey(values), values]));
    const asked = [...distinct.values()];
    const found = await findParents(current, tables[child] as Table, foreignKey, parent, asked);
    for (const { row } of found) {
      const name = valuesKey(asked[row] as readonly Value[]);
      if (!impostors.has(name)) distinct.delete(name);
    }
    for (const { position, values } of references) {
      const name = valuesKey(values);
      if (!distinct.has(name)) continue;
      const orphan = orphans.get(name);
      if (orphan === undefined) orphans.set(name, { values, rows: [position] });
      else orphan.rows.push(position);
    }
  }
  return orphans;
}

/** Finds the missing parents among the rows of the plan; those found are taken off the orphans. */
async function resolveOrphans(
  checking: Checking,
  foreignKey: ForeignKey,
  orphans: Orphans,
): Promise<{ readonly bars: readonly Bar[]; readonly needs: readonly Need[] }> {
  const { store, tables, mode } = checking;
  const parent = tables.findIndex(({ label }) => label === foreignKey.parent);
  const columns = parent === -1 ? undefined : positionsOf(tables[parent] as Table, foreignKey.parentColumns);
  const bars: Bar[] = [];
  const needs: Need[] = [];
  if (columns === undefined) return { bars, needs };
  for await (const batch of store.rows({ table: parent })) {
    for (const row of batch) {
      const arriving = (row.change && rowAfter(row.change)) ?? versionsOf(mode, row).incoming;
      const name = valuesKey(columns.map((at) => arriving?.[at]));
      const orphan = arriving === undefined ? undefined : orphans.get(name);
      if (orphan === undefined) continue;
      orphans.delete(name);
      const reason = refersTo(checking, foreignKey, orphan.values);
      for (const position of orphan.rows) {
        if (isWritten(row))
          needs.push({ row: position, needs: row.position, reason, rule: foreignKey, awaits: "parent" });
        else bars.push({ row: position, reason, excluded: isExcluded(row), because: row.position });
      }
    }
  }
  return { bars, needs };
}

function isWritten({ change }: PlannedRow): boolean {
  return change !== undefined && change.kind !== "delete";
}

function isExcluded({ outcome }: PlannedRow): boolean {
  return outcome === "excluded" || outcome === "skipped";
}

function missingParent(
  checking: Checking,
  foreignKey: ForeignKey,
  values: readonly Value[],
): Omit<Bar, "row"> {
  const excluded = checking.excludedTables.has(foreignKey.parent);
  const { text, ...rest } = refersTo(checking, foreignKey, values);
  const why = excluded ? "which is in no compared table" : "which current does not have";
  const outside: Cause = {
    table: foreignKey.parent,
    key: namedValues(foreignKey.parentColumns, values),
    outcome: excluded ? "excluded" : "missing",
  };
  return { reason: { ...rest, text: `${text}, ${why}`, outside }, excluded, because: undefined };
}

function refersTo(
  { tables }: Checking,
  { name, table, columns: names, parent, parentColumns }: ForeignKey,
  values: readonly Value[],
): Bar["reason"] {
  const key = namedValues(parentColumns, values);
  const child = tables.find(({ label }) => label === table);
  const columns = (child && positionsOf(child, names)) ?? [];
  return {
    kind: "foreign-key",
    columns,
    constraint: name,
    text: `it refers to ${parent} ${JSON.stringify(key)}`,
  };
}
