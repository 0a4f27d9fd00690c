import { isBag } from "../model/bag.js";
import { QueryError } from "../model/errors.js";
import { columnAt, type Table, tableIn } from "../model/table.js";
import type { Key, Row, Value } from "../model/value.js";
import { wholeSource } from "../sql/digest-query.js";
import { isLonger, mostCompressed, printedOrDigest, printedSize, wideColumns } from "../sql/printed-size.js";
import { identifier, literal } from "../sql/quote.js";
import { readText } from "../sql/read-text.js";
import { readTableSizes } from "./catalog/table-sizes.js";
import type { Session } from "./session/session.js";

/** What of a table is too long to be read; `why` in words. */
export type Oversized =
  /** Nobody can say which rows, or they are too many. */
  | { readonly table: string; readonly kind: "table"; readonly why: string }
  | { readonly table: string; readonly kind: "rows"; readonly rows: readonly OversizedRow[] };

export interface OversizedRow {
  /** Empty where the table has no key. */
  readonly key: Key;
  readonly why: string;
}

/**
 * All values of a row together, printed, in bytes. V8 has no string of more than 512 MB, and a control character takes
 * six of JSON; and of such a row many copies are in memory at a time, on its way into the store and out of it: 64 MB take
 * about a gigabyte.
 */
export const longestPrinted = 64 * 2 ** 20;

/** Of values in rows that stand apart, longer ones are told by digests, too: all these rows are in memory. */
const longestInMemory = 65_536;

/** More of them are no exception. */
const mostRows = 1000;

/**
 * Rows whose values print longer than `longest`. Sizes are asked of the server, and only of tables that store so
 * much apart that there may be one.
 *
 * @throws ConnectionError
 */
export async function findOversized(
  session: Session,
  tables: readonly Table[],
  longest: number,
): Promise<readonly Oversized[]> {
  const found: Oversized[] = [];
  const sizes = await readTableSizes(session, tables);
  for (const table of tables.filter((_, at) => (sizes[at]?.apart ?? 0) >= longest / mostCompressed)) {
    if (wideColumns(table).length === 0) continue;
    const oversized = await rowsOf(session, table, longest);
    if (oversized !== undefined) found.push(oversized);
  }
  return found;
}

async function rowsOf(session: Session, table: Table, longest: number): Promise<Oversized | undefined> {
  const here = tableIn(table, session.role);
  const columns = wideColumns(here);
  const keys = here.key.map((at) => `t.${identifier(columnAt(here, at).name)}`);
  const sizes = columns.map((column) => printedSize(column, "t", longest));
  const whole = (why: string): Oversized => ({ table: table.label, kind: "table", why });
  try {
    const rows = await session.query(
      `SELECT ${[...keys, ...sizes].join(", ")} FROM ${wholeSource(here)} AS t WHERE ${isLonger(here, "t", longest)} LIMIT ${mostRows + 1}`,
    );
    if (rows.length === 0) return undefined;
    if (rows.length > mostRows)
      return whole(
        `${session.role}: more than ${mostRows} of its rows are longer than ${megabytes(longest)} as text`,
      );
    const why = (row: readonly Value[]) => {
      const lengths = columns.map((_, place) => Number(row[keys.length + place] ?? 0));
      const at = lengths.findIndex((length) => length > longest);
      const what =
        at < 0
          ? `its values are together ${megabytes(lengths.reduce((sum, length) => sum + length, 0))}`
          : `the value of column ${wideColumns(table)[at]?.name} is ${megabytes(lengths[at] as number)}`;
      return `${session.role}: ${what} long as text; more than ${megabytes(longest)} a row cannot be read or patched`;
    };
    const found = rows.map((row) => ({ key: row.slice(0, keys.length) as Key, why: why(row) }));
    return { table: table.label, kind: "rows", rows: found };
  } catch (error) {
    // One that not even the server can print.
    if (!(error instanceof QueryError) || !session.isOpen) throw error;
    return whole(`a value is too long to be read (${error.message})`);
  }
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}

/** Row, and the transaction that wrote it. */
export interface ReadApart {
  readonly row: Row;
  readonly transaction: Value;
}

/**
 * The rows of these keys, in their order; for a long value stands what `printedOrDigest` makes of it, so that two rows
 * are the same if what is read is.
 *
 * @param longest of a row, as in `findOversized`
 *
 * @throws QueryError, also where the server cannot make a digest of a value
 */
export async function readApart(
  session: Session,
  table: Table,
  keys: readonly Key[],
  longest: number,
): Promise<readonly (ReadApart | undefined)[]> {
  const here = tableIn(table, session.role);
  const values = here.columns.map((column) =>
    printedOrDigest(column, "t", Math.min(longest, longestInMemory)),
  );
  const found: (ReadApart | undefined)[] = [];
  for (const key of keys) {
    const condition = here.key.map((position, at) => {
      const { name, baseType, equals } = columnAt(here, position);
      return `t.${identifier(name)} ${equals ?? "="} ${readText(`${literal(key[at] ?? null)}::pg_catalog.text`, baseType)}`;
    });
    const [row] = await session.query(
      `SELECT ${values.join(", ")}, t.xmin FROM ${wholeSource(here)} AS t WHERE ${condition.join(" AND ")}`,
    );
    found.push(row && { row: row.slice(0, -1), transaction: row.at(-1) ?? null });
  }
  return found;
}

/** What tells the long rows of a table without a key apart: a digest of each, sorted. */
export async function digestsApart(
  session: Session,
  table: Table,
  longest: number,
): Promise<readonly string[]> {
  if (!isBag(table)) return [];
  const here = tableIn(table, session.role);
  const values = here.columns.map((column) =>
    printedOrDigest(column, "t", Math.min(longest, longestInMemory)),
  );
  const rows = await session.query(
    `SELECT ${values.join(", ")} FROM ${wholeSource(here)} AS t WHERE ${isLonger(here, "t", longest)}`,
  );
  return rows.map((row) => JSON.stringify(row)).sort();
}
