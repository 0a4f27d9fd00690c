import { Client } from "pg";

/**
 * The floor of a plain stream: both servers print the whole table in key order, side by side, and nobody reads what
 * they print closely. No tool that reads every row can be faster.
 */
export async function orderedCopySeconds(urls: readonly string[]): Promise<number> {
  const started = performance.now();
  await Promise.all(urls.map(copyToNowhere));
  return (performance.now() - started) / 1000;
}

async function copyToNowhere(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // The server does all the work of a COPY to the client, and throws the bytes away itself.
    await client.query("COPY (SELECT * FROM public.device ORDER BY id) TO PROGRAM 'cat > /dev/null'");
  } finally {
    await client.end();
  }
}
