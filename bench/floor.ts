import { Client } from "pg";

/** What the servers need at least, both databases side by side, in seconds. */
export type Floor = (urls: readonly string[], key: string) => Promise<number>;

/**
 * Of a comparison by digests: both servers hash every row, and tell one number. That hash itself would not do: it
 * takes different values for the same (docs/performance.md).
 */
export const hashAll: Floor = (urls) =>
  timed(urls, "SELECT sum(hash_record_extended(device, 0)) FROM public.device");

/**
 * Of a plain stream: both servers print the whole table in key order, and nobody reads what they print. The server
 * does all the work of a COPY to the client, and throws the bytes away itself.
 */
export const copyAll: Floor = (urls, key) =>
  timed(urls, `COPY (SELECT * FROM public.device ORDER BY ${key}) TO PROGRAM 'cat > /dev/null'`);

/** Of a comparison by row versions: both servers walk over all rows, each in one process. */
export const countAll: Floor = (urls) =>
  timed(urls, "SET max_parallel_workers_per_gather = 0; SELECT count(*) FROM public.device");

async function timed(urls: readonly string[], sql: string): Promise<number> {
  const started = performance.now();
  await Promise.all(urls.map((url) => run(url, sql)));
  return (performance.now() - started) / 1000;
}

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
