import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";
import type { PlanFile } from "./plan-file.js";
import { decodeChunk, selectList, type StoredTable, type Values } from "./stored-table.js";

/** A page is read at once, and one more is fetched while the consumer is busy with it. */
const pageRows = 1024;
const pageBytes = 4_000_000;
/** Pages are cut between buckets of this many numbers of the ordering column. */
const bucketSize = 32;

export interface PageQuery<T extends StoredTable, R> {
  readonly table: T;
  /** A SQL condition. */
  readonly where: string;
  readonly descending?: boolean;
  readonly decode: (values: Values<T>) => R;
}

/** From `low` up to, and not including, `high`. */
interface Page {
  readonly low: number;
  readonly high: number;
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
  batchSize = pageRows,
): AsyncGenerator<readonly R[], void, undefined> {
  if (!Number.isInteger(batchSize) || batchSize < 1) throw new RangeError(`batches of ${batchSize} rows`);
  const connection = await file.connect();
  let statement: DuckDBPreparedStatement | undefined;
  let fetched: Promise<readonly R[]> | undefined;
  try {
    const pages = await cutPages(connection, query);
    const reader = await connection.prepare(pageSql(query));
    statement = reader;
    const fetchNext = () => fetchPage(reader, query, pages.pop());
    fetched = fetchNext();
    while (fetched !== undefined) {
      const rows: readonly R[] = await fetched;
      fetched = fetchNext();
      for (let at = 0; at < rows.length; at += batchSize) yield rows.slice(at, at + batchSize);
    }
  } finally {
    // The connection must not be closed under a query.
    await fetched?.catch(() => {});
    statement?.destroySync();
    file.release(connection);
  }
}

function fetchPage<T extends StoredTable, R>(
  statement: DuckDBPreparedStatement,
  { table, decode }: PageQuery<T, R>,
  page: Page | undefined,
): Promise<readonly R[]> | undefined {
  if (page === undefined) return undefined;
  statement.bindBigInt(1, BigInt(page.low));
  statement.bindBigInt(2, BigInt(page.high));
  const rows = statement
    .run()
    .then((result) => result.fetchAllChunks())
    .then((chunks) => chunks.flatMap((chunk) => decodeChunk(table, chunk).map(decode)));
  // Reported when it is awaited, and that may be a while from now.
  rows.catch(() => {});
  return rows;
}

const pageSql = <T extends StoredTable, R>({ table, where, descending = false }: PageQuery<T, R>): string => `
  SELECT ${selectList(table)}
  FROM ${table.name}
  WHERE "${table.order}" >= $1 AND "${table.order}" < $2 AND (${where})
  ORDER BY "${table.order}" ${descending ? "DESC" : "ASC"}`;

/** The pages of a query, the one to read first at the end. One line per bucket comes from DuckDB, not one per row. */
async function cutPages<T extends StoredTable, R>(
  connection: DuckDBConnection,
  { table, where, descending = false }: PageQuery<T, R>,
): Promise<Page[]> {
  const result = await connection.run(`
    SELECT ("${table.order}" // ${bucketSize})::DOUBLE AS bucket, count(*)::DOUBLE, sum(bytes)::DOUBLE
    FROM ${table.name} WHERE ${where} GROUP BY ALL ORDER BY bucket ${descending ? "DESC" : "ASC"}`);
  const pages: Page[] = [];
  let page: (Page & { readonly rows: number; readonly bytes: number }) | undefined;
  for (const line of (await result.getRows()) as [number, number, number][]) {
    const bucket = bucketPage(line);
    const joined = page === undefined ? bucket : spanning(page, bucket);
    if (page !== undefined && (joined.rows > pageRows || joined.bytes > pageBytes)) {
      pages.push(page);
      page = bucket;
    } else page = joined;
  }
  if (page !== undefined) pages.push(page);
  return pages.reverse();
}
