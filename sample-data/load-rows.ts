import pg from "pg";

const batchSize = 5000;

/**
 * Fills an empty database with rows by table, and leaves every sequence past the rows it has numbered. The schema
 * comes in two halves like a dump, with the rows between them: loading fires no trigger and needs no order.
 */
export async function loadRows(
  client: pg.Client,
  rows: Readonly<Record<string, readonly object[]>>,
  schema: { readonly tables: string; readonly rules: string },
): Promise<void> {
  await client.query(schema.tables);
  for (const [table, list] of Object.entries(rows)) await insertRows(client, table, list);
  for (const [table, list] of Object.entries(rows)) await moveSequence(client, table, list);
  await client.query(schema.rules);
}

async function insertRows(client: pg.Client, table: string, rows: readonly object[]): Promise<void> {
  const name = `public.${pg.escapeIdentifier(table)}`;
  const columns = Object.keys(rows[0] ?? {})
    .map(pg.escapeIdentifier)
    .join(", ");
  const insert = `INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE
    SELECT ${columns} FROM jsonb_populate_recordset(NULL::${name}, $1)`;
  for (let start = 0; start < rows.length; start += batchSize) {
    await client.query(insert, [JSON.stringify(rows.slice(start, start + batchSize))]);
  }
}

async function moveSequence(client: pg.Client, table: string, rows: readonly object[]): Promise<void> {
  if (!rows.some((row) => "id" in row && typeof row.id === "number")) return;
  const name = `public.${pg.escapeIdentifier(table)}`;
  await client.query(`SELECT setval(pg_get_serial_sequence($1, 'id'), max(id)) FROM ${name}`, [name]);
}
