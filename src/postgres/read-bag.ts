import { columnAt, type Table, tableIn } from "../model/table.js";
import type { Key, Row, Value } from "../model/value.js";
import { identifier } from "../sql/quote.js";
import { identityExpression } from "../sql/row-identity.js";
import { smallGroups } from "./read-digests.js";
import { readQuery, source } from "./read-table.js";
import type { Session } from "./session/session.js";

/** A row of a bag has more than its columns: its identity, which copy it is, and how many there are. */
export const identityAt = (table: Table): number => table.columns.length;
export const copyAt = (table: Table): number => table.columns.length + 1;
export const copiesAt = (table: Table): number => table.columns.length + 2;
/** `xmin`, where it was asked for. */
export const transactionAt = (table: Table): number => table.columns.length + 3;

export interface ReadBagOptions {
  /** Rows fetched at a time. */
  readonly batchSize: number;
  readonly withTransaction: boolean;
  /** Only rows of these buckets; undefined: all. */
  readonly buckets?: readonly number[] | undefined;
}

/**
 * Reads a table without a key in the order of its rows' identities. Of several copies the one that was written last
 * comes last. The server sorts, on its disk where it must; memory here holds two batches.
 *
 * @throws QueryError
 */
export async function* readBag(
  session: Session,
  table: Table,
  { batchSize, withTransaction, buckets }: ReadBagOptions,
): AsyncGenerator<readonly Row[]> {
  const width = table.columns.length;
  let [identity, copy]: [Value | undefined, number] = [undefined, 0];
  for await (const rows of readQuery(
    session,
    {
      sql: bagQuery(tableIn(table, session.role), withTransaction, buckets !== undefined),
      values: buckets === undefined ? [] : [buckets],
    },
    batchSize,
  )) {
    yield rows.map((row) => {
      copy = row[width] === identity ? copy + 1 : 1;
      identity = row[width];
      return [...row.slice(0, width + 1), String(copy), ...row.slice(width + 1)];
    });
  }
}

function bagQuery(table: Table, withTransaction: boolean, someBuckets: boolean): string {
  const names = table.columns.map((_, at) => `c${at}`);
  const columns = table.columns.map(({ name }, at) => `t.${identifier(name)} AS c${at}`);
  const [extra, more, order] = withTransaction
    ? [", t.xmin AS x", ", b.x", ", pg_catalog.age(b.x) DESC"]
    : ["", "", ""];
  // OFFSET 0 keeps the identity from being worked out more than once for a row.
  return `SELECT ${names.map((name) => `b.${name}`).join(", ")}, pg_catalog.encode(b.id, 'hex'), pg_catalog.count(*) OVER (PARTITION BY b.id)${more}
    FROM (SELECT ${columns.join(", ")}, ${identityExpression(table, "t")} AS id${extra} FROM ${source(table)} AS t OFFSET 0) AS b
    ${someBuckets ? `WHERE ${bucketOf("b.id")} = ANY ($1::pg_catalog.int4[])` : ""} ORDER BY b.id${order}`;
}

/** Which of 65 536 buckets a row belongs to: rows are spread evenly, and all copies of one are in one. */
function bucketOf(identity: string): string {
  return `(pg_catalog.get_byte(${identity}, 0) * 256 + pg_catalog.get_byte(${identity}, 1))`;
}

/** What a bucket holds. */
export interface Bucket {
  readonly rows: number;
  /** The same where the same rows are as many times in it; but once in 2^128 only then. */
  readonly digest: string;
}

/**
 * All buckets that have rows, in one scan. Digests are sums: an exclusive or would lose two copies of one row.
 *
 * @throws QueryError
 */
export async function readBuckets(session: Session, table: Table): Promise<ReadonlyMap<number, Bucket>> {
  const here = tableIn(table, session.role);
  const part = (from: number) =>
    `pg_catalog.sum(('x' || pg_catalog.encode(pg_catalog.substr(b.id, ${from}, 8), 'hex'))::bit(64)::int8)`;
  const buckets = new Map<number, Bucket>();
  await session.planning(smallGroups, () =>
    session.each(
      `SELECT ${bucketOf("b.id")}, pg_catalog.count(*), ${part(3)}, ${part(11)}
      FROM (SELECT ${identityExpression(here, "t")} AS id FROM ${source(here)} AS t OFFSET 0) AS b GROUP BY 1`,
      ([bucket, rows, ...sums]) => {
        buckets.set(Number(bucket), { rows: Number(rows), digest: sums.join(" ") });
      },
    ),
  );
  return buckets;
}

/**
 * How many copies there are of the rows with these identities, in their order. One scan of the table, however many.
 *
 * @throws QueryError
 */
export async function countCopies(
  session: Session,
  table: Table,
  identities: readonly string[],
): Promise<readonly number[]> {
  const distinct = [...new Set(identities)];
  if (distinct.length === 0) return [];
  const here = tableIn(table, session.role);
  const counted = await session.query(
    `SELECT pg_catalog.encode(b.id, 'hex'), pg_catalog.count(*)
    FROM (SELECT ${identityExpression(here, "t")} AS id FROM ${source(here)} AS t OFFSET 0) AS b
    JOIN (SELECT pg_catalog.decode(w.id, 'hex') AS id FROM pg_catalog.unnest($1::pg_catalog.text[]) AS w(id)) AS w ON w.id = b.id
    GROUP BY b.id`,
    [distinct],
  );
  const counts = new Map(counted.map(([identity, copies]) => [identity, Number(copies)]));
  return identities.map((identity) => counts.get(identity) ?? 0);
}

/** The copies of these keys, in their order; `undefined` where there are not so many. One scan of the table. */
export async function lookUpCopies(
  session: Session,
  table: Table,
  keys: readonly Key[],
): Promise<readonly (Row | undefined)[]> {
  const found: (Row | undefined)[] = new Array(keys.length).fill(undefined);
  if (keys.length === 0) return found;
  const here = tableIn(table, session.role);
  const columns = here.columns.map((_, at) => `t.${identifier(columnAt(here, at).name)} AS c${at}`);
  const names = table.columns.map((_, at) => `c${at}`);
  const rows = await session.query(
    `WITH wanted AS MATERIALIZED (
      SELECT k.ord, pg_catalog.decode(k.id, 'hex') AS id, k.copy::int8 AS copy
      FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[])) WITH ORDINALITY AS k(id, copy, ord)
    ), one AS (
      SELECT DISTINCT ON (b.id) b.*, pg_catalog.count(*) OVER (PARTITION BY b.id) AS copies
      FROM (SELECT ${columns.join(", ")}, ${identityExpression(here, "t")} AS id FROM ${source(here)} AS t OFFSET 0) AS b
      JOIN (SELECT DISTINCT w.id FROM wanted AS w) AS d ON d.id = b.id ORDER BY b.id
    )
    SELECT w.ord, ${names.map((name) => `o.${name}`).join(", ")} FROM wanted AS w JOIN one AS o ON o.id = w.id AND w.copy <= o.copies`,
    [keys.map(([identity]) => identity), keys.map(([, copy]) => copy)],
  );
  for (const [ord, ...row] of rows) found[Number(ord) - 1] = row;
  return found;
}
