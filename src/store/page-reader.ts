import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";
import { drain } from "./drain.js";
import { planPages, type Selection } from "./page-plan.js";
import type { Stretch } from "./pages.js";
import { fillInLongTexts } from "./part-table.js";
import type { PlanFile } from "./plan-file.js";
import { printedIn, recordSql, type StoredTable, type Values, valuesOf } from "./stored-table.js";

/** A page is read at once, and one more is fetched while the consumer is busy with it. */
const pageLimits = { rows: 1024, size: 4_000_000 };

export interface PageQuery<T extends StoredTable, R> extends Selection {
  readonly table: T;
  readonly decode: (values: Values<T>) => R;
}

/**
 * Reads a table in order, page by page, wherever in the file its records stand. Nothing is sorted but a page, and
 * no result is open while the consumer is at work: one that stops early leaves nothing behind.
 *
 * @param batchSize records of a batch at most; fewer where a page ends, and pages are short where records are large
 * @throws RangeError when `batchSize` is not a number of records
 */
export async function* readPages<T extends StoredTable, R>(
  file: PlanFile,
  query: PageQuery<T, R>,
  batchSize = pageLimits.rows,
): AsyncGenerator<readonly R[], void, undefined> {
  if (!Number.isInteger(batchSize) || batchSize < 1) throw new RangeError(`batches of ${batchSize} rows`);
  const session = await file.work(() => openSession(file, query));
  let fetching: Promise<readonly R[]> | undefined;
  try {
    for (const page of session.pages) {
      const rows: readonly R[] | undefined = await fetching;
      fetching = file.work(() => readPage(session, query, page));
      // A failure is reported when the page is asked for; until then it must not count as unhandled.
      fetching.catch(() => {});
      if (rows !== undefined) yield* batches(rows, batchSize);
    }
    if (fetching !== undefined) yield* batches(await fetching, batchSize);
  } finally {
    // The connection must not be closed under a query. If it failed, that is known or no longer of interest.
    await fetching?.catch(() => {});
    file.release(session.connection);
  }
}

function* batches<R>(rows: readonly R[], size: number): Generator<readonly R[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}

const pageSql = ({ table, where }: Selection): string => `
  SELECT ${recordSql(table)} FROM ${table.name}
  WHERE "${table.order}" >= $1 AND "${table.order}" < $2 AND (${where})`;

interface Session {
  readonly connection: DuckDBConnection;
  readonly statement: DuckDBPreparedStatement;
  /** Which to read, in this order. */
  readonly pages: readonly Stretch[];
}

async function openSession(file: PlanFile, selection: Selection): Promise<Session> {
  const connection = await file.connect();
  try {
    const pages = await planPages(connection, selection, pageLimits);
    return { connection, statement: await connection.prepare(pageSql(selection)), pages };
  } catch (error) {
    file.release(connection);
    throw error;
  }
}

async function readPage<T extends StoredTable, R>(
  { connection, statement }: Session,
  { table, descending, decode }: PageQuery<T, R>,
  { low, high }: Stretch,
): Promise<readonly R[]> {
  statement.bindBigInt(1, BigInt(low));
  statement.bindBigInt(2, BigInt(high));
  const records = await drain(await statement.stream(), printedIn);
  await fillInLongTexts(connection, table, records);
  // By the ordering column. They mostly are in order; and DuckDB would copy all the text once more.
  records.sort(([a], [b]) => (a as number) - (b as number));
  if (descending === true) records.reverse();
  return records.map((printed) => decode(valuesOf(table, printed)));
}
