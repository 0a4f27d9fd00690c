import { csvText, words } from "./csv.js";

/** What a tenant's patch is made of, as the store tells it. */
interface IndexedPatch {
  readonly number: number;
  readonly tenant: string | undefined;
  readonly own: number;
  readonly guests: number;
  readonly stays: number;
}

const indexColumns = ["folder", "tenant", "own_rows", "needed_rows", "left_by_rollback"] as const;

/**
 * `tenants/index.csv`: which folder is whose. `own_rows` are the tenant's, `needed_rows` those of others that these
 * need, `left_by_rollback` the latter, and own rows that rows of others need.
 */
export function indexCsv(patches: readonly IndexedPatch[]): AsyncGenerator<string> {
  const lines = patches.map((patch) => ({
    folder: folderOf(patch, patches.length),
    tenant: words(patch.tenant),
    own_rows: String(patch.own),
    needed_rows: String(patch.guests),
    left_by_rollback: String(patch.guests + patch.stays),
  }));
  return csvText(indexColumns, lines);
}

const longestSlug = 40;

/** A number, by which it is found, and what is harmless of the name: `003-acme-inc`. */
export function folderOf(
  { number, tenant }: Pick<IndexedPatch, "number" | "tenant">,
  patches: number,
): string {
  const slug = (tenant ?? "no tenant")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, longestSlug)
    .replace(/^-|-$/g, "");
  const padded = String(number).padStart(String(patches).length, "0");
  return slug === "" ? padded : `${padded}-${slug}`;
}
