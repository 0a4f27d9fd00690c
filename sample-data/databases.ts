import pg from "pg";
import type { Stage } from "./story.js";

/** Never drops one: a database of that name that is already there is an error. */
export async function createDatabase(stage: Pick<Stage, "url">, url: string): Promise<void> {
  // The C locale is the one that every machine has.
  await maintain(stage, `CREATE DATABASE ${name(url)} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`);
}

/** A physical copy, as a snapshot is. Nobody may be connected to the original. */
export async function copyDatabase(stage: Pick<Stage, "url">, original: string, copy: string): Promise<void> {
  await maintain(stage, `CREATE DATABASE ${name(copy)} TEMPLATE ${name(original)}`);
}

async function maintain(stage: Pick<Stage, "url">, sql: string): Promise<void> {
  await connected(stage.url("postgres"), (client) => client.query(sql));
}

export async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Read back from the URL: a stage may give databases names of its own, to play twice on one server. */
function name(url: string): string {
  return pg.escapeIdentifier(decodeURIComponent(new URL(url).pathname.slice(1)));
}
