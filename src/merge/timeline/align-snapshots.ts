import type { Catalog, CatalogColumn, CatalogTable } from "../../model/catalog.js";
import type { Column, LeftOut, Table } from "../../model/table.js";
import type { TimelineSettings } from "../../model/timeline.js";
import { isRedacted } from "../redacted-columns.js";
import { matchesTable } from "../rules/match.js";
import { touchPositions } from "../rules/touch.js";
import type { CountedTable } from "./count-changes.js";

/** A table over all snapshots: the columns in common of those that have it. */
export interface SnapshotTable extends CountedTable {
  /** As each snapshot has it, to be read there; undefined where it has not. */
  readonly tables: readonly (Table | undefined)[];
}

export interface AlignedSnapshots {
  readonly tables: readonly SnapshotTable[];
  /** What is not compared, each with the reason. */
  readonly leftOut: readonly LeftOut[];
}

type Wanted = Pick<TimelineSettings, "snapshots" | "tables" | "excludeTables" | "keys" | "touch" | "redact">;

type Found = readonly (CatalogTable | undefined)[];

/**
 * Lines the schemas of all snapshots up by name. A table that some of them lack is compared between those that have it;
 * a column that some lack, or have with another type, is not compared, and told.
 */
export function alignSnapshots(catalogs: readonly Catalog[], wanted: Wanted): AlignedSnapshots {
  const labels = [...new Set(catalogs.flatMap(({ tables }) => tables.map(({ label }) => label)))].sort();
  const tables: SnapshotTable[] = [];
  const leftOut: LeftOut[] = [];
  for (const label of labels) {
    const unwanted = notAskedFor(label, wanted);
    const found = catalogs.map((catalog) => catalog.tables.find((table) => table.label === label));
    const aligned = unwanted ?? alignTable(label, found, wanted);
    if (typeof aligned === "string") {
      leftOut.push({ table: label, what: aligned, open: unwanted === undefined });
      continue;
    }
    tables.push(aligned.table);
    leftOut.push(...aligned.retyped.map((what) => ({ table: label, what, open: true })));
  }
  return { tables, leftOut };
}

function notAskedFor(label: string, { tables, excludeTables }: Wanted): string | undefined {
  if (matchesTable(excludeTables, { label })) return "excluded by --exclude-tables";
  return tables.length > 0 && !matchesTable(tables, { label }) ? "not among --tables" : undefined;
}

function alignTable(
  label: string,
  found: Found,
  wanted: Wanted,
): { readonly table: SnapshotTable; readonly retyped: readonly string[] } | string {
  const name = (at: number) => wanted.snapshots[at]?.label ?? "";
  const unreadable = found.flatMap((table, at) => (table?.canSelect === false ? [name(at)] : []));
  if (unreadable.length > 0) return `no privilege to SELECT from it in ${unreadable.join(", ")}`;
  const there = found.filter((table) => table !== undefined);
  const columns = commonColumns(there);
  const key = chooseKey(label, there, columns, wanted);
  if (typeof key === "string") return key;
  const tables = found.map((table) => table && buildTable(table, columns, key, wanted));
  return {
    table: {
      ...{ label, tables, present: found.map((table) => table !== undefined) },
      columns: {
        names: columns.map((column) => column.name),
        touch: new Set(tables.find((table) => table !== undefined)?.touch),
        redacted: new Set(
          columns.flatMap((column, at) => (isRedacted(wanted.redact ?? [], label, column.name) ? [at] : [])),
        ),
      },
      schema: found.slice(1).map((after, at) => schemaChanges(found[at], after)),
    },
    retyped: retypedColumns(there),
  };
}

function buildTable(
  { label, schema, name, partitioned }: CatalogTable,
  columns: readonly Column[],
  { key, source }: ChosenKey,
  { touch }: Wanted,
): Table {
  const touched = touchPositions(label, columns, touch).filter((at) => !key.includes(at));
  const rest = { generated: [], key, keySource: source, touch: touched, groups: [] };
  return { label, schema, name, partitioned, columns, ...rest };
}

/** Stored by all, under one type. */
function commonColumns(tables: readonly CatalogTable[]): readonly Column[] {
  const last = tables.at(-1)?.columns ?? [];
  return last
    .filter((column) => tables.every((table) => isAlike(columnOf(table, column.name), column)))
    .map(({ generated: _, ...column }) => column);
}

function isAlike(column: CatalogColumn | undefined, { type, generated }: CatalogColumn): boolean {
  return column?.type === type && column.generated === undefined && generated === undefined;
}

function retypedColumns(tables: readonly CatalogTable[]): readonly string[] {
  const last = tables.at(-1)?.columns ?? [];
  return last.flatMap(({ name, type }) => {
    const others = tables.flatMap((table) => columnOf(table, name)?.type ?? []);
    return others.every((other) => other === type)
      ? []
      : [
          `column ${name} is not compared: it has another type in some snapshots (${[...new Set(others)].join(", ")})`,
        ];
  });
}

function columnOf(table: CatalogTable, name: string): CatalogColumn | undefined {
  return table.columns.find((column) => column.name === name);
}

/** What became of the table itself from one snapshot to the next. */
function schemaChanges(before: CatalogTable | undefined, after: CatalogTable | undefined): readonly string[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return ["table created"];
  if (after === undefined) return ["table dropped"];
  const lost = before.columns.filter(({ name }) => columnOf(after, name) === undefined);
  const added = after.columns.filter(({ name }) => columnOf(before, name) === undefined);
  const retyped = after.columns.flatMap(({ name, type }) => {
    const old = columnOf(before, name);
    return old === undefined || old.type === type ? [] : [`column ${name}: ${old.type} became ${type}`];
  });
  return [
    ...lost.map(({ name }) => `column ${name} dropped`),
    ...added.map(({ name }) => `column ${name} added`),
    ...retyped,
  ];
}

interface ChosenKey {
  readonly key: readonly number[];
  readonly source: Table["keySource"];
}

/** As a plan chooses it: what the config says, else the primary key, else a unique index; the same in all. */
function chooseKey(
  label: string,
  tables: readonly CatalogTable[],
  columns: readonly Column[],
  { keys }: Wanted,
): ChosenKey | string {
  const positions = (names: readonly string[]) =>
    names.map((name) => columns.findIndex((c) => c.name === name));
  const configured = Object.entries(keys).find(([name]) => matchesTable([name], { label }))?.[1];
  if (configured !== undefined) {
    const key = positions(configured);
    const unknown = configured.filter((_, at) => key[at] === -1);
    if (unknown.length > 0)
      return `its configured key names columns that not all snapshots have: ${unknown.join(", ")}`;
    return { key, source: "config" };
  }
  for (const [source, of] of [
    ["primary key", (table: CatalogTable) => table.primaryKey],
    ["unique index", (table: CatalogTable) => table.uniqueKey],
  ] as const) {
    const names = tables.map(of);
    const [first] = names;
    if (first === undefined || names.some((other) => JSON.stringify(other) !== JSON.stringify(first)))
      continue;
    const key = positions(first);
    if (!key.includes(-1)) return { key, source };
  }
  return "it has no key that all snapshots share; name one under keys: in the config";
}
