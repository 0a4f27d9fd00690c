import type { Work } from "./work.js";

/** What was asked of tenants and comes to nothing: whoever mistyped a tenant must not read a good plan for it. */
export async function tenantWarnings({
  attribution: { tenant },
  tables,
  store,
}: Pick<Work, "attribution" | "tables" | "store">): Promise<readonly string[]> {
  if (tenant === undefined) return [];
  const { column, only } = tenant.settings;
  const found = new Set((await store.tenantTallies()).map((tally) => tally.tenant));
  const differing = new Set((await store.tallies()).map(({ table }) => table));
  const lost = tables.filter(({ label }, at) => differing.has(at) && !tenant.ways.has(label));
  return [
    ...only
      .filter((name) => !found.has(name))
      .map((name) => `--tenant ${name}: no row of the incident delta belongs to it`),
    ...(lost.length === 0
      ? []
      : [
          `rows of ${lost.map(({ label }) => label).join(", ")} belong to no tenant: no foreign key leads from there to a table with ${column}`,
        ]),
  ];
}
