import type pg from "pg";
import { ConnectionError } from "../../model/errors.js";

/** Each try asks two connections in turn; a pooler that shares sessions gives itself away at the first, on a quiet pool. */
const tries = 3;
const patienceMs = 10_000;

/**
 * Refuses a pooler that shares server sessions among its clients (transaction or statement mode). There a setting of
 * ours would be gone with the next statement, or stay in a session that the application gets next: read-only, without
 * its search path. So this comes before anything is set.
 *
 * A server names its process when it lets us in, and a pooler names something of its own making there. Only then is a
 * second connection asked for: where sessions are shared, it is given ours as soon as we are idle.
 *
 * @returns whether a pooler stands in between, in session mode
 * @throws ConnectionError
 */
export async function refuseSharedSessions(
  role: string,
  client: pg.Client,
  makeAnother: () => Promise<pg.Client>,
): Promise<boolean> {
  const { processID } = client as pg.Client & { readonly processID: number | null };
  if (String(processID) === (await askProcess(client))) return false;
  const another = await makeAnother();
  try {
    await another.connect();
    for (let tried = 0; tried < tries; tried += 1) {
      if (await isShared(client, another)) throw shared(role);
    }
    return true;
  } catch (cause) {
    throw cause instanceof ConnectionError ? cause : undecided(role, cause);
  } finally {
    // A connection that waits for its turn never says goodbye.
    another.connection.stream.destroy();
  }
}

async function isShared(client: pg.Client, another: pg.Client): Promise<boolean> {
  const mine = await askProcess(client);
  await ask(another, "BEGIN READ ONLY");
  const held = await askProcess(another);
  const answered = held === mine ? held : await askProcess(client);
  await ask(another, "ROLLBACK");
  return held === mine || answered !== mine;
}

async function askProcess(client: pg.Client): Promise<string | undefined> {
  const [row] = await ask(client, "SELECT pg_catalog.pg_backend_pid()::pg_catalog.text AS pid");
  return row?.["pid"];
}

async function ask(client: pg.Client, text: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const patient = { text, query_timeout: patienceMs };
  return (await client.query(patient)).rows;
}

const hint =
  "connect to the server itself, not through the pooler (often another port), or use its session mode";

function shared(role: string): ConnectionError {
  return new ConnectionError(
    role,
    `${role}: a connection pooler in transaction mode stands between pgmend and the server, and shares its sessions`,
    { hint },
  );
}

function undecided(role: string, cause: unknown): ConnectionError {
  return new ConnectionError(
    role,
    `${role}: a connection pooler stands between pgmend and the server, and does not show that a session stays ours`,
    { hint, cause },
  );
}
