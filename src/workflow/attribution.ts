import type { Catalogs } from "../merge/align-schemas.js";
import { matchesTable } from "../merge/rules/match.js";
import {
  describeWay,
  givenWay,
  mapTenants,
  shortestWay,
  type TenantMap,
  type WrongWay,
} from "../merge/tenant-path.js";
import type { Mistake } from "../model/errors.js";
import type { PlanSettings, TenantSettings } from "../model/settings.js";
import type { Table } from "../model/table.js";
import type { TenantScope, TenantWay } from "../model/tenant.js";
import { assertNever } from "../model/value.js";
import type { WayTable } from "../postgres/look-up-tenants.js";
import { didYouMean } from "./settings/did-you-mean.js";

/** How to tell whose the rows are (design 2.7). */
export interface Attribution {
  readonly tenant: TenantAttribution | undefined;
  /** The column that says who wrote a row. */
  readonly actor: string | undefined;
}

export interface TenantAttribution {
  readonly settings: TenantSettings;
  /** By table label; a table that is not there has none. */
  readonly ways: ReadonlyMap<string, TenantWay>;
  /** What is on the ways. */
  readonly tables: ReadonlyMap<string, WayTable>;
}

/** Settings of tenants and actors meet the tables; a column or a way that is not there is a mistake. */
export function attributionOf(
  { tenant, actor }: PlanSettings,
  tables: readonly Table[],
  catalogs: Catalogs,
): { readonly attribution: Attribution; readonly mistakes: readonly Mistake[] } {
  const readable = readableTables(tables, catalogs);
  const known = [
    ...new Set([...readable.values()].flatMap(({ columns }) => columns.map(({ name }) => name))),
  ];
  const mistakes = [tenant, actor].flatMap((asked) =>
    asked === undefined || known.includes(asked.column)
      ? []
      : [
          {
            where: asked.where,
            what: `no table of pre and post has a column "${asked.column}"${didYouMean(asked.column, known)}`,
          },
        ],
  );
  const none = { attribution: { tenant: undefined, actor: actor?.column }, mistakes };
  if (tenant === undefined || mistakes.some(({ where }) => where === tenant.where)) return none;
  const found = findWays(tenant, tables, readable, catalogs);
  const ways = { settings: tenant, ways: found.ways, tables: readable };
  return {
    attribution: { tenant: ways, actor: actor?.column },
    mistakes: [...mistakes, ...found.mistakes],
  };
}

/**
 * What can be read in `pre` and in `post` alike, since rows are followed in either. Of a table that is compared these
 * are the columns that are: the others are not among a row's values.
 */
function readableTables(tables: readonly Table[], { pre, post }: Catalogs): ReadonlyMap<string, WayTable> {
  const compared = new Map(tables.map((table) => [table.label, table]));
  const before = new Map(pre.tables.map((table) => [table.label, table]));
  const readable = new Map<string, WayTable>();
  for (const { label, partitioned, columns, canSelect, own } of post.tables) {
    const other = before.get(label);
    if (other === undefined || !canSelect || !other.canSelect) continue;
    const names = new Set((compared.get(label) ?? other).columns.map(({ name }) => name));
    const elsewhere = { ...(other.own && { pre: other.own }), ...(own && { post: own }) };
    const known = columns.filter(({ name }) => names.has(name));
    readable.set(label, { label, partitioned, columns: known, elsewhere });
  }
  return readable;
}

function findWays(
  settings: TenantSettings,
  tables: readonly Table[],
  readable: ReadonlyMap<string, WayTable>,
  { current }: Catalogs,
): Pick<TenantAttribution, "ways"> & { readonly mistakes: readonly Mistake[] } {
  const pathTables = [...readable.values()].map(({ label, columns }) => ({
    label,
    columns: columns.map(({ name }) => name),
  }));
  // By a period, several rows are referred to, each for a part of the time.
  const oneParent = current.foreignKeys.filter(({ period }) => period !== true);
  const map = mapTenants(settings.column, pathTables, oneParent);
  const ways = new Map<string, TenantWay>();
  for (const { label } of tables) {
    const way = shortestWay(map, label);
    if (way !== undefined) ways.set(label, way);
  }
  const mistakes = settings.paths.flatMap((path) => {
    const label = [...readable.keys()].find((known) => matchesTable([path.table], { label: known }));
    if (label === undefined) {
      const what = `no table of pre and post matches "${path.table}"${didYouMean(path.table, [...readable.keys()])}`;
      return [{ where: path.where, what }];
    }
    const way = givenWay(map, label, path.steps);
    if ("kind" in way) return [{ where: path.where, what: wrongWay(way, map) }];
    ways.set(label, way);
    return [];
  });
  return { ways, mistakes };
}

function wrongWay(wrong: WrongWay, { column }: TenantMap): string {
  switch (wrong.kind) {
    case "no such key": {
      const { table, step, known } = wrong;
      const has = known.length === 0 ? "it has none" : `it has ${known.join(", ")}`;
      const near = didYouMean(step, known);
      return `${table} has no foreign key "${step}", nor one with such a column${near === "" ? `; ${has}` : near}`;
    }
    case "several keys":
      return `several foreign keys of ${wrong.table} have the column "${wrong.step}"; name one of ${wrong.known.join(", ")}`;
    case "no tenant there":
      return `it leads to ${wrong.table}, which has no column "${column}"`;
    default:
      return assertNever(wrong);
  }
}

/** What the header of the plan says of it. */
export function scopeOf({ tenant }: Attribution, tables: readonly Table[]): TenantScope | undefined {
  if (tenant === undefined) return undefined;
  const { column, only, patches } = tenant.settings;
  const ways = tables.map(({ label }) => {
    const way = tenant.ways.get(label);
    return [label, way === undefined ? null : describeWay(way)] as const;
  });
  return { column, only, patches, ways: Object.fromEntries(ways) };
}
