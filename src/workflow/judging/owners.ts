import type { Ruling } from "../../merge/rules/rules.js";
import type { Difference } from "../../model/change.js";
import type { Table } from "../../model/table.js";
import type { Row } from "../../model/value.js";
import { lookUpTenants } from "../../postgres/look-up-tenants.js";
import type { Session } from "../../postgres/session/session.js";
import type { TenantAttribution } from "../attribution.js";
import type { Bench } from "./bench.js";

/** Whose a row is, and who wrote it. */
export interface Owner {
  readonly tenant: string | undefined;
  readonly actor: string | undefined;
}

const nobodys: Owner = { tenant: undefined, actor: undefined };

/** Tells the owners of differences of one table: two queries a batch at most, one a side. */
export async function ownersOf(
  { attribution: { tenant, actor }, sessions, table }: Pick<Bench, "attribution" | "sessions" | "table">,
  differences: readonly Difference[],
): Promise<readonly Owner[]> {
  if (tenant === undefined && actor === undefined)
    return differences.map(({ tenant, actor }) =>
      (tenant ?? actor) === undefined ? nobodys : { tenant, actor },
    );
  // What the window deleted is told by pre, all else by post: each row by its own version in that database.
  const gone = differences.flatMap(({ post }, at) => (post === undefined ? [at] : []));
  const there = differences.flatMap(({ post }, at) => (post === undefined ? [] : [at]));
  const tenants: (string | undefined)[] = new Array(differences.length).fill(undefined);
  for (const [session, places] of [
    [sessions.pre, gone],
    [sessions.post, there],
  ] as const) {
    if (tenant === undefined || places.length === 0) continue;
    const rows = places.map((at) => versionOf(differences[at] as Difference));
    const found = await tenantsOf(tenant, session, table, rows);
    for (const [order, at] of places.entries()) tenants[at] = found[order];
  }
  const actorAt = table.columns.findIndex(({ name }) => name === actor);
  return differences.map((difference, at) => ({
    // A change log knows better than a column who was at work, and whose a row is whose parents only the log has.
    tenant: tenants[at] ?? difference.tenant,
    actor: difference.actor ?? versionOf(difference)[actorAt] ?? undefined,
  }));
}

function versionOf({ pre, post }: Difference): Row {
  return post ?? pre ?? [];
}

async function tenantsOf(
  { ways, tables }: TenantAttribution,
  session: Session,
  table: Table,
  rows: readonly Row[],
): Promise<readonly (string | undefined)[]> {
  const way = ways.get(table.label);
  if (way === undefined) return rows.map(() => undefined);
  if (way.keys.length > 0) return lookUpTenants(session, table, way, tables, rows);
  const at = table.columns.findIndex(({ name }) => name === way.column);
  return rows.map((row) => row[at] ?? undefined);
}

/** Rows of tenants that nobody asked for are excluded, whatever the rules say. */
export function leaveOut(
  { attribution: { tenant } }: Pick<Bench, "attribution">,
  rulings: readonly Ruling[],
  owners: readonly Owner[],
): readonly Ruling[] {
  const only = tenant?.settings.only ?? [];
  if (only.length === 0) return rulings;
  const asked = new Set<string | undefined>(only);
  const wanted = `only ${named(only)} ${only.length === 1 ? "was" : "were"} asked for`;
  return rulings.map((ruling, at) => {
    const whose = owners[at]?.tenant;
    if (whose !== undefined && asked.has(whose)) return ruling;
    const belongs = whose === undefined ? "belongs to no tenant" : `belongs to tenant ${whose}`;
    return { kind: "excluded", reason: `${belongs}, and ${wanted}` };
  });
}

/** So many that a reason stays a sentence. */
const namedTenants = 5;

function named(tenants: readonly string[]): string {
  const more = tenants.length - namedTenants;
  const first = tenants.slice(0, namedTenants).join(", ");
  return more > 0 ? `${first} and ${more} more` : first;
}
