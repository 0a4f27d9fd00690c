import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, inject } from "vitest";

/**
 * Databases on the server of this run (test/global-setup.ts), for one test file. Whatever a file created here is
 * dropped when it is done, and nobody else's databases are in its way: each name gets the file's own ending.
 */
const ending = randomBytes(4).toString("hex");

/** What was handed out, by the name asked for. */
const urls = new Map<string, string>();

/** PostgreSQL cuts names at 63 bytes. */
const longestHint = 40;

/** Rows as PostgreSQL prints them: every value is text or `null`. */
export type TextRow = Readonly<Record<string, string | null>>;

/**
 * URL of a database that is not there yet, for what creates its own (a story does). The same name gives the same URL
 * throughout the file; `postgres` is the maintenance database, which is everybody's.
 */
export function databaseUrl(name: string): string {
  if (name === "postgres") return serverUrl(name);
  const known = urls.get(name);
  if (known !== undefined) return known;
  const hint = name.replace(/\W/g, "_").slice(0, longestHint);
  const url = serverUrl(`${hint}_${urls.size}_${ending}`);
  urls.set(name, url);
  return url;
}

/**
 * A new database, empty or a physical copy of `template` (the URL of one that nobody is connected to). A file that
 * needs the same data again and again fills one database and clones it: that is much faster than filling another.
 */
export async function createDatabase(hint: string, template?: string): Promise<string> {
  const url = databaseUrl(unusedName(hint));
  // Without a template, the C locale: the only one that every machine has.
  const origin = template === undefined ? "template0 ENCODING 'UTF8' LOCALE 'C'" : quotedName(template);
  await query(serverUrl("postgres"), `CREATE DATABASE ${quotedName(url)} TEMPLATE ${origin}`);
  return url;
}

/** Runs one or more statements on a connection of their own, and returns the rows of the last. */
export async function query(url: string, sql: string, values?: readonly unknown[]): Promise<TextRow[]> {
  const client = new pg.Client({
    connectionString: url,
    types: { getTypeParser: () => (text: string) => text },
  });
  await client.connect();
  try {
    const answer = await client.query<TextRow>(sql, values?.slice());
    const answers: pg.QueryResult<TextRow>[] = Array.isArray(answer) ? answer : [answer];
    return answers.at(-1)?.rows ?? [];
  } finally {
    await client.end();
  }
}

afterAll(async () => {
  for (const url of urls.values()) {
    await query(serverUrl("postgres"), `DROP DATABASE IF EXISTS ${quotedName(url)} WITH (FORCE)`);
  }
});

function unusedName(hint: string): string {
  let name = hint;
  for (let count = 2; urls.has(name); count += 1) name = `${hint}_${count}`;
  return name;
}

function serverUrl(database: string): string {
  const server = inject("server");
  if (server === undefined) {
    throw new Error("no server runs for this test file: vitest.config.ts lists the folders that have one");
  }
  const { host, port, user, password } = server;
  return `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
}

function quotedName(url: string): string {
  return pg.escapeIdentifier(new URL(url).pathname.slice(1));
}
