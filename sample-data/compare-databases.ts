import pg from "pg";

/**
 * Are two databases the same, cell by cell? Deliberately naive, and shares nothing with `src`: it is what pgmend is
 * checked against, so it must not repeat its mistakes. It reads whole tables into memory.
 */
export async function compareDatabases(
  left: string,
  right: string,
  options: CompareOptions = {},
): Promise<readonly Difference[]> {
  return connected(left, (leftClient) =>
    connected(right, (rightClient) => collect(compareAll([leftClient, rightClient], options), options)),
  );
}

export interface CompareOptions {
  /** Left out: a table ("public.device") or a column ("public.device.modified_at"). */
  readonly ignore?: readonly string[];
  /** Stop after this many differences; 100 unless given. */
  readonly limit?: number;
  /** Compare where sequences stand, too. */
  readonly sequences?: boolean;
}

export interface Difference {
  readonly table: string;
  /** The primary key; the whole row where there is none. */
  readonly key: Readonly<Record<string, Cell>>;
  /** "*" where a whole row or table is on one side only. */
  readonly column: string;
  /** `undefined` where there is nothing, not even NULL. A whole row is told as JSON. */
  readonly left: Cell | undefined;
  readonly right: Cell | undefined;
}

/** As PostgreSQL prints it. */
type Cell = string | null;
type Sides = readonly [pg.Client, pg.Client];

interface Row {
  readonly key: Readonly<Record<string, Cell>>;
  readonly cells: Readonly<Record<string, Cell>>;
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    types: { getTypeParser: () => (text: string) => text },
  });
  await client.connect();
  try {
    await client.query(`SET DateStyle = ISO; SET TimeZone = UTC; SET IntervalStyle = postgres;
      SET extra_float_digits = 3; SET bytea_output = hex; SET search_path = ''; SET row_security = off`);
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    return await work(client);
  } finally {
    await client.end();
  }
}

async function collect(
  differences: AsyncIterable<Difference>,
  options: CompareOptions,
): Promise<Difference[]> {
  const { ignore = [], limit = 100 } = options;
  const found: Difference[] = [];
  for await (const difference of differences) {
    if (ignore.includes(`${difference.table}.${difference.column}`)) continue;
    if (found.push(difference) >= limit) break;
  }
  return found;
}

async function* compareAll(
  sides: Sides,
  { ignore = [], sequences }: CompareOptions,
): AsyncGenerator<Difference> {
  const [left, right] = await onBoth(sides, listTables);
  for (const table of union(left, right)) {
    if (ignore.includes(table)) continue;
    if (left.has(table) && right.has(table)) {
      yield* compareRows(table, ...(await onBoth(sides, (side) => readTable(side, table))));
    } else {
      yield { table, key: {}, column: "*", left: presence(left, table), right: presence(right, table) };
    }
  }
  if (sequences) yield* compareRows("sequence", ...(await onBoth(sides, readSequences)));
}

function* compareRows(
  table: string,
  left: ReadonlyMap<string, Row>,
  right: ReadonlyMap<string, Row>,
): Generator<Difference> {
  for (const id of union(left.keys(), right.keys())) yield* compareCells(table, left.get(id), right.get(id));
}

function* compareCells(table: string, left: Row | undefined, right: Row | undefined): Generator<Difference> {
  const key = left?.key ?? right?.key ?? {};
  if (!left || !right) {
    yield { table, key, column: "*", left: left && tell(left), right: right && tell(right) };
    return;
  }
  for (const column of union(Object.keys(left.cells), Object.keys(right.cells))) {
    const difference = { table, key, column, left: left.cells[column], right: right.cells[column] };
    if (difference.left !== difference.right) yield difference;
  }
}

async function listTables(client: pg.Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT oid::pg_catalog.regclass::text AS name FROM pg_catalog.pg_class
     WHERE relkind = 'r' AND relnamespace::pg_catalog.regnamespace::text !~ '^(pg_|information_schema$)'
     ORDER BY oid::pg_catalog.regclass::text COLLATE "C"`,
  );
  return new Set(rows.map(({ name }) => name));
}

/** Rows by primary key. Without one a row is its own key, and the second of two equal rows is another row. */
async function readTable(client: pg.Client, table: string): Promise<ReadonlyMap<string, Row>> {
  const { rows: columns } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_catalog.pg_index
     JOIN pg_catalog.pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
     WHERE indrelid = $1::pg_catalog.regclass AND indisprimary ORDER BY attnum`,
    [table],
  );
  const { rows } = await client.query<Record<string, Cell>>(
    `SELECT * FROM ${table} AS "row" ORDER BY "row"::text COLLATE "C"`,
  );
  const read = new Map<string, Row>();
  for (const cells of rows) {
    const key =
      columns.length > 0 ? Object.fromEntries(columns.map(({ name }) => [name, cells[name] ?? null])) : cells;
    let id = JSON.stringify(key);
    while (read.has(id)) id += " again";
    read.set(id, { key, cells });
  }
  return read;
}

async function readSequences(client: pg.Client): Promise<ReadonlyMap<string, Row>> {
  const { rows } = await client.query<{ name: string; last_value: Cell }>(
    "SELECT schemaname || '.' || sequencename AS name, last_value FROM pg_catalog.pg_sequences",
  );
  return new Map(
    rows.map(({ name, last_value }) => [name, { key: { sequence: name }, cells: { last_value } }]),
  );
}

async function onBoth<T>([left, right]: Sides, read: (side: pg.Client) => Promise<T>): Promise<[T, T]> {
  return Promise.all([read(left), read(right)]);
}

function union(left: Iterable<string>, right: Iterable<string>): string[] {
  return [...new Set([...left, ...right])];
}

function presence(tables: ReadonlySet<string>, table: string): string | undefined {
  return tables.has(table) ? "a table" : undefined;
}

function tell(row: Row): string {
  return JSON.stringify(row.cells);
}
