import { isKeyword } from "./keywords.js";

/** An identifier, quoted where PostgreSQL's own `quote_ident` quotes: `device`, `"user"`, `"a""b"`. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !isKeyword(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** `schema.name`, each part quoted where needed: how a table is named in every output. */
export function qualified(schema: string, name: string): string {
  return `${identifier(schema)}.${identifier(name)}`;
}
