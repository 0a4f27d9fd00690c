import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, inject } from "vitest";
import type { ServerAddress } from "../global-setup.js";

/**
 * Databases on the server of this run (test/global-setup.ts), for one test file. Whatever a file created here is
 * dropped when it is done, and nobody else's databases are in its way: each name gets the file's own ending.
 */
const ending = randomBytes(4).toString("hex");

/** What was handed out, by the name asked for. */
const urls = new Map<string, string>();

/** PostgreSQL cuts names at 63 bytes. */
const longestHint = 40;

/** In whose place a database is made. Only `npm run test:matrix` has more than one server. */
export type Place = "pre" | "post" | "current";

const places: readonly Place[] = ["pre", "post", "current"];

/** Rows as PostgreSQL prints them: every value is text or `null`. */
export type TextRow = Readonly<Record<string, string | null>>;

/**
 * URL of a database that is not there yet, for what creates its own (a story does). The same name gives the same URL
 * throughout the file; `postgres` is the maintenance database, which is everybody's.
 */
export function databaseUrl(name: string, place: Place = "current"): string {
  if (name === "postgres") return serverUrl(name, place);
  const known = urls.get(name);
  if (known !== undefined) return known;
  const hint = name.replace(/\W/g, "_").slice(0, longestHint);
  const url = serverUrl(`${hint}_${urls.size}_${ending}`, place);
  urls.set(name, url);
  return url;
}

/**
 * A new database, empty or a physical copy of `template` (the URL of one that nobody is connected to). A file that
 * needs the same data again and again fills one database and clones it: that is much faster than filling another.
 */
export async function createDatabase(hint: string, template?: string, place?: Place): Promise<string> {
  const url = databaseUrl(unusedName(hint), template === undefined ? place : placeOf(template));
  // Without a template, the C locale: the only one that every machine has.
  const origin = template === undefined ? "template0 ENCODING 'UTF8' LOCALE 'C'" : quotedName(template);
  await query(maintenanceOf(url), `CREATE DATABASE ${quotedName(url)} TEMPLATE ${origin}`);
  return url;
}

/** Whether databases of these two places are on one server, where one can be a copy of the other. */
export function shareServer(one: Place, other: Place): boolean {
  return serverOf(one).port === serverOf(other).port;
}

/** The major version of the oldest server of this run: what it does not know, a test cannot use. */
export function oldestMajor(): number {
  return Math.min(...places.map((place) => serverOf(place).major));
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
    await query(maintenanceOf(url), `DROP DATABASE IF EXISTS ${quotedName(url)} WITH (FORCE)`);
  }
});

function unusedName(hint: string): string {
  let name = hint;
  for (let count = 2; urls.has(name); count += 1) name = `${hint}_${count}`;
  return name;
}

function serverOf(place: Place): ServerAddress {
  const servers = inject("servers");
  if (servers === undefined) {
    throw new Error("no server runs for this test file: vitest.config.ts lists the folders that have one");
  }
  return servers[places.indexOf(place)] as ServerAddress;
}

function serverUrl(database: string, place: Place): string {
  const { host, port, user, password } = serverOf(place);
  return `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
}

function placeOf(url: string): Place {
  return places.find((place) => `${serverOf(place).port}` === new URL(url).port) ?? "current";
}

function maintenanceOf(url: string): string {
  return serverUrl("postgres", placeOf(url));
}

function quotedName(url: string): string {
  return pg.escapeIdentifier(new URL(url).pathname.slice(1));
}
