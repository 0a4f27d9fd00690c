import { query } from "../../support/database.js";

/** A whole database in memory, every value as PostgreSQL prints it. */
export interface Snapshot {
  readonly tables: ReadonlyMap<string, Table>;
  readonly foreignKeys: readonly ForeignKey[];
  readonly uniques: readonly Unique[];
  /** Where the sequence behind `id` stands, by table. */
  readonly sequences: ReadonlyMap<string, number>;
}

export interface Table {
  readonly name: string;
  readonly key: readonly string[];
  readonly rows: ReadonlyMap<string, Row>;
}

export type Row = Readonly<Record<string, string | null>>;

export interface ForeignKey {
  readonly table: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
}

export interface Unique {
  readonly table: string;
  readonly columns: readonly string[];
}

const pinned = "SET TimeZone = UTC; SET search_path = '';";

/** Names of columns of a constraint, in its order. */
const names = (relation: string, positions: string) =>
  `(SELECT json_agg(attname ORDER BY place) FROM unnest(${positions}) WITH ORDINALITY AS part (number, place)
    JOIN pg_attribute ON attrelid = ${relation} AND attnum = number)`;

export async function readSnapshot(url: string): Promise<Snapshot> {
  const constraints = await query(
    url,
    `${pinned} SELECT contype AS type, conrelid::regclass AS table, confrelid::regclass AS parent,
      ${names("conrelid", "conkey")} AS columns, ${names("confrelid", "confkey")} AS parent_columns
    FROM pg_constraint WHERE contype IN ('p', 'f', 'u') AND connamespace = 'public'::regnamespace
    ORDER BY conrelid::regclass::text, conname`,
  );
  const ofType = (type: string) =>
    constraints
      .filter((constraint) => constraint["type"] === type)
      .map((constraint) => ({
        table: constraint["table"] ?? "",
        columns: list(constraint["columns"]),
        parent: constraint["parent"] ?? "",
        parentColumns: list(constraint["parent_columns"]),
      }));
  const tables: Table[] = [];
  // One after the other: each takes a connection, and the server is everybody's.
  for (const { table, columns } of ofType("p")) tables.push(await readTable(url, table, columns));
  return {
    tables: new Map(tables.map((table) => [table.name, table])),
    foreignKeys: ofType("f"),
    uniques: ofType("u").map(({ table, columns }) => ({ table, columns })),
    sequences: await readSequences(url),
  };
}

async function readTable(url: string, name: string, key: readonly string[]): Promise<Table> {
  const rows = await query(url, `${pinned} SELECT * FROM ${name}`);
  return { name, key, rows: new Map(rows.map((row) => [keyText(key, row), row])) };
}

async function readSequences(url: string): Promise<ReadonlyMap<string, number>> {
  const rows = await query(
    url,
    `${pinned} SELECT refobjid::regclass AS table, last_value FROM pg_sequences
    JOIN pg_depend ON objid = format('%I.%I', schemaname, sequencename)::regclass AND refobjsubid > 0`,
  );
  return new Map(rows.map((row) => [row["table"] ?? "", Number(row["last_value"])]));
}

export function keyText(columns: readonly string[], row: Row): string {
  return JSON.stringify(columns.map((column) => row[column]));
}

/** The key as a report prints it. */
export function keyOf({ key }: Pick<Table, "key">, row: Row): Record<string, string> {
  return Object.fromEntries(key.map((column) => [column, row[column] ?? ""]));
}

function list(json: string | null | undefined): string[] {
  return json ? (JSON.parse(json) as string[]) : [];
}
