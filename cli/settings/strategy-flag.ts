import { identifier, type StrategyEntry } from "../../src/index.js";

export interface StrategyFlag {
  readonly match: StrategyEntry["match"];
  readonly use: string;
}

/**
 * `schema.table.column=name`, `schema.table=name` or `*=name`; parts may be globs, and quoted as in SQL.
 *
 * @returns the flag, or what is wrong with it
 */
export function parseStrategyFlag(text: string): StrategyFlag | string {
  const equals = text.lastIndexOf("=");
  if (equals <= 0 || equals === text.length - 1) return "expected schema.table.column=strategy";
  const use = text.slice(equals + 1);
  const parts = text.slice(0, equals).match(/"(?:[^"]|"")+"|[^."]+/g) ?? [];
  const [first, second, third] = parts;
  if (parts.join(".") !== text.slice(0, equals) || first === undefined || parts.length > 3) {
    return "expected schema.table.column=strategy, schema.table=strategy or *=strategy";
  }
  if (second === undefined)
    return first === "*" ? { match: {}, use } : { match: { tables: [asLabelled(first)] }, use };
  const match = { tables: [`${asLabelled(first)}.${asLabelled(second)}`] };
  return third === undefined ? { match, use } : { match: { ...match, columns: [unquoted(third)] }, use };
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** Labels have quotes only where SQL needs them; whoever typed more of them means the same. */
function asLabelled(part: string): string {
  return part.startsWith('"') ? identifier(unquoted(part)) : part;
}
