import type { Random } from "../random.js";
import type { ColumnDraft } from "./table.js";

/** By the columns that were drawn: unique over some rows, over an expression, and what is no key at all. */
export function drawIndexes(
  random: Random,
  table: string,
  columns: readonly ColumnDraft[],
): readonly string[] {
  const possible: Readonly<Record<string, string>> = {
    title: `CREATE UNIQUE INDEX ON ${table} (lower(title), rank) WHERE rank > 0`,
    slug: `CREATE UNIQUE INDEX ON ${table} (slug, created_at)`,
    external_id: `CREATE UNIQUE INDEX ON ${table} (external_id, (coalesce(rank, 0))) INCLUDE (updated_at)`,
    contact: `CREATE INDEX ON ${table} (contact) WHERE contact IS NOT NULL`,
    tree_path: `CREATE INDEX ON ${table} USING gist (tree_path)`,
    settings: `CREATE INDEX ON ${table} USING gin (settings)`,
    options: `CREATE INDEX ON ${table} USING gin (options)`,
    tags: `CREATE INDEX ON ${table} USING gin (tags)`,
    search: `CREATE INDEX ON ${table} USING gin (search)`,
    description: `CREATE INDEX ON ${table} USING gin (description public.gin_trgm_ops)`,
    due_on: `CREATE INDEX ON ${table} USING brin (due_on)`,
    checksum: `CREATE INDEX ON ${table} USING hash (checksum)`,
  };
  return columns.flatMap(({ name }) =>
    possible[name] !== undefined && random.chance(0.7) ? [possible[name]] : [],
  );
}
