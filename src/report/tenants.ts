import { type Outcome, outcomes } from "../model/change.js";
import type { TenantScope, TenantTally } from "../model/tenant.js";
import { number } from "./plural.js";

type Counts = Readonly<Record<Outcome, number>>;

/** One tenant in `summary.json`; counts are rows of the incident delta, and the six outcomes sum up to `incoming`. */
export interface TenantSummary extends Counts {
  /** `null`: rows of which no tenant can be told. */
  readonly tenant: string | null;
  readonly incoming: number;
  /** Open conflicts by kind. */
  readonly conflicts: Readonly<Record<string, number>>;
  /** See `recoveredOf`. */
  readonly recovered: number | null;
}

/**
 * How much of what was to come back does: of all rows that are written, done already, in conflict or skipped, the share
 * of the first two. `kept` and `excluded` rows are on neither side: somebody decided that they are not to come back,
 * which is no loss. Rounded down, so that 1 is all of them; `null` where there was nothing to come back.
 */
export function recoveredOf(counts: Counts, digits = 4): number | null {
  const { back, all } = backOf(counts);
  return all === 0 ? null : Math.floor((back * 10 ** digits) / all) / 10 ** digits;
}

export function backOf({ apply, already, conflict, skipped }: Counts): { back: number; all: number } {
  return { back: apply + already, all: apply + already + conflict + skipped };
}

/** `97.9 %`, rounded down: only all of them are 100 %. */
export function percentage(counts: Counts): string {
  const { back, all } = backOf(counts);
  return `${(Math.floor((back * 1000) / all) / 10).toFixed(1)} %`;
}

/** Adds the tallies up, those tenants first of which most rows are in the incident delta. */
export function summarizeTenants(tallies: readonly TenantTally[]): readonly TenantSummary[] {
  const byTenant = new Map<string | undefined, TenantTally[]>();
  for (const tally of tallies) {
    const known = byTenant.get(tally.tenant);
    if (known === undefined) byTenant.set(tally.tenant, [tally]);
    else known.push(tally);
  }
  return [...byTenant].map(([tenant, own]) => summarizeTenant(tenant, own)).sort(byRows);
}

function summarizeTenant(tenant: string | undefined, tallies: readonly TenantTally[]): TenantSummary {
  const count = (outcome: Outcome) => rowsOf(tallies.filter((tally) => tally.outcome === outcome));
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, count(outcome)])) as Record<
    Outcome,
    number
  >;
  const open = tallies.filter(({ outcome }) => outcome === "conflict");
  const conflicts = open.map(({ conflictKind, rows }) => [conflictKind ?? "unknown", rows] as const);
  return {
    tenant: tenant ?? null,
    incoming: rowsOf(tallies),
    ...counts,
    conflicts: Object.fromEntries(conflicts.sort(([a], [b]) => (a < b ? -1 : 1))),
    recovered: recoveredOf(counts),
  };
}

function rowsOf(tallies: readonly TenantTally[]): number {
  return tallies.reduce((sum, { rows }) => sum + rows, 0);
}

function byRows(a: TenantSummary, b: TenantSummary): number {
  if (a.incoming !== b.incoming) return b.incoming - a.incoming;
  if (a.tenant === null || b.tenant === null) return a.tenant === null ? 1 : -1;
  return a.tenant < b.tenant ? -1 : 1;
}

/** Tenants that the head of a patch names. */
const namedTenants = 20;

/** Whose rows a patch writes, for its head: `4711: 12 rows`. */
export function writtenByTenant(tallies: readonly TenantTally[]): readonly string[] {
  const rows = new Map<string | undefined, number>();
  for (const { tenant, written } of tallies)
    if (written > 0) rows.set(tenant, (rows.get(tenant) ?? 0) + written);
  const all = [...rows].sort(([, a], [, b]) => b - a);
  const named = all.slice(0, namedTenants).map(([tenant, count]) => `${tenantName(tenant)}: ${count} rows`);
  const more = all.length - named.length;
  return more === 0 ? named : [...named, `and ${more} more: see summary.json`];
}

export function tenantName(tenant: string | null | undefined): string {
  return tenant ?? "(no tenant)";
}

/** What the patch of each tenant does not write of its rows, for its head. */
export function leftOutByTenant(
  tenants: readonly TenantSummary[],
): ReadonlyMap<string | null, readonly string[]> {
  return new Map(
    tenants.map((tenant) => {
      const conflicts = Object.entries(tenant.conflicts).map(
        ([kind, rows]) => `${rows} in conflict (${kind})`,
      );
      const others = (["kept", "excluded", "skipped", "already"] as const).flatMap((outcome) =>
        tenant[outcome] === 0
          ? []
          : [`${tenant[outcome]} ${outcome === "already" ? "already as wanted" : outcome}`],
      );
      return [tenant.tenant, [...conflicts, ...others]];
    }),
  );
}

/** Tenants that a report shows; all of them are in summary.json. */
const shownTenants = 100;

/** By tenant, for the tables of reports: a name and its figures, first those of which most rows are in the delta. */
export function tenantTable(tenants: readonly TenantSummary[]): {
  readonly headings: readonly string[];
  readonly lines: readonly { readonly name: string; readonly cells: readonly string[] }[];
  readonly more: number;
} {
  const lines = tenants.slice(0, shownTenants).map((tenant) => ({
    name: tenantName(tenant.tenant),
    cells: [
      tenant.recovered === null ? "" : percentage(tenant),
      ...[tenant.incoming, ...outcomes.map((outcome) => tenant[outcome])].map(number),
    ],
  }));
  const headings = ["tenant", "back", "rows", ...outcomes];
  return { headings, lines, more: tenants.length - lines.length };
}

/** How the tenant of each table's rows was told: the shortest way is not always the right one. */
export function tenantWays({ column, ways }: TenantScope): readonly string[] {
  return Object.entries(ways).map(([table, way]) => {
    if (way === null) return `${table}: no tenant, as no foreign key leads to a table with ${column}`;
    return `${table}: by ${way}`;
  });
}
