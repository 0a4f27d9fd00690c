import Cursor from "pg-cursor";
import type { Table } from "../model/table.js";
import type { Row } from "../model/value.js";
import { identifier } from "../sql/quote.js";
import { asText } from "./client.js";
import { queryError } from "./explain-error.js";
import type { Session } from "./session.js";

export interface ReadOptions {
  /** As in `keyOrdering(table, "t")`. */
  readonly orderBy: string;
  /** Rows fetched at a time. */
  readonly batchSize: number;
  /** Adds `xmin`, the transaction that wrote the row, as one value after the columns. */
  readonly withTransaction: boolean;
}

/** Rows are read with ONLY, unless they live in partitions. */
export function source(table: Table): string {
  return table.partitioned ? table.label : `ONLY ${table.label}`;
}

export function columnList(table: Table, alias: string): string {
  return table.columns.map((column) => `${alias}.${identifier(column.name)}`).join(", ");
}

/**
 * Reads a table in key order through a cursor, batch by batch; memory holds one batch. The cursor is closed when the
 * reader stops early, too.
 *
 * @throws QueryError
 */
export async function* readTable(
  session: Session,
  table: Table,
  { orderBy, batchSize, withTransaction }: ReadOptions,
): AsyncGenerator<readonly Row[]> {
  const extra = withTransaction ? ", t.xmin" : "";
  const sql = `SELECT ${columnList(table, "t")}${extra} FROM ${source(table)} AS t ORDER BY ${orderBy}`;
  const cursor = session.client.query(new Cursor<Row>(sql, [], { rowMode: "array", types: asText }));
  // One batch ahead: the server fetches while the rows at hand are compared.
  let next = readAhead(cursor, batchSize);
  try {
    for (;;) {
      const rows = await next;
      if (rows.length === 0) return;
      next = readAhead(cursor, batchSize);
      yield rows;
    }
  } catch (cause) {
    throw queryError(session.role, cause);
  } finally {
    await next.catch(() => []);
    // Closing a cursor of a lost connection never answers, and it may be lost meanwhile; its end has closed the cursor.
    if (session.isOpen) await Promise.race([cursor.close(), session.ended]);
  }
}

function readAhead(cursor: Cursor<Row>, batchSize: number): Promise<readonly Row[]> {
  const rows = cursor.read(batchSize);
  // Whoever awaits it sees the failure; until then it must not count as unhandled.
  rows.catch(() => undefined);
  return rows;
}
