import type { DuckDBConnection } from "@duckdb/node-api";
import type { PlanFile } from "./file/plan-file.js";
import { integer } from "./tables/field.js";
import { RecordWriter } from "./tables/record-writer.js";
import { createTableSql, encodeRecord, type StoredTable } from "./tables/stored-table.js";

/** Of two planned rows, by position, the first can only be written with the second. */
export interface PlannedNeed {
  readonly row: number;
  readonly needs: number;
}

/** What one tenant's patch is made of; counts are rows that are written. */
export interface TenantPatch {
  /** From 1, those that write most first; 0 is the patch of all rows without a tenant. */
  readonly number: number;
  readonly tenant: string | undefined;
  /** The tenant's own rows. */
  readonly own: number;
  /** Rows of others, or of nobody, that these need. */
  readonly guests: number;
  /** Own rows that its rollback leaves as they are, because rows of others need them. Guests it leaves anyway. */
  readonly stays: number;
}

export interface PatchCut {
  readonly patch: TenantPatch;
  readonly direction: "patch" | "rollback";
}

const needTable = {
  name: "planned_need",
  order: "row_position",
  fields: { row_position: integer, needs: integer },
} satisfies StoredTable;

export const patchTablesSql: readonly string[] = [
  createTableSql(needTable),
  "CREATE TABLE tenant_patch (number BIGINT NOT NULL, tenant VARCHAR, own BIGINT NOT NULL)",
  "CREATE TABLE patch_guest (number BIGINT NOT NULL, position BIGINT NOT NULL)",
  "CREATE TABLE patch_stay (number BIGINT NOT NULL, position BIGINT NOT NULL)",
];

/**
 * Each patch is closed: it holds whatever its rows need, wherever that belongs. So every patch applies alone, and after
 * any others. What two patches hold is written by the first; to the second it is as planned already.
 *
 * Taking one back must leave the others whole. So its rollback takes back the tenant's own rows and nobody else's; and
 * of its own not those that rows of others need, nor what these need: a foreign key may cascade, and would take the
 * others' rows away without a word.
 */
export async function cutPatches(file: PlanFile, needs: Iterable<PlannedNeed>): Promise<void> {
  await file.use((connection) =>
    runAll(
      connection,
      patchTables.map((table) => `DELETE FROM ${table}`),
    ),
  );
  const writer = new RecordWriter(file, needTable);
  for (const { row, needs: needed } of needs) {
    await writer.append([{ row_position: row, needs: needed }], (need) => encodeRecord(needTable, need));
  }
  await writer.flush();
  await file.use((connection) => runAll(connection, cutSql));
}

const patchTables = [needTable.name, "tenant_patch", "patch_guest", "patch_stay"];

async function runAll(connection: DuckDBConnection, statements: readonly string[]): Promise<void> {
  await connection.run("BEGIN");
  for (const sql of statements) await connection.run(sql);
  await connection.run("COMMIT");
}

const cutSql: readonly string[] = [
  `INSERT INTO tenant_patch
    SELECT CASE WHEN tenant IS NULL THEN 0 ELSE row_number() OVER (ORDER BY tenant IS NULL, count(*) DESC, tenant) END,
      tenant, count(*)
    FROM planned_row WHERE change_kind IS NOT NULL GROUP BY tenant`,
  `CREATE OR REPLACE TEMP TABLE edge AS
    SELECT DISTINCT row_position AS dependant, needs, own.number AS row_patch, other.number AS needs_patch
    FROM planned_need
      JOIN planned_row AS a ON a.position = row_position JOIN tenant_patch AS own ON own.tenant IS NOT DISTINCT FROM a.tenant
      JOIN planned_row AS b ON b.position = needs JOIN tenant_patch AS other ON other.tenant IS NOT DISTINCT FROM b.tenant`,
  `INSERT INTO patch_guest
    WITH RECURSIVE guest (number, position) AS (
      SELECT row_patch, needs FROM edge WHERE needs_patch <> row_patch
      UNION
      SELECT number, needs FROM guest JOIN edge ON edge.dependant = position WHERE needs_patch <> number
    )
    SELECT * FROM guest ORDER BY number, position`,
  `INSERT INTO patch_stay
    WITH RECURSIVE stay (number, position) AS (
      SELECT needs_patch, needs FROM edge WHERE needs_patch <> row_patch
      UNION
      SELECT number, needs FROM stay JOIN edge ON edge.dependant = position WHERE needs_patch = number
    )
    SELECT * FROM stay ORDER BY number, position`,
  "DROP TABLE edge",
  // They have served, and are many.
  `DELETE FROM ${needTable.name}`,
];

export async function readPatches(file: PlanFile): Promise<readonly TenantPatch[]> {
  const rows = (table: string) => `(SELECT number, count(*) AS rows FROM ${table} GROUP BY number)`;
  const sql = `SELECT number::DOUBLE, tenant, own::DOUBLE, coalesce(guest.rows, 0)::DOUBLE, coalesce(stay.rows, 0)::DOUBLE
    FROM tenant_patch LEFT JOIN ${rows("patch_guest")} AS guest USING (number)
      LEFT JOIN ${rows("patch_stay")} AS stay USING (number)
    ORDER BY number`;
  const lines = await file.use(async (connection) => (await connection.run(sql)).getRows());
  return lines.map(([number, tenant, own, guests, stays]) => ({
    number: number as number,
    tenant: (tenant ?? undefined) as string | undefined,
    own: own as number,
    guests: guests as number,
    stays: stays as number,
  }));
}

/** As a condition on the table of rows. */
export function patchSql({ patch, direction }: PatchCut): string {
  const { number, tenant, guests, stays } = patch;
  const own = tenant === undefined ? "tenant IS NULL" : `tenant = '${tenant.replaceAll("'", "''")}'`;
  const listed = (table: string) => `SELECT position FROM ${table} WHERE number = ${number}`;
  if (direction === "rollback")
    return stays === 0 ? own : `${own} AND position NOT IN (${listed("patch_stay")})`;
  return guests === 0 ? own : `(${own} OR position IN (${listed("patch_guest")}))`;
}
