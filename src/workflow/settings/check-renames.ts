import type { Catalogs } from "../../merge/align-schemas.js";
import type { CatalogTable } from "../../model/catalog.js";
import type { Mistake } from "../../model/errors.js";
import type { PlanSettings, Rename } from "../../model/settings.js";
import { didYouMean } from "./did-you-mean.js";

export interface CheckedRenames {
  /** Tables by their labels. */
  readonly renames: readonly Rename[];
  readonly mistakes: readonly Mistake[];
}

const roles = ["pre", "post"] as const;

/** Holds the mapping of names against the databases. What is right of it comes back, tables named by their labels. */
export function checkRenames(
  { renames = [], postLog, connections }: Pick<PlanSettings, "renames" | "postLog" | "connections">,
  catalogs: Catalogs,
): CheckedRenames {
  const mistakes: Mistake[] = [];
  const checked = renames.flatMap((entry): readonly Rename[] => {
    const noPost = connections.post === undefined;
    if (entry.post !== undefined && noPost) {
      const instead = postLog === undefined ? "current is read in its place" : "a change log is";
      mistakes.push({
        where: entry.where,
        what: `names something of post, and there is no post: ${instead}`,
      });
      return [];
    }
    // A change log goes on from pre, and what is asked of post is then asked of pre.
    const whole = postLog === undefined ? entry : { ...entry, post: entry.pre };
    const known = checkEntry(whole, renames, catalogs);
    if (Array.isArray(known)) mistakes.push(...known);
    else return [known as Rename];
    return [];
  });
  return { renames: checked, mistakes: [...mistakes, ...twice(checked)] };
}

function checkEntry(
  entry: Rename,
  renames: readonly Rename[],
  catalogs: Catalogs,
): Rename | readonly Mistake[] {
  const { where, column } = entry;
  const mistake = (what: string): readonly Mistake[] => [{ where, what }];
  const table = find(catalogs.current.tables, entry.table);
  if (table === undefined)
    return mistake(`current has no table ${quoted(entry.table, labels(catalogs.current.tables))}`);
  if (column !== undefined && !table.columns.some(({ name }) => name === column))
    return mistake(`${table.label} has no column ${quoted(column, names(table))} in current`);
  const found: Record<string, string> = {};
  const wrong = roles.flatMap((role): readonly Mistake[] => {
    const name = entry[role];
    if (name === undefined) return [];
    const { tables } = catalogs[role];
    if (column === undefined) {
      const own = find(tables, name);
      if (own === undefined) return mistake(`${role} has no table ${quoted(name, labels(tables))}`);
      found[role] = own.label;
      return own.label === table.label
        ? mistake(`${role} calls it ${own.label}, too: that is no other name`)
        : [];
    }
    const own = tables.find(({ label }) => label === labelThere(table.label, role, renames, catalogs));
    if (own === undefined) return mistake(`${role} has no table ${table.label}; map its name, too`);
    found[role] = name;
    if (!own.columns.some((one) => one.name === name))
      return mistake(`${own.label} has no column ${quoted(name, names(own))} in ${role}`);
    return name === column ? mistake(`${role} calls it ${column}, too: that is no other name`) : [];
  });
  return wrong.length > 0 ? wrong : { ...entry, table: table.label, ...found };
}

function labelThere(
  label: string,
  role: "pre" | "post",
  renames: readonly Rename[],
  catalogs: Catalogs,
): string {
  const own = renames.flatMap((one) => {
    const name = one.column === undefined ? one[role] : undefined;
    if (name === undefined || find(catalogs.current.tables, one.table)?.label !== label) return [];
    return find(catalogs[role].tables, name)?.label ?? [];
  });
  return own[0] ?? label;
}

/** One name for two things, or two for one. */
function twice(renames: readonly Rename[]): readonly Mistake[] {
  return renames.flatMap((entry, at) =>
    roles.flatMap((role): readonly Mistake[] => {
      if (entry[role] === undefined) return [];
      const same = renames
        .slice(0, at)
        .find(
          (other) =>
            other[role] !== undefined &&
            (other.column === undefined) === (entry.column === undefined) &&
            (entry.column === undefined
              ? other.table === entry.table || other[role] === entry[role]
              : other.table === entry.table &&
                (other.column === entry.column || other[role] === entry[role])),
        );
      if (same === undefined) return [];
      const both = `${nameOf(same)} as ${same[role]}, here ${nameOf(entry)} as ${entry[role]}`;
      return [{ where: entry.where, what: `contradicts ${same.where}, which has ${both} of ${role}` }];
    }),
  );
}

function nameOf({ table, column }: Rename): string {
  return column === undefined ? table : `${table}.${column}`;
}

/** By its label, or without the schema if that is public. */
function find(tables: readonly CatalogTable[], name: string): CatalogTable | undefined {
  return tables.find(({ label }) => label === name) ?? tables.find(({ label }) => label === `public.${name}`);
}

function quoted(name: string, known: readonly string[]): string {
  return `"${name}"${didYouMean(name, known)}`;
}

function labels(tables: readonly CatalogTable[]): readonly string[] {
  return tables.map(({ label }) => label);
}

function names({ columns }: CatalogTable): readonly string[] {
  return columns.map(({ name }) => name);
}
