import { type AlignedSchemas, alignSchemas } from "../../../src/merge/align-schemas.js";
import type { Catalog, CatalogColumn, CatalogOther, CatalogTable } from "../../../src/model/catalog.js";
import { type DatabaseRole, databaseRoles } from "../../../src/model/value.js";
import { column } from "../tables.js";

export function catalogColumn(name: string, more: Partial<CatalogColumn> = {}): CatalogColumn {
  return { ...column(name, more), generated: undefined, ...more };
}

export const timestamp = { type: "timestamp with time zone", isTime: true } as const;

/** A table of `public` whose primary key is `id`, unless more is said. */
export function catalogTable(
  name: string,
  columns: readonly (string | CatalogColumn)[],
  more: Partial<CatalogTable> = {},
): CatalogTable {
  return {
    label: `public.${name}`,
    schema: "public",
    name,
    partitioned: false,
    columns: columns.map((one) => (typeof one === "string" ? catalogColumn(one) : one)),
    primaryKey: ["id"],
    uniqueKey: undefined,
    estimatedRows: undefined,
    canSelect: true,
    ...more,
  };
}

/** The three catalogs: what all of them have, and what one of them has instead. */
export interface World {
  readonly tables: readonly CatalogTable[];
  /** Tables that replace those of the same label in one database; a label alone removes it there. */
  readonly but?: Readonly<Partial<Record<DatabaseRole, readonly (CatalogTable | string)[]>>>;
  readonly others?: readonly CatalogOther[];
}

type Wanted = Parameters<typeof alignSchemas>[1];

export function align(
  { tables, but = {}, others = [] }: World,
  wanted: Partial<Wanted> = {},
): AlignedSchemas {
  const catalog = (role: DatabaseRole): Catalog => {
    const instead = but[role] ?? [];
    const labels = instead.map((one) => (typeof one === "string" ? one : one.label));
    const own = instead.filter((one) => typeof one !== "string");
    const left = tables.filter(({ label }) => !labels.includes(label));
    return {
      tables: [...left, ...own],
      foreignKeys: [],
      constraints: { unique: [], checks: [] },
      triggers: [],
      others: role === "current" ? others : [],
    };
  };
  const [pre, post, current] = databaseRoles.map(catalog) as [Catalog, Catalog, Catalog];
  const everything: Wanted = {
    tables: [],
    excludeTables: [],
    keys: {},
    touch: { write: "restore" },
    groups: {},
  };
  return alignSchemas({ pre, post, current }, { ...everything, ...wanted });
}
