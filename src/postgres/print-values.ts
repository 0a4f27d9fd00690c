import { QueryError } from "../model/errors.js";
import type { Column } from "../model/table.js";
import type { Value } from "../model/value.js";
import { readText } from "../sql/read-text.js";
import type { Session } from "./session/session.js";

/** A value as PostgreSQL prints it, or why it is none of the column's type. */
export type Printed = { readonly value: Value } | { readonly complaint: string };

/**
 * Values that a person wrote, as PostgreSQL reads and prints them: `1.50` for a numeric with two places. What would be
 * cut to fit is refused, as an INSERT would. Many in one query; where one of them is no value, they are halved to find it.
 *
 * @param session must not be in a snapshot: a statement that fails would end it
 */
export async function printValues(
  session: Session,
  column: Column,
  values: readonly Value[],
): Promise<readonly Printed[]> {
  if (values.length === 0) return [];
  try {
    return await printAll(session, column, values);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    if (values.length === 1) return [{ complaint: error.message.replace(/^current: /, "") }];
    const half = values.length >> 1;
    const first = await printValues(session, column, values.slice(0, half));
    return [...first, ...(await printValues(session, column, values.slice(half)))];
  }
}

async function printAll(
  session: Session,
  { type, baseType }: Column,
  values: readonly Value[],
): Promise<readonly Printed[]> {
  const whole = untruncated(baseType);
  const isCut = whole === undefined ? "false" : `u.v::${baseType}::text IS DISTINCT FROM u.v::${whole}::text`;
  const rows = await session.query(
    `SELECT ${readText("u.v", baseType)}::${type}, (${isCut})::text FROM pg_catalog.unnest($1::pg_catalog.text[]) WITH ORDINALITY AS u(v, ord)
      ORDER BY u.ord`,
    [values],
  );
  return rows.map(([value = null, cut]) =>
    cut === "true" ? { complaint: `it does not fit into ${baseType}` } : { value },
  );
}

/** A cast cuts or pads these in silence. Without a length, `character` and `bit` would be of length one. */
function untruncated(type: string): string | undefined {
  const [, name, array] =
    /^(character varying|character|bit varying|bit)\(\d+\)((?:\[\])*)$/.exec(type) ?? [];
  if (name === undefined) return undefined;
  const unlimited = { character: "bpchar", bit: "varbit" }[name];
  return `${unlimited === undefined ? name : `pg_catalog.${unlimited}`}${array ?? ""}`;
}
