import type { NewestRow, RowFacts, WideValue } from "../../model/preflight.js";
import { type Column, columnIn, ownNames, type Table, tableIn } from "../../model/table.js";
import { identifier } from "../../sql/quote.js";
import { longestPrinted } from "../oversized.js";
import { source } from "../read-table.js";
import type { Session } from "../session/session.js";

/** What to look for, the same in all three databases so that they can be held against each other. */
export interface RowSearch {
  readonly newest: readonly { readonly table: Table; readonly column: Column }[];
  /** Tables that may hold large values. */
  readonly wide: readonly Table[];
}

/** For each of the two searches, on each server. */
const timeLimitMs = 5000;

/**
 * Looks at rows, for a bounded time: a query that takes too long is given up, and its table is named.
 *
 * @throws ConnectionError
 */
export async function readRowFacts(session: Session, search: RowSearch): Promise<RowFacts> {
  const newest = new Deadline(session, timeLimitMs);
  const found: NewestRow[] = [];
  for (const { table, column } of search.newest) {
    const name = columnIn(ownNames(table, session.role), column.name);
    const [row] = (await newest.query(newestSql(tableIn(table, session.role), name))) ?? [];
    const at = row?.[0] ?? undefined;
    if (at !== undefined) found.push({ table: table.label, column: column.name, at });
  }
  const widest = new Deadline(session, timeLimitMs);
  const wide: WideValue[] = [];
  const notSearched: string[] = [];
  for (const table of search.wide) {
    const isWide = ({ baseType }: Column) => !fixedWidth.test(baseType);
    const columns = table.columns.filter(isWide);
    if (columns.length === 0) continue;
    const here = tableIn(table, session.role);
    const answer = await widest.query(widestSql(here, here.columns.filter(isWide)));
    if (answer === undefined) notSearched.push(table.label);
    else wide.push(...wideValues(table, columns, answer[0] ?? []));
  }
  return { newest: found, wide, notSearched };
}

/** Rows of the future (a mistyped year) say nothing; an index finds the latest of the others. */
function newestSql(table: Table, name: string): string {
  const column = `t.${identifier(name)}`;
  return `SELECT pg_catalog.to_char(pg_catalog.max(${column})::timestamptz, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    FROM ${source(table)} AS t WHERE ${column} <= pg_catalog.now() AND ${column} > '-infinity'`;
}

const fixedWidth =
  /^(smallint|integer|bigint|boolean|date|uuid|oid|real|double precision|money|time|interval)/;

/** Sizes alone: nothing that is stored out of line is fetched. */
function widestSql(table: Table, columns: readonly Column[]): string {
  const sizes = columns.map(({ name, baseType }) => {
    const column = `t.${identifier(name)}`;
    const measure = /^(text|bytea|character varying)/.test(baseType) ? "octet_length" : "pg_column_size";
    return `pg_catalog.max(pg_catalog.${measure}(${column}))`;
  });
  return `SELECT ${sizes.join(", ")} FROM ${source(table)} AS t`;
}

function wideValues(
  table: Table,
  columns: readonly Column[],
  sizes: readonly (string | null)[],
): readonly WideValue[] {
  return columns.flatMap(({ name, baseType }, at) => {
    const bytes = Number(sizes[at] ?? 0);
    const printed = baseType === "bytea" ? 2 * bytes + 2 : bytes;
    return printed <= longestPrinted ? [] : [{ table: table.label, column: name, bytes, printed }];
  });
}

/** Queries that together may take so long, and no longer. */
class Deadline {
  readonly #session: Session;
  readonly #end: number;

  constructor(session: Session, limitMs: number) {
    this.#session = session;
    this.#end = performance.now() + limitMs;
  }

  /** Undefined: there was no time left, or it was not enough, or it cannot be read. */
  async query(sql: string): Promise<readonly (readonly (string | null)[])[] | undefined> {
    const left = Math.floor(this.#end - performance.now());
    if (left <= 0) return undefined;
    await this.#session.query(`SET statement_timeout = ${left}`);
    try {
      return await this.#session.query(sql);
    } catch (error) {
      if (!this.#session.isOpen) throw error;
      return undefined;
    } finally {
      if (this.#session.isOpen) await this.#session.query("SET statement_timeout = 0");
    }
  }
}
