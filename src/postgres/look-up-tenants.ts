import type { CatalogTable } from "../model/catalog.js";
import { columnIn, type ForeignKey, ownNames, type Table } from "../model/table.js";
import type { TenantWay } from "../model/tenant.js";
import type { Row, Value } from "../model/value.js";
import { identifier } from "../sql/quote.js";
import { readText } from "../sql/read-text.js";
import type { Session } from "./session/session.js";

/** A table on the way, as the database has it. */
export type WayTable = Pick<CatalogTable, "label" | "partitioned" | "columns"> & Pick<Table, "elsewhere">;

/**
 * What stands at the end of a way for each of these rows; `undefined` where the way breaks off, or ends at NULL. The
 * rows' own foreign-key values are joined from parent to parent: one query, whatever the number of rows.
 *
 * @param way with one foreign key at least
 * @param tables those on the way, by label
 * @throws QueryError
 */
export async function lookUpTenants(
  session: Session,
  table: Table,
  way: TenantWay,
  tables: ReadonlyMap<string, WayTable>,
  rows: readonly Row[],
): Promise<readonly (string | undefined)[]> {
  const [first] = way.keys as [ForeignKey];
  const own = first.columns.map((name) => table.columns.findIndex((column) => column.name === name));
  const references = rows.flatMap((row, at) => {
    const values = own.map((position) => row[position] ?? null);
    return values.includes(null) ? [] : [{ at, values }];
  });
  const tenants: (string | undefined)[] = new Array(rows.length).fill(undefined);
  if (references.length === 0) return tenants;
  const found = await session.query(
    waySql(session.role, table, way, tables),
    own.map((_, column) => references.map(({ values }) => values[column] as Value)),
  );
  for (const [ord, tenant] of found) {
    const reference = references[Number(ord) - 1];
    if (reference !== undefined) tenants[reference.at] = tenant ?? undefined;
  }
  return tenants;
}

/** `p0` is the row itself, of which only the columns of its first foreign key are there. */
function waySql(
  role: string,
  table: Table,
  { keys, column }: TenantWay,
  tables: ReadonlyMap<string, WayTable>,
): string {
  // The row itself has no name of its own here; tables on the way have what this database calls them.
  const ownOf = (label: string) => ownNames(tables.get(label) ?? {}, role);
  const called = (at: number, name: string) =>
    identifier(at === 0 ? name : columnIn(ownOf((keys[at - 1] as ForeignKey).parent), name));
  const own = (keys[0] as ForeignKey).columns;
  const arrays = own.map((_, at) => `pg_catalog.unnest($${at + 1}::pg_catalog.text[])`);
  const typed = own.map((name, at) => {
    const baseType = table.columns.find((one) => one.name === name)?.baseType;
    return `${readText(`u.c${at}`, baseType ?? "text")} AS ${identifier(name)}`;
  });
  const joins = keys.map((key, at) => {
    const child = at === 0 ? table : tables.get(key.table);
    const condition = key.columns.map((name, part) => {
      const equals = child?.columns.find((one) => one.name === name)?.equals ?? "=";
      return `p${at + 1}.${called(at + 1, key.parentColumns[part] as string)} ${equals} p${at}.${called(at, name)}`;
    });
    const { label, partitioned } = ownOf(key.parent) ?? tables.get(key.parent) ?? { label: key.parent };
    const only = partitioned === true ? "" : "ONLY ";
    return `JOIN ${only}${label} AS p${at + 1} ON ${condition.join(" AND ")}`;
  });
  return `SELECT p0.ord, p${keys.length}.${called(keys.length, column)}
    FROM (SELECT u.ord, ${typed.join(", ")} FROM ROWS FROM (${arrays.join(", ")}) WITH ORDINALITY
      AS u(${own.map((_, at) => `c${at}`).join(", ")}, ord)) AS p0
    ${joins.join("\n    ")}`;
}
