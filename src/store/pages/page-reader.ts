import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";
import { drain } from "../file/drain.js";
import type { PlanFile } from "../file/plan-file.js";
import { fillInLongTexts } from "../tables/part-table.js";
import {
  type Printed,
  recordSql,
  recordsSql,
  type StoredTable,
  type Values,
  valuesOf,
} from "../tables/stored-table.js";
import { planPages, type Selection } from "./page-plan.js";
import type { Stretch } from "./pages.js";

/** A page is read at once, and one more is fetched while the consumer is busy with it. */
const pageLimits = { rows: 1024, size: 4_000_000 };

/** Fewer records are read whole: a second query would cost more than it saves. */
const leastBrief = 16;

export interface PageQuery<T extends StoredTable, R> extends Selection {
  readonly table: T;
  readonly decode: (values: Values<T>) => R;
  /** Another way for some of the records. */
  readonly brief?: Brief<R> | undefined;
  /** Records of a page at most, where they are so small that more than usual may be. */
  readonly pageRows?: number | undefined;
}

/** What of some records is enough to make a value of them: read by a query of its own, which unpacks nothing else. */
export interface Brief<R> {
  /** A SQL condition, never NULL: which records. */
  readonly where: string;
  /** SQL of a JSON array with fewer elements than the table has fields, the ordering number first. */
  readonly sql: string;
  readonly decode: (printed: Printed) => R;
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
  batchSize = query.pageRows ?? pageLimits.rows,
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

const pageSql = ({ table, where }: Selection, record: string, more = "true"): string => `
  SELECT ${recordsSql(record)} FROM ${table.name}
  WHERE "${table.order}" >= $1 AND "${table.order}" < $2 AND (${where}) AND (${more})`;

interface Session {
  readonly connection: DuckDBConnection;
  /** Of records that are read as a whole: prepared when there are any. */
  readonly whole: () => Promise<DuckDBPreparedStatement>;
  readonly brief: DuckDBPreparedStatement | undefined;
  /** Which to read, in this order. */
  readonly pages: readonly Stretch[];
}

async function openSession<T extends StoredTable, R>(
  file: PlanFile,
  query: PageQuery<T, R>,
): Promise<Session> {
  const connection = await file.connect();
  try {
    const { rows, size } = pageLimits;
    const pages = await planPages(connection, query, { rows: query.pageRows ?? rows, size });
    const few = pages.reduce((sum, page) => sum + page.rows, 0) < leastBrief;
    const brief = few ? undefined : query.brief;
    const isWhole = brief && `NOT (${brief.where})`;
    return {
      connection,
      whole: preparedOnce(connection, pageSql(query, recordSql(query.table), isWhole)),
      brief: brief && (await connection.prepare(pageSql(query, brief.sql, brief.where))),
      pages,
    };
  } catch (error) {
    file.release(connection);
    throw error;
  }
}

async function fetchRecords(statement: DuckDBPreparedStatement, { low, high }: Stretch): Promise<Printed[]> {
  statement.bindBigInt(1, BigInt(low));
  statement.bindBigInt(2, BigInt(high));
  const [json] = await drain(await statement.stream(), (chunk) => chunk.getColumnValues(0) as Json[]);
  return JSON.parse(json ?? "[]") as Printed[];
}

/** NULL, should a page have no records. */
type Json = string | null;

function preparedOnce(connection: DuckDBConnection, sql: string): Session["whole"] {
  let statement: DuckDBPreparedStatement | undefined;
  return async () => {
    statement ??= await connection.prepare(sql);
    return statement;
  };
}

async function readPage<T extends StoredTable, R>(
  session: Session,
  { table, descending, decode, brief }: PageQuery<T, R>,
  page: Stretch,
): Promise<readonly R[]> {
  const briefly = session.brief === undefined ? [] : await fetchRecords(session.brief, page);
  // For nearly every page either the one or the other is all there is.
  const whole = briefly.length === page.rows ? [] : await fetchRecords(await session.whole(), page);
  await fillInLongTexts(session.connection, table, whole);
  const records = briefly.length === 0 ? whole : whole.length === 0 ? briefly : [...briefly, ...whole];
  const fields = Object.keys(table.fields).length;
  const isWhole = (printed: Printed) => printed.length === fields;
  // By the ordering column. They mostly are in order; and DuckDB would copy all the text once more.
  records.sort(([a], [b]) => (a as number) - (b as number));
  if (descending === true) records.reverse();
  return records.map((printed) =>
    brief === undefined || isWhole(printed) ? decode(valuesOf(table, printed)) : brief.decode(printed),
  );
}
