import { writeFile } from "node:fs/promises";
import pg from "pg";

/** Writes what psql is to run: the damaged column, loaded by COPY, and put back by one UPDATE. */
export async function writeUpdateFloor(pre: string, file: string): Promise<void> {
  const client = new pg.Client({ connectionString: pre });
  await client.connect();
  const sql = "SELECT id, is_pinned_on__release FROM public.device ORDER BY id";
  const { rows } = await client.query<[string, string | null]>({ text: sql, rowMode: "array" });
  await client.end();
  const lines = rows.map(([id, value]) => `${id}\t${value ?? "\\N"}\n`);
  const update = "UPDATE public.device AS t SET is_pinned_on__release = l.value FROM l WHERE l.id = t.id";
  await writeFile(
    file,
    `BEGIN;\nCREATE TEMP TABLE l (id bigint, value bigint) ON COMMIT DROP;\nCOPY l FROM STDIN;\n${lines.join("")}\\.\n${update};\nCOMMIT;\n`,
  );
}
