import { type Table, tableIn } from "../model/table.js";
import { source } from "./read-table.js";
import type { Session } from "./session/session.js";

/** All rows of a table. @throws QueryError */
export async function countRows(session: Session, table: Table): Promise<number> {
  const here = source(tableIn(table, session.role));
  return Number((await session.query(`SELECT pg_catalog.count(*) FROM ${here} AS t`))[0]?.[0]);
}
