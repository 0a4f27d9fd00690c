import type { Catalog, CatalogColumn, CatalogTable } from "../model/catalog.js";
import type { Mistake } from "../model/errors.js";
import type { PlanSettings } from "../model/settings.js";
import type { Column, Elsewhere, LeftOut, Table } from "../model/table.js";
import { type DatabaseRole, databaseRoles } from "../model/value.js";
import { matchesTable } from "./rules/match.js";
import { touchPositions } from "./rules/touch.js";

export type Catalogs = Readonly<Record<DatabaseRole, Catalog>>;

export interface AlignedSchemas {
  readonly tables: readonly Table[];
  /** Tables and columns that are not compared, each with the reason. */
  readonly leftOut: readonly LeftOut[];
  /** What the config names and the databases do not have. */
  readonly mistakes: readonly Mistake[];
}

type Wanted = Pick<
  PlanSettings,
  "tables" | "excludeTables" | "keys" | "touch" | "groups" | "placeOf" | "postLog"
>;

/**
 * Lines the three schemas up by name, never by position: a table is compared over the columns that all three have
 * with one type. Everything else is listed with its reason.
 */
export function alignSchemas(catalogs: Catalogs, wanted: Wanted): AlignedSchemas {
  const tables: Table[] = [];
  const leftOut: LeftOut[] = [];
  const mistakes: Mistake[] = [];
  for (const label of labelsOf(catalogs)) {
    const found = databaseRoles.map((role) => catalogs[role].tables.find((table) => table.label === label));
    const asked = excludedByUser(label, wanted);
    if (asked !== undefined) {
      leftOut.push({ table: label, what: asked, open: false });
      continue;
    }
    const aligned = alignTable(label, found, wanted, mistakes);
    leftOut.push(...aligned.leftOut);
    if (aligned.table !== undefined) tables.push(aligned.table);
  }
  for (const other of catalogs.current.others) {
    if (excludedByUser(other.label, wanted) === undefined) {
      leftOut.push({ table: other.label, what: `a ${other.kind} is not compared`, open: false });
    }
  }
  return { tables, leftOut, mistakes };
}

function labelsOf(catalogs: Catalogs): readonly string[] {
  const labels = databaseRoles.flatMap((role) => catalogs[role].tables.map((table) => table.label));
  return [...new Set(labels)].sort();
}

function excludedByUser(label: string, { tables, excludeTables }: Wanted): string | undefined {
  if (matchesTable(excludeTables, { label })) return "excluded by --exclude-tables";
  if (tables.length > 0 && !matchesTable(tables, { label })) return "not among --tables";
  return undefined;
}

interface AlignedTable {
  readonly table?: Table;
  readonly leftOut: readonly LeftOut[];
}

function alignTable(
  label: string,
  found: readonly (CatalogTable | undefined)[],
  wanted: Wanted,
  mistakes: Mistake[],
): AlignedTable {
  const refuse = (what: string): AlignedTable => ({ leftOut: [{ table: label, what, open: true }] });
  const missing = databaseRoles.filter((_, at) => found[at] === undefined);
  const [pre, post, current] = found;
  if (pre === undefined || post === undefined || current === undefined) {
    return refuse(`there is no such table in ${missing.join(" and ")}`);
  }
  const unreadable = databaseRoles.filter((_, at) => found[at]?.canSelect === false);
  if (unreadable.length > 0) return refuse(`no privilege to SELECT from it in ${unreadable.join(" and ")}`);
  const retyped = retypedColumns([pre, post, current]);
  if (retyped.length > 0) return refuse(retyped.join("; "));
  const columns = commonColumns([pre, post, current]);
  const chosen = chooseKey(label, [pre, post, current], columns, wanted, mistakes);
  if (typeof chosen === "string") return refuse(chosen);
  return {
    table: buildTable([pre, post, current], columns, chosen, wanted, mistakes),
    leftOut: uncommonColumns([pre, post, current]).map((what) => ({ table: label, what, open: true })),
  };
}

function buildTable(
  [pre, post, current]: readonly [CatalogTable, CatalogTable, CatalogTable],
  columns: readonly Column[],
  { key, source }: ChosenKey,
  wanted: Wanted,
  mistakes: Mistake[],
): Table {
  const groups = groupPositions(current.label, columns, wanted, mistakes);
  if (source === "bag" && groups.length > 0) {
    const what = "has no key, so its rows are compared whole: there is nothing to group";
    mistakes.push({ where: placeOf(current.label, "groups", wanted), what });
  }
  const fixed = new Set([...key, ...groups.flat()]);
  // All that a row of a bag says tells it apart: no column of it is only a touch.
  const touch =
    source === "bag"
      ? []
      : touchPositions(current.label, columns, wanted.touch).filter((at) => !fixed.has(at));
  const { label, schema, name, partitioned } = current;
  const generated = current.columns.flatMap((column) =>
    column.generated === undefined ? [] : [{ name: column.name, expression: column.generated }],
  );
  const elsewhere = elsewhereOf({ pre, post }, current);
  return {
    ...{ label, schema, name, partitioned, columns, generated, key, keySource: source, touch, groups },
    ...(elsewhere === undefined ? {} : { elsewhere }),
  };
}

function elsewhereOf(
  others: Readonly<Record<"pre" | "post", CatalogTable>>,
  { label, schema, name, partitioned }: CatalogTable,
): Elsewhere | undefined {
  const found = Object.entries(others).flatMap(([role, other]) => {
    const unlike =
      other.partitioned === partitioned
        ? []
        : [{ label, schema, name, columns: {}, partitioned: other.partitioned }];
    return [other.own ?? unlike[0]].flatMap((own) => (own === undefined ? [] : [[role, own] as const]));
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function retypedColumns([pre, post, current]: readonly [
  CatalogTable,
  CatalogTable,
  CatalogTable,
]): readonly string[] {
  return current.columns.flatMap((column) => {
    const others = { pre: columnOf(pre, column.name), post: columnOf(post, column.name) };
    const differs = [others.pre, others.post].some(
      (other) => other !== undefined && other.type !== column.type,
    );
    if (!differs) return [];
    const types = `pre ${others.pre?.type ?? "none"}, post ${others.post?.type ?? "none"}, current ${column.type}`;
    return [`column ${column.name} has not the same type in all three (${types})`];
  });
}

function commonColumns([pre, post, current]: readonly [
  CatalogTable,
  CatalogTable,
  CatalogTable,
]): readonly Column[] {
  return current.columns
    .filter(({ name }) => [pre, post, current].every((table) => isStored(columnOf(table, name))))
    .map(toColumn);
}

function isStored(column: CatalogColumn | undefined): boolean {
  return column !== undefined && column.generated === undefined;
}

function toColumn({ generated: _, ...column }: CatalogColumn): Column {
  return column;
}

function uncommonColumns(tables: readonly [CatalogTable, CatalogTable, CatalogTable]): readonly string[] {
  const names = new Set(tables.flatMap((table) => table.columns.map((column) => column.name)));
  return [...names].flatMap((name) => {
    const missing = databaseRoles.filter((_, at) => columnOf(tables[at] as CatalogTable, name) === undefined);
    if (missing.length > 0) return [`column ${name} is not in ${missing.join(" and ")}`];
    // Generated everywhere, it follows from the others; generated in some only, it is data that is not merged.
    const generated = databaseRoles.filter(
      (_, at) => columnOf(tables[at] as CatalogTable, name)?.generated !== undefined,
    );
    if (generated.length === 0 || generated.length === databaseRoles.length) return [];
    return [`column ${name} is generated in ${generated.join(" and ")} only`];
  });
}

function columnOf(table: CatalogTable, name: string): CatalogColumn | undefined {
  return table.columns.find((column) => column.name === name);
}

interface ChosenKey {
  readonly key: readonly number[];
  readonly source: Table["keySource"];
}

/**
 * What the config says, else the primary key, else a unique index over NOT NULL columns; the same one in all three. A
 * table that has none of these is a bag.
 */
function chooseKey(
  label: string,
  tables: readonly [CatalogTable, CatalogTable, CatalogTable],
  columns: readonly Column[],
  wanted: Wanted,
  mistakes: Mistake[],
): ChosenKey | string {
  const configured = settingFor(label, wanted.keys);
  const positions = (names: readonly string[]) =>
    names.map((name) => columns.findIndex((c) => c.name === name));
  if (configured !== undefined) {
    const key = positions(configured);
    const unknown = configured.filter((_, at) => key[at] === -1);
    if (unknown.length === 0) return { key, source: "config" };
    mistakes.push({
      where: placeOf(label, "keys", wanted),
      what: `has no column ${unknown.join(", ")} in all three databases`,
    });
    return "its configured key names unknown columns";
  }
  for (const [source, of] of [
    ["primary key", (table: CatalogTable) => table.primaryKey],
    ["unique index", (table: CatalogTable) => table.uniqueKey],
  ] as const) {
    const [pre, post, current] = tables.map(of);
    if (current === undefined || !sameNames(pre, current) || !sameNames(post, current)) continue;
    const key = positions(current);
    if (!key.includes(-1)) return { key, source };
  }
  if (tables.some((table) => table.primaryKey !== undefined))
    return "the three databases have different primary keys on it; name one under keys: in the config";
  if (columns.length === 0) return "it has no key and no column to tell its rows apart";
  if (wanted.postLog !== undefined)
    return "it has no key, and a change log names rows by their key; name one under keys: in the config";
  return { key: [], source: "bag" };
}

/** What is configured for a table, under its label or, in `public`, its bare name. */
function settingFor<T>(label: string, settings: Readonly<Record<string, T>>): T | undefined {
  return Object.entries(settings).find(([name]) => matchesTable([name], { label }))?.[1];
}

function placeOf(label: string, setting: "keys" | "groups", wanted: Wanted): string {
  const name = Object.keys(wanted[setting]).find((pattern) => matchesTable([pattern], { label }));
  return wanted.placeOf?.(setting, name ?? label) ?? `${setting}: ${label}`;
}

function sameNames(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a !== undefined && a.length === b.length && a.every((name, at) => name === b[at]);
}

function groupPositions(
  label: string,
  columns: readonly Column[],
  wanted: Wanted,
  mistakes: Mistake[],
): readonly (readonly number[])[] {
  const where = placeOf(label, "groups", wanted);
  const taken = new Set<number>();
  return (settingFor(label, wanted.groups) ?? []).map((names) =>
    names.flatMap((name) => {
      const at = columns.findIndex((column) => column.name === name);
      if (at === -1) mistakes.push({ where, what: `has no column ${name} in all three databases` });
      // A column that merged with two groups would be written twice by one statement.
      else if (taken.has(at)) mistakes.push({ where, what: `names column ${name} more than once` });
      if (at === -1 || taken.has(at)) return [];
      taken.add(at);
      return [at];
    }),
  );
}
