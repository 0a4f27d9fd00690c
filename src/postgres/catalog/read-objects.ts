import type { Session } from "../session/session.js";

/** One row of a catalog query, by the names of its columns. */
export type Entry = Readonly<Record<string, unknown>>;

/** One JSON object a row: names and lists come back whole, whatever they hold. @throws QueryError */
export async function readObjects(session: Session, sql: string): Promise<readonly Entry[]> {
  const rows = await session.query(`SELECT pg_catalog.row_to_json(q)::text FROM (${sql}) AS q`);
  return rows.map(([json]) => JSON.parse(json ?? "{}") as Entry);
}

export function text(entry: Entry, name: string): string {
  return String(entry[name]);
}
