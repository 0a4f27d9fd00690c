import pg from "pg";

/**
 * A digest of all rows of each table, as the server prints them. Two databases that agree need not be read row by row, which
 * for hundreds of tables takes longer than all the rest.
 */
export async function fingerprint(url: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(
      "SET search_path = ''; SET TimeZone = 'UTC'; SET extra_float_digits = 3; SET work_mem = '16MB'",
    );
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT oid::pg_catalog.regclass::text AS name FROM pg_catalog.pg_class
       WHERE relkind = 'r' AND relnamespace::pg_catalog.regnamespace::text !~ '^(pg_|information_schema$)' ORDER BY 1`,
    );
    const digests = tables.map(
      ({ name }) =>
        `SELECT ${pg.escapeLiteral(name)} AS name, md5(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE "C")) AS digest FROM ONLY ${name} AS t`,
    );
    const { rows } = await client.query(`${digests.join("\nUNION ALL ")} ORDER BY 1`);
    return JSON.stringify(rows);
  } finally {
    await client.end();
  }
}
