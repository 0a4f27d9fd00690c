import type { Redaction } from "../model/redaction.js";
import type { Table } from "../model/table.js";
import { isNamed } from "./rules/touch.js";

/**
 * Whether a column is meant by a name or glob: by its bare name, or with its table, quoted as in SQL or not. A table
 * without a schema is one of `public`.
 */
export function isRedacted(patterns: readonly string[], label: string, column: string): boolean {
  const short = label.startsWith("public.") ? label.slice("public.".length) : label;
  return patterns.some((pattern) => isNamed(pattern, label, column) || isNamed(pattern, short, column));
}

/** Which values of these tables are not to be shown; undefined where all are. */
export function redactedColumns(
  patterns: readonly string[],
  tables: readonly Table[],
  { tenant, actor }: { readonly tenant: string | undefined; readonly actor: string | undefined },
): Omit<Redaction, "secret"> | undefined {
  if (patterns.length === 0) return undefined;
  const meant = tables.map(({ label, columns }) => ({
    label,
    positions: columns.flatMap(({ name }, at) => (isRedacted(patterns, label, name) ? [at] : [])),
    names: columns.filter(({ name }) => isRedacted(patterns, label, name)).map(({ name }) => name),
  }));
  // A tenant of one table is the tenant of all: where its column is hidden anywhere, it is nowhere shown.
  const hides = (column: string | undefined) =>
    column !== undefined && meant.some(({ names }) => names.includes(column));
  return {
    columns: Object.fromEntries(meant.map(({ label, positions }) => [label, positions])),
    tenants: hides(tenant),
    actors: hides(actor),
  };
}
