import type { Catalog, CatalogTable } from "../model/catalog.js";
import type { Rename } from "../model/settings.js";
import type { LeftOut, OwnNames } from "../model/table.js";
import type { Catalogs } from "./align-schemas.js";

export interface RenamedCatalogs {
  readonly catalogs: Catalogs;
  /** What has a name in `pre` or `post` that the mapping gives to something else. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * Tables of `pre` and `post`, and their columns, under `current`'s names; each keeps its own beside them (`own`). So
 * schemas line up by name, rules and files speak of one name, and only what is sent to these two knows another.
 * Foreign keys, constraints and triggers are of interest in `current` alone, and stay as they are.
 *
 * @param renames that the databases have, and none of them twice
 */
export function inCurrentsNames(catalogs: Catalogs, renames: readonly Rename[]): RenamedCatalogs {
  if (renames.length === 0) return { catalogs, leftOut: [] };
  const leftOut: LeftOut[] = [];
  const renamed = (role: "pre" | "post"): Catalog => ({
    ...catalogs[role],
    tables: renameTables(role, catalogs, renames, leftOut),
  });
  return { catalogs: { ...catalogs, pre: renamed("pre"), post: renamed("post") }, leftOut };
}

function renameTables(
  role: "pre" | "post",
  catalogs: Catalogs,
  renames: readonly Rename[],
  leftOut: LeftOut[],
): readonly CatalogTable[] {
  const entries = renames.filter((entry) => entry[role] !== undefined);
  const ofTables = entries.filter(({ column }) => column === undefined);
  return catalogs[role].tables.flatMap((table) => {
    const entry = ofTables.find((one) => one[role] === table.label);
    const taken = entry === undefined ? ofTables.find((one) => one.table === table.label) : undefined;
    if (taken !== undefined) {
      const what = `${role} has another table of this name, which is not compared: renames names ${taken[role]} there`;
      leftOut.push({ table: table.label, what, open: true });
      return [];
    }
    const label = entry?.table ?? table.label;
    const current = catalogs.current.tables.find((one) => one.label === label);
    const columns = new Map(
      entries.flatMap((one) =>
        one.table === label && one.column !== undefined ? [[one[role] as string, one.column]] : [],
      ),
    );
    if (current === undefined || (entry === undefined && columns.size === 0)) return [table];
    return [renameTable(role, table, current, columns, leftOut)];
  });
}

/** @param names of columns in `current`, by their own */
function renameTable(
  role: "pre" | "post",
  table: CatalogTable,
  { label, schema, name }: CatalogTable,
  names: ReadonlyMap<string, string>,
  leftOut: LeftOut[],
): CatalogTable {
  const given = new Set(names.values());
  const isTaken = (column: string) => !names.has(column) && given.has(column);
  for (const column of table.columns.filter((one) => isTaken(one.name))) {
    const [ours] = [...names].find(([, theirs]) => theirs === column.name) ?? [];
    const what = `column ${column.name} of ${role} is another one, which is not merged: renames names ${ours} there`;
    leftOut.push({ table: label, what, open: true });
  }
  const key = (columns: readonly string[] | undefined) =>
    columns?.some(isTaken) === true ? undefined : columns?.map((column) => names.get(column) ?? column);
  const own: OwnNames = {
    ...{ label: table.label, schema: table.schema, name: table.name, partitioned: table.partitioned },
    columns: Object.fromEntries([...names].map(([ours, theirs]) => [theirs, ours])),
  };
  return {
    ...table,
    ...{ label, schema, name, own },
    columns: table.columns
      .filter((column) => !isTaken(column.name))
      .map((column) => ({ ...column, name: names.get(column.name) ?? column.name })),
    primaryKey: key(table.primaryKey),
    uniqueKey: key(table.uniqueKey),
  };
}
