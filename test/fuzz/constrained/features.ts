import type { Client } from "pg";
import type { Features } from "./tables.js";

const since15 = 150_000;

export async function featuresOf(client: Client): Promise<Features> {
  const answer = await client.query<{ version: number; gist: boolean }>(`
    SELECT current_setting('server_version_num')::int AS version,
      EXISTS (SELECT FROM pg_available_extensions WHERE name = 'btree_gist') AS gist`);
  const { version = 0, gist = false } = answer.rows[0] ?? {};
  return { nullsNotDistinct: version >= since15, btreeGist: gist };
}
