import type { Client, QueryArrayResult } from "pg";
import type { Pair } from "./expectation.js";
import { copyName, type Equal, identityOf, type PrintedTable } from "./printed.js";
import { quoteName } from "./sql.js";
import { isBag, type Role, storedColumns, type TableSpec } from "./table.js";
import { typeNamed } from "./types.js";

const pins = `
  SET DateStyle = 'ISO'; SET TimeZone = 'UTC'; SET IntervalStyle = 'postgres';
  SET extra_float_digits = 3; SET bytea_output = 'hex'; SET client_encoding = 'UTF8';`;

type TextRow = (string | null)[];

/** Sends one or more statements; every value comes back as PostgreSQL's own text. */
async function ask(client: Client, text: string, values?: string[][]): Promise<QueryArrayResult<TextRow>[]> {
  const types = { getTypeParser: () => (value: string) => value };
  const query = { text, types, rowMode: "array" as const };
  const answer: unknown = await client.query<TextRow>(values ? { ...query, values } : query);
  return (Array.isArray(answer) ? answer : [answer]) as QueryArrayResult<TextRow>[];
}

/** The rows of every table in one database. */
export async function readTables(
  client: Client,
  tables: readonly TableSpec[],
  role: Role,
): Promise<PrintedTable[]> {
  await client.query(pins);
  const answers = await ask(client, tables.map((table) => selectRows(table, role)).join("\n"));
  return tables.map((table, index) =>
    printedTable(table, storedColumns(table, role), answers[index]?.rows ?? []),
  );
}

function selectRows(table: TableSpec, role: Role): string {
  return `SELECT ${storedColumns(table, role).map(quoteName).join(", ")} FROM ${table.label};`;
}

function printedTable(table: TableSpec, columns: readonly string[], rows: readonly TextRow[]): PrintedTable {
  if (isBag(table)) return printedBag(table, columns, rows);
  const keyOf = (row: TextRow) => JSON.stringify(table.key.map((name) => row[columns.indexOf(name)] ?? null));
  return { table: table.label, columns, key: table.key, rows: new Map(rows.map((row) => [keyOf(row), row])) };
}

function printedBag(table: TableSpec, columns: readonly string[], rows: readonly TextRow[]): PrintedTable {
  const copies = new Map<string, number>();
  const named = rows.map((row): [string, TextRow] => {
    const identity = identityOf(table.columns.map(({ name }) => [name, row[columns.indexOf(name)] ?? null]));
    const copy = (copies.get(identity) ?? 0) + 1;
    copies.set(identity, copy);
    return [copyName(identity, copy), row];
  });
  return { table: table.label, columns, key: [], rows: new Map(named) };
}

/** Asks PostgreSQL's `=` about all pairs, in one query. Types without `=` have no two spellings of one value. */
export async function equalities(
  client: Client,
  tables: readonly TableSpec[],
  pairs: readonly Pair[],
): Promise<Equal> {
  const byType = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const type = typeOf(tables, pair);
    if (typeNamed(type).equality) byType.set(type, [...(byType.get(type) ?? []), pair]);
  }
  const equal = byType.size > 0 ? await askEqual(client, byType) : new Set();
  return (table, column, left, right) => equal.has(JSON.stringify([table, column, left, right]));
}

function typeOf(tables: readonly TableSpec[], { table, column }: Pair): string {
  const spec = tables.find((candidate) => candidate.label === table);
  // A column that is not among the common ones is a text: see `extra`.
  return spec?.columns.find((candidate) => candidate.name === column)?.type ?? "text";
}

async function askEqual(client: Client, byType: ReadonlyMap<string, readonly Pair[]>): Promise<Set<string>> {
  const asked = [...byType.values()].flat();
  const parts = [...byType.keys()].map(
    (type, index) => `SELECT ${index} AS part, place, l::${type} = r::${type} AS equal
      FROM unnest($${2 * index + 1}::text[], $${2 * index + 2}::text[]) WITH ORDINALITY AS pair (l, r, place)`,
  );
  const values = [...byType.values()].flatMap((pairs) => [
    pairs.map((pair) => pair.left),
    pairs.map((pair) => pair.right),
  ]);
  await client.query(pins);
  const [answer] = await ask(client, `${parts.join("\nUNION ALL ")}\nORDER BY part, place`, values);
  const equal = asked.filter((_, index) => answer?.rows[index]?.[2] === "t");
  return new Set(equal.map((pair) => JSON.stringify([pair.table, pair.column, pair.left, pair.right])));
}
