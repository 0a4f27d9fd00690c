import { isBag } from "../model/bag.js";
import type { CheckRule, UniqueRule } from "../model/constraint.js";
import { columnAt, columnIn, type ForeignKey, ownNames, type Table, tableIn } from "../model/table.js";
import type { Key, Row, Value } from "../model/value.js";
import { identifier } from "../sql/quote.js";
import { readText } from "../sql/read-text.js";
import { identityExpression } from "../sql/row-identity.js";
import { wholeSource } from "./read-table.js";
import type { Session } from "./session/session.js";
import { typedRows } from "./typed-rows.js";

/** What a look-up found for the row at this place of those that were asked about. */
export interface Found {
  readonly row: number;
  /** Key of the row in `current`. */
  readonly key: Key;
}

/** A table as look-ups name it; what is not compared has no key to be named by. */
export type Looked = Table | { readonly label: string };

/**
 * The rows in `current` that these values of a foreign key refer to. One query, whatever the number of values.
 *
 * @param child the table that refers; its columns give the values their types
 * @param values for each row, the values of the foreign key's columns, none of them NULL
 */
export function findParents(
  session: Session,
  child: Table,
  foreignKey: ForeignKey,
  parent: Looked,
  values: readonly (readonly Value[])[],
): Promise<readonly Found[]> {
  return findRows(session, {
    table: child,
    columns: foreignKey.columns,
    target: parent,
    targetColumns: foreignKey.parentColumns,
    values,
  });
}

/** The rows in `current` that refer to these values of a parent's columns. @param limit how many at most; all without it */
export function findChildren(
  session: Session,
  parent: Table,
  foreignKey: ForeignKey,
  child: Looked,
  values: readonly (readonly Value[])[],
  limit?: number,
): Promise<readonly Found[]> {
  return findRows(session, {
    table: parent,
    columns: foreignKey.parentColumns,
    target: child,
    targetColumns: foreignKey.columns,
    values,
    limit,
  });
}

interface Search {
  /** Gives the values their types. */
  readonly table: Table;
  readonly columns: readonly string[];
  readonly target: Looked;
  readonly targetColumns: readonly string[];
  readonly values: readonly (readonly Value[])[];
  readonly limit?: number | undefined;
}

async function findRows(session: Session, search: Search): Promise<readonly Found[]> {
  const { table, columns, targetColumns, values, limit } = search;
  const target = "key" in search.target ? tableIn(search.target, session.role) : search.target;
  const own = "key" in search.target ? ownNames(search.target, session.role) : undefined;
  const typed = columns.map((name) => table.columns.find((column) => column.name === name));
  const arrays = columns.map((_, at) => `pg_catalog.unnest($${at + 1}::pg_catalog.text[])`);
  const condition = typed.map((column, at) => {
    const targetName = identifier(columnIn(own, targetColumns[at] as string));
    return `t.${targetName} ${column?.equals ?? "="} ${readText(`v.c${at}`, column?.baseType ?? "text")}`;
  });
  const rows = await session.query(
    `SELECT v.ord${keyList(target, "t", "v.ord")}
      FROM ROWS FROM (${arrays.join(", ")}) WITH ORDINALITY AS v(${columns.map((_, at) => `c${at}`).join(", ")}, ord)
      JOIN ${fromClause(target)} AS t ON ${condition.join(" AND ")}${limit === undefined ? "" : ` LIMIT ${limit}`}`,
    columns.map((_, at) => values.map((row) => row[at])),
  );
  return rows.map(toFound);
}

/** FROM the table as look-ups read it. */
export function fromClause(target: Looked): string {
  return "key" in target ? wholeSource(target) : target.label;
}

/** @param of SQL for the row that was asked about: all copies of a row that is found for it are found */
export function keyList(target: Looked, alias: string, of: string): string {
  if (!("key" in target)) return "";
  if (isBag(target)) return `, ${copyKeySql(identityExpression(target, alias), of)}`;
  return target.key.map((at) => `, ${alias}.${identifier(columnAt(target, at).name)}`).join("");
}

/** As in `copyKey`. */
function copyKeySql(identity: string, of: string): string {
  const copies = `OVER (PARTITION BY ${of}, ${identity})`;
  return `pg_catalog.encode(${identity}, 'hex'), pg_catalog.row_number() ${copies}, pg_catalog.count(*) ${copies}`;
}

function toFound([ord, ...key]: readonly Value[]): Found {
  return { row: Number(ord) - 1, key: key as Key };
}

/** Rows as they would be, with the columns that constraints read and the patch does not write. */
function wouldBe(table: Table, rows: readonly Row[], alias: string) {
  const all = table.columns.map((_, at) => at);
  const typed = typedRows(table, all, rows, 1, "pgmend_ord");
  const generated = table.generated.map(({ name, expression }) => `, (${expression}) AS ${identifier(name)}`);
  return { sql: `(SELECT *${generated.join("")} FROM ${typed.sql} AS r) AS ${alias}`, values: typed.values };
}

/**
 * Rows of `current`, other than the row itself, that these rows, as they would be, clash with under a unique index or an
 * exclusion constraint. One query, whatever the number of rows.
 */
export async function findHolders(
  session: Session,
  table: Table,
  rule: UniqueRule,
  rows: readonly Row[],
): Promise<readonly Found[]> {
  const { mine, theirs, clash, values } = clashSql(table, rule, rows);
  const sameKey = table.key.map(
    (at, part) => `a.key_${part} ${columnAt(table, at).equals ?? "="} b.key_${part}`,
  );
  // Without a key nothing is ever updated: a row that arrives is none of those that are there.
  const [key, others] = isBag(table)
    ? [copyKeySql("b.identity", "a.ord"), ""]
    : [table.key.map((_, at) => `b.key_${at}`).join(", "), ` WHERE NOT (${sameKey.join(" AND ")})`];
  const found = await session.query(
    `SELECT a.ord, ${key} FROM ${mine} AS a JOIN ${theirs} AS b ON ${clash}${others}`,
    values,
  );
  return found.map(toFound);
}

/**
 * Places of two of these rows that clash with each other. One query, whatever the number of rows.
 *
 * @param split only one before this place with one from it on: the others were asked about before
 */
export async function findRivals(
  session: Session,
  table: Table,
  rule: UniqueRule,
  rows: readonly Row[],
  split?: number,
): Promise<readonly (readonly [number, number])[]> {
  const { mine, clash, values } = clashSql(table, rule, rows);
  const across = split === undefined ? "a.ord < b.ord" : `a.ord <= ${split} AND b.ord > ${split}`;
  const found = await session.query(
    `SELECT a.ord, b.ord FROM ${mine} AS a JOIN ${mine} AS b ON ${clash} AND ${across}`,
    values,
  );
  return found.map(([a, b]) => [Number(a) - 1, Number(b) - 1] as const);
}

function clashSql(table: Table, rule: UniqueRule, rows: readonly Row[]) {
  const relation = wouldBe(table, rows, "w");
  const parts = rule.parts.map((part, at) => `(${part}) AS part_${at}`).join(", ");
  const filter = rule.predicate === undefined ? "" : ` WHERE (${rule.predicate})`;
  // Evaluated in a query of their own, the parts see bare column names, as the index does.
  const mine = `(SELECT w.pgmend_ord AS ord, ${keyColumns(table)}${parts} FROM ${relation.sql}${filter})`;
  const identity = isBag(table) ? `${identityExpression(table, "t")} AS identity, ` : "";
  const theirs = `(SELECT ${identity}${keyColumns(table)}${parts} FROM ${wholeSource(table)} AS t${filter})`;
  const clash = rule.operators
    .map((operator, at) => clashCondition(rule, operator, `a.part_${at}`, `b.part_${at}`))
    .join(" AND ");
  return { mine, theirs, clash, values: relation.values };
}

function keyColumns(table: Table): string {
  return table.key.map((at, part) => `${identifier(columnAt(table, at).name)} AS key_${part}, `).join("");
}

function clashCondition({ nullsClash }: UniqueRule, operator: string, a: string, b: string): string {
  return nullsClash ? `(${a} ${operator} ${b} OR (${a} IS NULL AND ${b} IS NULL))` : `${a} ${operator} ${b}`;
}

/** @returns for each rule, the places of the rows that would violate it. One query, whatever the number of rows. */
export async function findViolations(
  session: Session,
  table: Table,
  rules: readonly CheckRule[],
  rows: readonly Row[],
): Promise<readonly (readonly number[])[]> {
  const relation = wouldBe(table, rows, "w");
  const answers = await session.query(
    `SELECT w.pgmend_ord, ${rules.map(({ expression }) => `(${expression}) IS FALSE`).join(", ")} FROM ${relation.sql}`,
    relation.values,
  );
  return rules.map((_, at) =>
    answers.flatMap(([ord, ...violated]) => (violated[at] === "t" ? [Number(ord) - 1] : [])),
  );
}
