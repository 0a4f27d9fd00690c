import { QueryError } from "../model/errors.js";
import { type Column, type Table, tableIn } from "../model/table.js";
import { identifier } from "../sql/quote.js";
import { source } from "./read-table.js";
import type { Session } from "./session.js";
import { readTableSizes } from "./table-sizes.js";

/** A table that holds a value too long to be read, with why, in words. */
export interface Oversized {
  readonly table: string;
  readonly why: string;
}

/**
 * Printed, in bytes. V8 has no string of more than 512 MB, and a value is written into files twice as long where all of
 * it must be escaped.
 */
const longestPrinted = 256 * 2 ** 20;

/** What PostgreSQL stores apart is compressed to a two-hundredth and something at best. */
const mostCompressed = 300;

/**
 * Tables with a value that prints longer than `longest`. Sizes are asked of the server, and only of tables that store so
 * much apart that there may be one: nothing that is stored apart is fetched, but of types whose stored size says little.
 *
 * @throws ConnectionError
 */
export async function findOversized(
  session: Session,
  tables: readonly Table[],
  longest: number = longestPrinted,
): Promise<readonly Oversized[]> {
  const found: Oversized[] = [];
  const sizes = await readTableSizes(session, tables);
  for (const known of tables.filter((_, at) => (sizes[at]?.apart ?? 0) >= longest / mostCompressed)) {
    const table = tableIn(known, session.role);
    const columns = table.columns.filter(({ baseType }) => !fixedWidth.test(baseType));
    const why = columns.length === 0 ? undefined : await widest(session, table, columns, longest);
    if (why !== undefined) found.push({ table: known.label, why });
  }
  return found;
}

const fixedWidth =
  /^(smallint|integer|bigint|boolean|date|uuid|oid|real|double precision|money|timestamp|time|interval)( |$|\()/;

async function widest(
  session: Session,
  table: Table,
  columns: readonly Column[],
  longest: number,
): Promise<string | undefined> {
  const sizes = columns.map((column) => `pg_catalog.max(${printedSize(column, longest)})`);
  try {
    const [row = []] = await session.query(`SELECT ${sizes.join(", ")} FROM ${source(table)} AS t`);
    const at = row.findIndex((size) => Number(size ?? 0) > longest);
    const column = columns[at];
    if (column === undefined) return undefined;
    return `${session.role}: a value of column ${column.name} is ${megabytes(Number(row[at]))} long as text; more than ${megabytes(longest)} cannot be read or patched`;
  } catch (error) {
    // One that not even the server can print.
    if (!(error instanceof QueryError)) throw error;
    return `a value is too long to be read (${error.message})`;
  }
}

function printedSize({ name, baseType }: Column, longest: number): string {
  const column = `t.${identifier(name)}`;
  if (baseType === "bytea") return `2::bigint * pg_catalog.octet_length(${column}) + 2`;
  if (/^(text|character varying)( |$|\()/.test(baseType)) return `pg_catalog.octet_length(${column})::bigint`;
  // The stored size is that of what is compressed; only of what may be too long is the text made.
  return `CASE WHEN pg_catalog.pg_column_size(${column}) > ${Math.floor(longest / mostCompressed)}
    THEN pg_catalog.octet_length(pg_catalog.format('%s', ${column}))::bigint END`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}
