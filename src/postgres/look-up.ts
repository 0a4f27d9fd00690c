import { isBag } from "../model/bag.js";
import { columnAt, type Table, tableIn } from "../model/table.js";
import type { Key, Row, Value } from "../model/value.js";
import { identifier } from "../sql/quote.js";
import { readText } from "../sql/read-text.js";
import { lookUpCopies } from "./read-bag.js";
import { columnList, source } from "./read-table.js";
import type { Session } from "./session/session.js";

/**
 * The rows of these keys, in the order of the keys; `undefined` where there is none. One query a call, through the
 * key's index: short reads, gentle on the live database. With the transaction as one value more, where it is wanted.
 *
 * @throws QueryError
 */
export async function lookUpRows(
  session: Session,
  table: Table,
  keys: readonly Key[],
  { withTransaction = false }: { readonly withTransaction?: boolean } = {},
): Promise<readonly (Row | undefined)[]> {
  if (keys.length === 0) return [];
  if (isBag(table)) return lookUpCopies(session, table, keys);
  const here = tableIn(table, session.role);
  const columns = here.key.map((position) => columnAt(here, position));
  const arrays = columns.map((_, at) => `pg_catalog.unnest($${at + 1}::pg_catalog.text[])`);
  const condition = columns.map(
    ({ name, baseType, equals }, at) =>
      `t.${identifier(name)} ${equals ?? "="} ${readText(`k.c${at}`, baseType)}`,
  );
  const sql = `SELECT ${columnList(here, "t")}${withTransaction ? ", t.xmin" : ""}, k.ord
    FROM ROWS FROM (${arrays.join(", ")}) WITH ORDINALITY AS k(${columns.map((_, at) => `c${at}`).join(", ")}, ord)
    JOIN ${source(here)} AS t ON ${condition.join(" AND ")}`;
  const found: (Row | undefined)[] = new Array(keys.length).fill(undefined);
  for (const row of await session.query(
    sql,
    columns.map((_, at) => keys.map((key) => key[at])),
  )) {
    // Taken off, rather than the rest copied: these are most of the rows that a plan reads of current.
    const ord = (row as Value[]).pop();
    found[Number(ord) - 1] = row;
  }
  return found;
}

/** Fewer keys are not worth a question of their own. */
const fewKeys = 100;

/**
 * As `lookUpRows`, over several sessions that see one moment: each is asked for a part of the keys, all at once. Copies
 * of a table without a key are found by scanning it: by the first session alone.
 *
 * @throws QueryError
 */
export async function lookUpOver(
  sessions: readonly [Session, ...Session[]],
  table: Table,
  keys: readonly Key[],
): Promise<readonly (Row | undefined)[]> {
  const parts = isBag(table) ? 1 : Math.min(sessions.length, Math.ceil(keys.length / fewKeys));
  if (parts <= 1) return lookUpRows(sessions[0], table, keys);
  const size = Math.ceil(keys.length / parts);
  const found = await Promise.all(
    sessions
      .slice(0, parts)
      .map((session, at) => lookUpRows(session, table, keys.slice(at * size, (at + 1) * size))),
  );
  return found.flat();
}
