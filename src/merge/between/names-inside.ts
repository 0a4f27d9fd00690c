import type { Catalog, CatalogTable } from "../../model/catalog.js";
import { columnIn, type OwnNames, type Table } from "../../model/table.js";

/** How a snapshot inside the window has a table; `own` is undefined where it is as in `current`. */
export type NamesInside =
  | { readonly kind: "known"; readonly own: OwnNames | undefined }
  | { readonly kind: "unknown"; readonly why: string };

/**
 * Renames are of `pre` and `post`; a snapshot between them was taken before each rename or after it. So it has the names of
 * one of the three, and which one its own catalog says; where more than one would do, nobody can tell.
 */
export function namesInside(table: Table, catalog: Catalog): NamesInside {
  const { label, schema, name, partitioned, elsewhere } = table;
  const here: OwnNames = { label, schema, name, partitioned, columns: {} };
  const ways = new Map(
    [here, elsewhere?.pre, elsewhere?.post].flatMap((names) =>
      names === undefined ? [] : [[wayOf(table, names), names] as const],
    ),
  );
  const complaints = new Map([...ways].map(([way, names]) => [way, complaint(table, names, catalog)]));
  const [fit, other] = [...ways.keys()].filter((way) => complaints.get(way) === undefined);
  if (fit === undefined) return { kind: "unknown", why: [...complaints.values()].join(", and ") };
  if (other !== undefined) return { kind: "unknown", why: `may have ${label} as ${fit} or as ${other}` };
  const names = ways.get(fit) as OwnNames;
  const found = tableOf(catalog, names) as CatalogTable;
  const isAlike = names === here && found.partitioned === partitioned;
  return { kind: "known", own: isAlike ? undefined : { ...names, partitioned: found.partitioned } };
}

function wayOf({ columns }: Table, names: OwnNames): string {
  const renamed = columns
    .map(({ name }) => columnIn(names, name))
    .filter((name, at) => name !== columns[at]?.name);
  return renamed.length === 0 ? names.label : `${names.label} with ${renamed.join(", ")}`;
}

function tableOf({ tables }: Catalog, { label }: OwnNames): CatalogTable | undefined {
  return tables.find((table) => table.label === label);
}

function complaint({ columns }: Table, names: OwnNames, catalog: Catalog): string | undefined {
  const found = tableOf(catalog, names);
  if (found === undefined) return `has no table ${names.label}`;
  if (!found.canSelect) return `gives no privilege to SELECT from ${names.label}`;
  const lacking = columns
    .map(({ name, type }) => ({ name: columnIn(names, name), type }))
    .filter(({ name, type }) =>
      found.columns.every((column) => column.name !== name || column.type !== type),
    );
  if (lacking.length === 0) return undefined;
  return `has ${names.label} without ${lacking.map(({ name, type }) => `${name} (${type})`).join(", ")}`;
}
