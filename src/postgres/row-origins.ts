import { isBag } from "../model/bag.js";
import { columnAt, type Table, tableIn } from "../model/table.js";
import type { Key } from "../model/value.js";
import { identifier } from "../sql/quote.js";
import { readText } from "../sql/read-text.js";
import { source } from "./read-table.js";
import type { Session } from "./session/session.js";

/** Who wrote a row last, as far as the server can tell. */
export interface RowOrigin {
  /** The row's `xmin`. */
  readonly transaction: string;
  /** ISO time of the commit; undefined where the server does not keep it (`track_commit_timestamp`). */
  readonly committedAt: string | undefined;
}

/** In the order of the keys; undefined where there is no such row. */
export async function readOrigins(
  session: Session,
  table: Table,
  keys: readonly Key[],
): Promise<readonly (RowOrigin | undefined)[]> {
  // Of several copies nobody can say which of them is meant.
  if (isBag(table)) return keys.map(() => undefined);
  const [[tracked] = []] = await session.query(
    "SELECT pg_catalog.current_setting('track_commit_timestamp') = 'on'",
  );
  // The server knows no times of transactions older than its memory of them.
  const time =
    tracked === "t"
      ? `pg_catalog.to_char(pg_catalog.pg_xact_commit_timestamp(t.xmin), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
      : "NULL";
  const here = tableIn(table, session.role);
  const columns = here.key.map((position) => columnAt(here, position));
  const arrays = columns.map((_, at) => `pg_catalog.unnest($${at + 1}::pg_catalog.text[])`);
  const condition = columns.map(
    ({ name, baseType, equals }, at) =>
      `t.${identifier(name)} ${equals ?? "="} ${readText(`k.c${at}`, baseType)}`,
  );
  const rows = await session.query(
    `SELECT k.ord, t.xmin::text, ${time}
    FROM ROWS FROM (${arrays.join(", ")}) WITH ORDINALITY AS k(${columns.map((_, at) => `c${at}`).join(", ")}, ord)
    JOIN ${source(here)} AS t ON ${condition.join(" AND ")}`,
    columns.map((_, at) => keys.map((key) => key[at])),
  );
  const found: (RowOrigin | undefined)[] = new Array(keys.length).fill(undefined);
  for (const [ord, transaction, committedAt] of rows)
    found[Number(ord) - 1] = { transaction: transaction ?? "", committedAt: committedAt ?? undefined };
  return found;
}
