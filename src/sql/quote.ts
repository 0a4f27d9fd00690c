import type { Value } from "../model/value.js";
import { hasHidden, visible } from "../model/visible.js";

export { identifier, qualified } from "../model/names.js";

/**
 * A string literal that stands on one line, whatever it holds. Hidden characters and backslashes are escaped: then no
 * line of a patch can begin with a backslash (psql would take it for a command), and a reviewer sees what is there.
 * No type is named: the column it is written to, or the cast around it, decides how PostgreSQL reads it.
 */
export function literal(value: Value): string {
  if (value === null) return "NULL";
  const quoted = value.replaceAll("'", "''");
  if (!value.includes("\\") && !hasHidden(value)) return `'${quoted}'`;
  return `E'${visible(quoted.replaceAll("\\", "\\\\"))}'`;
}

/** Text for a `--` comment: it can never end early. */
export function comment(text: string): string {
  return visible(text);
}
