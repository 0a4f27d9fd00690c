import pg from "pg";
import type { Random } from "../random.js";

/** Statements that people ran since: over rows that the incident left alone, by their keys, so that they do the same in every copy. */
export async function lifeSql(random: Random, pre: string, post: string): Promise<readonly string[]> {
  const before = await connected(pre);
  const after = await connected(post);
  try {
    const statements: string[] = [];
    for (const table of await tablesOf(before)) {
      if (!random.chance(0.3)) continue;
      const [left, right] = [await rowsOf(before, table), await rowsOf(after, table)];
      const untouched = [...left].filter(([key, row]) => right.get(key) === row).map(([key]) => key);
      for (const key of random.sample(untouched, 2)) {
        const column = random.pick(table.free);
        statements.push(`UPDATE ${table.name} SET ${column} = NULL WHERE ${key}`);
      }
    }
    return statements;
  } finally {
    await before.end();
    await after.end();
  }
}

interface LiveTable {
  readonly name: string;
  readonly key: readonly string[];
  /** Columns that may be NULL and that no constraint, key or index speaks of. */
  readonly free: readonly string[];
}

async function tablesOf(client: pg.Client): Promise<readonly LiveTable[]> {
  const { rows } = await client.query<LiveTable>(`SELECT c.oid::regclass::text AS name,
      (SELECT array_agg(quote_ident(a.attname)) FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey)) AS key,
      (SELECT array_agg(quote_ident(a.attname)) FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        AND NOT a.attnotnull AND a.attgenerated = ''
        AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = c.oid AND a.attnum = ANY (k.conkey))) AS free
    FROM pg_class AS c JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
    ORDER BY 1`);
  return rows.filter(({ free }) => free !== null);
}

/** Rows as text, by a condition that finds them. */
async function rowsOf(client: pg.Client, { name, key }: LiveTable): Promise<ReadonlyMap<string, string>> {
  const condition = key
    .map((column) => `'${column} = ' || quote_literal(t.${column})`)
    .join(" || ' AND ' || ");
  const { rows } = await client.query<{ key: string; row: string }>(
    `SELECT ${condition} AS key, md5(t::text) AS row FROM ${name} AS t ORDER BY 1`,
  );
  return new Map(rows.map(({ key, row }) => [key, row]));
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  await client.connect();
  return client;
}
