import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";
import { type BucketSize, bucketSize, cutPages, type Page } from "./pages.js";
import type { PlanFile } from "./plan-file.js";
import { decodeChunk, type StoredTable, selectList, type Values } from "./stored-table.js";

/** A page is read at once, and one more is fetched while the consumer is busy with it. */
const pageLimits = { rows: 1024, bytes: 4_000_000 };

export interface PageQuery<T extends StoredTable, R> {
  readonly table: T;
  /** A SQL condition. */
  readonly where: string;
  readonly descending?: boolean | undefined;
  readonly decode: (values: Values<T>) => R;
}

/**
 * Reads a table in order, page by page, wherever in the file its rows stand. Nothing is sorted but a page, and no
 * result stays open: a consumer that stops early leaves nothing behind. (A streaming result that is not read to its
 * end keeps the file locked until it is garbage collected, even when the instance was closed long ago.)
 *
 * @param batchSize rows of a batch at most; fewer where a page ends, and pages are short where rows are large
 * @throws RangeError when `batchSize` is not a number of rows
 */
export async function* readPages<T extends StoredTable, R>(
  file: PlanFile,
  query: PageQuery<T, R>,
  batchSize = pageLimits.rows,
): AsyncGenerator<readonly R[], void, undefined> {
  if (!Number.isInteger(batchSize) || batchSize < 1) throw new RangeError(`batches of ${batchSize} rows`);
  const connection = await file.connect();
  let statement: DuckDBPreparedStatement | undefined;
  let fetching: Promise<readonly R[]> | undefined;
  try {
    const pages = await planPages(connection, query);
    statement = await connection.prepare(pageSql(query));
    for (const page of pages) {
      const rows: readonly R[] | undefined = await fetching;
      fetching = fetchPage(statement, query, page);
      if (rows !== undefined) yield* batches(rows, batchSize);
    }
    if (fetching !== undefined) yield* batches(await fetching, batchSize);
  } finally {
    // The connection must not be closed under a query. If it failed, that is known or no longer of interest.
    await fetching?.catch(() => {});
    statement?.destroySync();
    file.release(connection);
  }
}

function* batches<R>(rows: readonly R[], size: number): Generator<readonly R[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}

function fetchPage<T extends StoredTable, R>(
  statement: DuckDBPreparedStatement,
  { table, decode }: PageQuery<T, R>,
  page: Page,
): Promise<readonly R[]> {
  statement.bindBigInt(1, BigInt(page.low));
  statement.bindBigInt(2, BigInt(page.high));
  const rows = statement
    .run()
    .then((result) => result.fetchAllChunks())
    .then((chunks) => chunks.flatMap((chunk) => decodeChunk(table, chunk).map(decode)));
  // A failure is reported when the page is asked for; until then it must not count as unhandled.
  rows.catch(() => {});
  return rows;
}

const direction = (descending: boolean | undefined): string => (descending === true ? "DESC" : "ASC");

function pageSql<T extends StoredTable, R>({ table, where, descending }: PageQuery<T, R>): string {
  return `
    SELECT ${selectList(table)} FROM ${table.name}
    WHERE "${table.order}" >= $1 AND "${table.order}" < $2 AND (${where})
    ORDER BY "${table.order}" ${direction(descending)}`;
}

/** One line per bucket comes from DuckDB, not one per row. */
async function planPages<T extends StoredTable, R>(
  connection: DuckDBConnection,
  { table, where, descending }: PageQuery<T, R>,
): Promise<readonly Page[]> {
  const result = await connection.run(`
    SELECT ("${table.order}" // ${bucketSize})::DOUBLE AS bucket, count(*)::DOUBLE AS rows, sum(bytes)::DOUBLE AS bytes
    FROM ${table.name} WHERE ${where} GROUP BY bucket ORDER BY bucket ${direction(descending)}`);
  const buckets = (await result.getRowObjects()) as unknown as readonly BucketSize[];
  return cutPages(buckets, pageLimits);
}
