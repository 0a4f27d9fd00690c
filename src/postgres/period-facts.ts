import type { ForeignKey, Table } from "../model/table.js";
import type { Key, Value } from "../model/value.js";
import { identifier } from "../sql/quote.js";
import { readText } from "../sql/read-text.js";
import { type Found, fromClause, keyList, type Looked } from "./constraint-facts.js";
import type { Session } from "./session/session.js";

/** A row of `current` that is what another one refers to for a part of the time. */
export interface PeriodFound extends Found {
  /** Its range, as printed. */
  readonly period: Value;
}

/** Values of all columns of the foreign key, the range last; none of them NULL. */
type Reference = readonly Value[];

/**
 * Rows of `current` that these references speak of for some of their time. One query, whatever their number.
 *
 * @param child gives the references their types
 */
export async function findPeriodParents(
  session: Session,
  child: Table,
  { columns, parentColumns }: ForeignKey,
  parent: Looked,
  references: readonly Reference[],
): Promise<readonly PeriodFound[]> {
  const asked = relation(child, columns, references, 1);
  const period = `t.${identifier(parentColumns.at(-1) as string)}`;
  const rows = await session.query(
    `SELECT v.ord, ${period}${keyList(parent, "t", "v.ord")} FROM ${asked.sql("v")}
      JOIN ${fromClause(parent)} AS t ON ${overlap(child, columns, "v", (at) => `t.${identifier(parentColumns[at] as string)}`)}`,
    asked.values,
  );
  return rows.map(([ord, range, ...key]) => ({
    row: Number(ord) - 1,
    period: range ?? null,
    key: key as Key,
  }));
}

/** Which of these references speak of which of those rows for some of their time: places in both lists. */
export async function matchPeriods(
  session: Session,
  [child, parent]: readonly [Table, Table],
  { columns, parentColumns }: ForeignKey,
  references: readonly Reference[],
  referred: readonly Reference[],
): Promise<readonly (readonly [number, number])[]> {
  if (references.length === 0 || referred.length === 0) return [];
  const asked = relation(child, columns, references, 1);
  const among = relation(parent, parentColumns, referred, 1 + columns.length);
  const rows = await session.query(
    `SELECT v.ord, w.ord FROM ${asked.sql("v")} JOIN ${among.sql("w")} ON ${overlap(child, columns, "v", (at) => `w.c${at}`)}`,
    [...asked.values, ...among.values],
  );
  return rows.map(([a, b]) => [Number(a) - 1, Number(b) - 1] as const);
}

/**
 * Whether all of a reference's time is covered by ranges, for each.
 *
 * @param pieces ranges, each with the place of its reference
 */
export async function areCovered(
  session: Session,
  child: Table,
  { columns }: ForeignKey,
  references: readonly Reference[],
  pieces: readonly { readonly row: number; readonly period: Value }[],
): Promise<readonly boolean[]> {
  const covered: boolean[] = new Array(references.length).fill(false);
  if (pieces.length === 0) return covered;
  const type = typeOf(child, columns.at(-1) as string);
  const rows = await session.query(
    `SELECT v.ord FROM pg_catalog.unnest($1::pg_catalog.text[]) WITH ORDINALITY AS v(period, ord)
      JOIN (SELECT p.ord, pg_catalog.range_agg(${readText("p.period", type)}) AS times
        FROM ROWS FROM (pg_catalog.unnest($2::pg_catalog.int8[]), pg_catalog.unnest($3::pg_catalog.text[])) AS p(ord, period)
        GROUP BY p.ord) AS c ON c.ord = v.ord WHERE ${readText("v.period", type)} OPERATOR(pg_catalog.<@) c.times`,
    [
      references.map((values) => values.at(-1) ?? null),
      pieces.map(({ row }) => row + 1),
      pieces.map(({ period }) => period),
    ],
  );
  for (const [ord] of rows) covered[Number(ord) - 1] = true;
  return covered;
}

/**
 * Rows of `current` that refer to these for some of the time that they give up. No two rows that can be referred to
 * overlap, so nothing else covers it, not even for a moment: what comes in its place can only be written after it went.
 *
 * @param before values of the parent's columns; with a NULL it is referred to by nobody
 * @param after the range that stays under the same values, or null
 */
export async function findPeriodChildren(
  session: Session,
  parent: Table,
  { columns, parentColumns }: ForeignKey,
  child: Looked,
  before: readonly (readonly Value[])[],
  after: readonly Value[],
): Promise<readonly Found[]> {
  const asked = relation(parent, parentColumns, before, 1);
  const last = parentColumns.length - 1;
  const type = typeOf(parent, parentColumns[last] as string);
  const theirs = (at: number) => `t.${identifier(columns[at] as string)}`;
  const stays = readText("s.period", type);
  const rows = await session.query(
    `SELECT v.ord${keyList(child, "t", "v.ord")} FROM ${asked.sql("v")}
      JOIN pg_catalog.unnest($${parentColumns.length + 1}::pg_catalog.text[]) WITH ORDINALITY AS s(period, ord) ON s.ord = v.ord
      JOIN ${fromClause(child)} AS t ON ${overlap(parent, parentColumns, "v", theirs)}
      WHERE NOT coalesce(${theirs(last)} OPERATOR(pg_catalog.*) v.c${last} OPERATOR(pg_catalog.<@) ${stays}, false)`,
    [...asked.values, after],
  );
  return rows.map(([ord, ...key]) => ({ row: Number(ord) - 1, key: key as Key }));
}

/** Typed rows `c0, c1, …, ord`, which counts from 1. */
function relation(
  table: Table,
  columns: readonly string[],
  rows: readonly Reference[],
  firstParameter: number,
) {
  const arrays = columns.map((_, at) => `pg_catalog.unnest($${firstParameter + at}::pg_catalog.text[])`);
  const typed = columns.map((name, at) => `${readText(`u.c${at}`, typeOf(table, name))} AS c${at}`);
  const names = columns.map((_, at) => `c${at}`);
  const sql = `(SELECT u.ord, ${typed.join(", ")} FROM ROWS FROM (${arrays.join(", ")}) WITH ORDINALITY AS u(${names.join(", ")}, ord))`;
  return {
    sql: (alias: string) => `${sql} AS ${alias}`,
    values: columns.map((_, at) => rows.map((row) => row[at] ?? null)),
  };
}

/** @param table has the columns of `alias` */
function overlap(
  table: Table,
  columns: readonly string[],
  alias: string,
  other: (at: number) => string,
): string {
  const conditions = columns.map((name, at) => {
    const equals = table.columns.find((column) => column.name === name)?.equals ?? "=";
    const operator = at === columns.length - 1 ? "OPERATOR(pg_catalog.&&)" : equals;
    return `${other(at)} ${operator} ${alias}.c${at}`;
  });
  return conditions.join(" AND ");
}

function typeOf(table: Table, name: string): string {
  return table.columns.find((column) => column.name === name)?.baseType ?? "text";
}
