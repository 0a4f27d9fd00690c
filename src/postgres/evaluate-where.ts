import type { Table } from "../model/table.js";
import type { DatabaseRole, Row } from "../model/value.js";
import type { Session } from "./session/session.js";
import { typedRows } from "./typed-rows.js";

/** The three rows a `where` may speak of. */
export type RowsByAlias = Readonly<Record<DatabaseRole, Row | undefined>>;

const aliases: readonly DatabaseRole[] = ["pre", "post", "current"];

/**
 * Evaluates the `where` of rules over rows, in PostgreSQL: typed, read-only, many rows in one query. A row that does
 * not exist is a row of NULLs; NULL is "does not hold".
 *
 * @returns for each expression, for each row, whether it holds
 */
export async function evaluateWhere(
  session: Session,
  table: Table,
  expressions: readonly string[],
  rows: readonly RowsByAlias[],
): Promise<readonly (readonly boolean[])[]> {
  const { sql, values } = whereQuery(table, expressions, rows);
  const holds: boolean[][] = expressions.map(() => new Array(rows.length).fill(false));
  for (const [ord, ...answers] of await session.query(sql, values)) {
    for (const [at, answer] of answers.entries()) {
      (holds[at] as boolean[])[Number(ord) - 1] = answer === "t";
    }
  }
  return holds;
}

/** Asks the planner alone: names and types are right, nothing runs. @returns the server's complaint */
export async function checkWhere(
  session: Session,
  table: Table,
  expression: string,
): Promise<string | undefined> {
  const { sql, values } = whereQuery(table, [expression], []);
  try {
    await session.query(`EXPLAIN ${sql}`, values);
    return undefined;
  } catch (error) {
    // A failed statement ends the transaction it stands in; the caller asks outside of any snapshot.
    return error instanceof Error ? error.message : String(error);
  }
}

function whereQuery(table: Table, expressions: readonly string[], rows: readonly RowsByAlias[]) {
  const positions = table.columns.map((_, at) => at);
  const ord = freeName(table);
  const relations = aliases.map((alias, at) => ({
    alias,
    rows: typedRows(
      table,
      positions,
      rows.map((row) => row[alias]),
      1 + at * positions.length,
      ord,
    ),
  }));
  const [first, ...others] = relations.map(({ alias, rows }) => `${rows.sql} AS ${alias}`);
  // The line break ends a comment inside the expression; the parentheses keep its operators together.
  const select = expressions.map((expression) => `(${expression}\n) IS TRUE`);
  return {
    sql: `SELECT pre.${ord}, ${select.join(", ")} FROM ${first} ${others
      .map((other, at) => `JOIN ${other} ON ${aliases[at + 1]}.${ord} = pre.${ord}`)
      .join(" ")}`,
    values: relations.flatMap((relation) => relation.rows.values),
  };
}

/** A name no column of the table has, so that the row number never hides one. */
function freeName(table: Table): string {
  let name = "pgmend_ord";
  while (table.columns.some((column) => column.name === name)) name += "_";
  return name;
}
