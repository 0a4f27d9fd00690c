import type { TablePart } from "../model/blocks.js";
import { type Table, tableIn } from "../model/table.js";
import type { Row } from "../model/value.js";
import { fromPart, type PartQuery } from "../sql/digest-query.js";
import { keyOrdering } from "../sql/key-order.js";
import { identifier } from "../sql/quote.js";
import type { Seed } from "../sql/row-digest.js";
import { RowCursor } from "./row-cursor.js";
import { queryError } from "./session/explain-error.js";
import type { Session } from "./session/session.js";

export interface ReadOptions {
  /** Rows fetched at a time; fewer where they are long. */
  readonly batchSize: number;
  /** Adds `xmin`, the transaction that wrote the row, as one value after the columns. */
  readonly withTransaction: boolean;
  /** Read one after the other, each in key order; undefined: the whole table. */
  readonly parts?: readonly TablePart[] | undefined;
  /** As in the digests by which the parts were chosen. */
  readonly seed?: Seed | undefined;
}

export { source, wholeSource } from "../sql/digest-query.js";

export function columnList(table: Table, alias: string): string {
  return table.columns.map((column) => `${alias}.${identifier(column.name)}`).join(", ");
}

const noSeed: Seed = () => {
  throw new RangeError("a part by hash needs the seed of its digests");
};

/**
 * Reads a table, or parts of it, in key order through a cursor, batch by batch; memory holds two batches. The cursor
 * is closed when the reader stops early, too.
 *
 * @throws QueryError
 */
export async function* readTable(
  session: Session,
  table: Table,
  options: ReadOptions,
): AsyncGenerator<readonly Row[]> {
  const extra = options.withTransaction ? ", t.xmin" : "";
  const here = tableIn(table, session.role);
  const { orderBy } = keyOrdering(here, "t");
  for (const part of options.parts ?? [undefined]) {
    const { sql, values } = fromPart(here, part, options.seed ?? noSeed);
    const select = `SELECT ${columnList(here, "t")}${extra} ${sql} ORDER BY ${orderBy}`;
    yield* readQuery(session, { sql: select, values }, options.batchSize);
  }
}

/** Reads what a query returns through a cursor, batch by batch, and shorter ones where rows are long. */
export async function* readQuery(
  session: Session,
  { sql, values }: PartQuery,
  batchSize: number,
): AsyncGenerator<readonly Row[]> {
  const cursor = new RowCursor(session.client, sql, values);
  // One batch ahead: the server fetches while the rows at hand are compared.
  let next = ahead(cursor.take(batchSize));
  try {
    for (;;) {
      const rows = await next;
      if (rows.length === 0) return;
      next = ahead(cursor.take(batchSize));
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

/** Whoever awaits it sees the failure; until then it must not count as unhandled. */
function ahead(rows: Promise<readonly Row[]>): Promise<readonly Row[]> {
  rows.catch(() => undefined);
  return rows;
}
