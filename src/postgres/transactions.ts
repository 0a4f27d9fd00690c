import { isBag } from "../model/bag.js";
import { keyOf, type Table, tableIn } from "../model/table.js";
import { lookUpRows } from "./look-up.js";
import { columnList, source } from "./read-table.js";
import type { Session } from "./session/session.js";

/** Rows looked at in each table. */
const sampled = 50;

/**
 * Whether `xmin` says who wrote a row: in a physical copy a row that nobody changed has the one it had before. Where
 * the rows were loaded anew, from a dump or by logical replication, all have that of the load.
 *
 * @returns undefined where no row is the same in both
 */
export async function keepsTransactions(
  { pre, post }: { readonly pre: Session; readonly post: Session },
  tables: readonly Table[],
): Promise<boolean | undefined> {
  let compared = 0;
  // Of rows without a key nobody can say which is the same.
  for (const table of tables.filter((table) => !isBag(table))) {
    const here = tableIn(table, pre.role);
    const before = await pre.query(
      `SELECT ${columnList(here, "t")}, t.xmin FROM ${source(here)} AS t LIMIT ${sampled}`,
    );
    const keys = before.map((row) => keyOf(table, row));
    const after = await lookUpRows(post, table, keys, { withTransaction: true });
    for (const [at, row] of before.entries()) {
      if (!table.columns.every((_, column) => row[column] === after[at]?.[column])) continue;
      if (row.at(-1) === after[at]?.at(-1)) return true;
      compared += 1;
    }
  }
  return compared === 0 ? undefined : false;
}

/** Whether the server remembers when transactions were committed. */
export async function keepsCommitTimes(session: Session): Promise<boolean> {
  const [row] = await session.query("SELECT pg_catalog.current_setting('track_commit_timestamp')");
  return row?.[0] === "on";
}

/** ISO times of commits, in the order of the transactions; undefined where the server does not know any more. */
export async function commitTimes(
  session: Session,
  transactions: readonly string[],
): Promise<readonly (string | undefined)[]> {
  if (transactions.length === 0) return [];
  // 0 to 2 are none of anybody's, and asking for them is an error to some servers.
  const rows = await session.query(
    `SELECT CASE WHEN x.id::pg_catalog.int8 > 2 THEN pg_catalog.to_char(
      pg_catalog.pg_xact_commit_timestamp(x.id::pg_catalog.xid), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END
    FROM pg_catalog.unnest($1::pg_catalog.text[]) WITH ORDINALITY AS x(id, ord) ORDER BY x.ord`,
    [transactions],
  );
  return rows.map(([at]) => at ?? undefined);
}
