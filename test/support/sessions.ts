import pg from "pg";
import { expect } from "vitest";
import { query, type TextRow } from "./database.js";
import type { Databases } from "./incident.js";

/** pgmend's own sessions on these databases, as the server sees them. */
export function sessionsOn({ pre, post, current }: Databases): Promise<readonly TextRow[]> {
  const names = [pre, post, current].map((url) => new URL(url).pathname.slice(1));
  return query(
    pre,
    `SELECT application_name AS name, pid, state, wait_event_type, query FROM pg_stat_activity
     WHERE application_name LIKE 'pgmend%' AND datname = ANY ($1)`,
    [names],
  );
}

/** Waits until a session of pgmend is so. @returns its pid */
export async function untilSession(databases: Databases, is: (session: TextRow) => boolean): Promise<string> {
  let found: TextRow | undefined;
  const look = async () => {
    found = (await sessionsOn(databases)).find(is);
    return found;
  };
  await expect.poll(look, { timeout: 20_000, interval: 5 }).toBeDefined();
  return found?.["pid"] ?? "";
}

/** Holds a table against every reader while this runs: pgmend waits for it, and cannot be done too early. */
export async function whileLocked<T>(url: string, table: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`BEGIN; LOCK TABLE ${table}`);
    return await work();
  } finally {
    await client.end();
  }
}
