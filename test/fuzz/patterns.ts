import { quoteName } from "./sql.js";
import type { TableSpec } from "./table.js";

/**
 * Globs on `schema.table`; one without a dot is also tried on the bare name of a table in schema public.
 * Only `*` is special here: the generator writes no other glob.
 */
export function matchesTable(pattern: string, table: TableSpec): boolean {
  const names = [table.label];
  if (!pattern.includes(".") && table.schema === "public") names.push(quoteName(table.name));
  const parts = pattern.split("*").map((part) => part.replace(/[.\\^$|?+()[\]{}]/g, "\\$&"));
  const glob = new RegExp(`^${parts.join(".*")}$`, "s");
  return names.some((name) => glob.test(name));
}

export function matchesAny(patterns: readonly string[], table: TableSpec): boolean {
  return patterns.some((pattern) => matchesTable(pattern, table));
}
