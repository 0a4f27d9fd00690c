import pg from "pg";
import type { Fleet } from "./rows.js";
import { rules, tables } from "./schema.js";

const batchSize = 5000;

/** Fills an empty database with the fleet, and leaves every sequence past the rows it has numbered. */
export async function loadFleet(client: pg.Client, fleet: Fleet): Promise<void> {
  await client.query(tables);
  for (const [table, rows] of Object.entries(fleet)) await insertRows(client, table, rows);
  for (const [table, rows] of Object.entries(fleet)) await moveSequence(client, table, rows);
  await client.query(rules);
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
  if (!rows.some((row) => "id" in row)) return;
  const name = `public.${pg.escapeIdentifier(table)}`;
  await client.query(`SELECT setval(pg_get_serial_sequence($1, 'id'), max(id)) FROM ${name}`, [name]);
}
