import type { CatalogTable } from "../../model/catalog.js";
import type { RenameSuggestion } from "../../model/config-draft.js";
import type { Catalogs } from "../align-schemas.js";

const roles = ["pre", "post"] as const;
type Other = (typeof roles)[number];

/**
 * What looks renamed: a table or column that only one of two databases has, where the other has just one of its shape
 * that the first one lacks. Nothing is taken for renamed because of it: it is for a person to say.
 */
export function suggestRenames(catalogs: Catalogs): readonly RenameSuggestion[] {
  const found = new Map<string, RenameSuggestion>();
  const note = (role: Other, { table, column, name }: Pair) => {
    const id = JSON.stringify([table, column]);
    found.set(id, { ...found.get(id), table, ...(column === undefined ? {} : { column }), [role]: name });
  };
  for (const role of roles) {
    for (const pair of renamedTables(catalogs, role)) note(role, pair);
    for (const table of catalogs.current.tables) {
      const other = catalogs[role].tables.find(({ label }) => label === table.label);
      if (other === undefined) continue;
      for (const pair of renamedColumns(table, other)) note(role, pair);
    }
  }
  return [...found.values()];
}

interface Pair {
  /** By `current`'s names. */
  readonly table: string;
  readonly column?: string;
  /** By the other's. */
  readonly name: string;
}

function renamedTables({ current, ...catalogs }: Catalogs, role: Other): readonly Pair[] {
  const there = catalogs[role].tables;
  const pairs = pairUp(
    current.tables.filter(({ label }) => !there.some((table) => table.label === label)),
    there.filter(({ label }) => !current.tables.some((table) => table.label === label)),
    shapeOf,
  );
  return pairs.map(([table, other]) => ({ table: table.label, name: other.label }));
}

/** Names and types of all columns, and the key: a table of an id and a name may look like any other. */
function shapeOf({ columns, primaryKey }: CatalogTable): string | undefined {
  if (columns.length < 3) return undefined;
  return JSON.stringify([columns.map(({ name, type }) => `${name} ${type}`).sort(), primaryKey]);
}

function renamedColumns(table: CatalogTable, other: CatalogTable): readonly Pair[] {
  const without = (a: CatalogTable, b: CatalogTable) =>
    a.columns.filter(
      ({ name, generated }) => generated === undefined && !b.columns.some((c) => c.name === name),
    );
  const pairs = pairUp(without(table, other), without(other, table), ({ type }) => type);
  return pairs.map(([column, own]) => ({ table: table.label, column: column.name, name: own.name }));
}

/** Of what has one shape, there must be one on each side and no more. */
function pairUp<T>(
  here: readonly T[],
  there: readonly T[],
  shape: (one: T) => string | undefined,
): readonly (readonly [T, T])[] {
  return here.flatMap((one) => {
    const mine = shape(one);
    if (mine === undefined || here.filter((other) => shape(other) === mine).length > 1) return [];
    const [first, ...more] = there.filter((other) => shape(other) === mine);
    return first === undefined || more.length > 0 ? [] : [[one, first] as const];
  });
}
