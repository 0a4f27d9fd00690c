/** The few of PostgreSQL's keywords that the generator uses as names and that need quotes. */
const reserved = new Set(["select", "user", "order", "table", "group", "check", "default", "values", "row"]);

/** As `quote_ident` does it: quotes only where SQL needs them. */
export function quoteName(name: string): string {
  return isPlain(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Plain names can stand in a glob without any doubt about what they match. */
export function isPlain(name: string): boolean {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name);
}

export function quoteValue(value: string | null): string {
  return value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`;
}
