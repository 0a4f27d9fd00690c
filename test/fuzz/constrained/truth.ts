import { type Client, DatabaseError } from "pg";
import type { PrintedTable } from "../printed.js";
import type { Operation } from "../request.js";
import { quoteName, quoteValue } from "../sql.js";

/** A change that the plan withheld. */
export interface WithheldChange {
  readonly table: PrintedTable;
  /** JSON array of the key's texts. */
  readonly key: string;
  readonly write: Operation;
  /** The row as it would be. */
  readonly end: readonly (string | null)[] | undefined;
  /** What the plan says it would break; undefined where it only says that it is skipped. */
  readonly kind: string | undefined;
}

/** More constraints than any one row can break. */
const mostConstraints = 12;

/**
 * Whether the reason is true: tries the change alone on the end state, checks what was deferred, and takes it back.
 * PostgreSQL names the first constraint that breaks; while that is one of another kind, it is dropped for the while.
 *
 * @returns undefined when true, else what happened instead
 */
export async function untruth(
  client: Client,
  change: WithheldChange,
  othersChanged: () => Promise<boolean>,
  foreignKeys: readonly Reference[],
): Promise<string | undefined> {
  const { kind } = change;
  const seen: string[] = [];
  await client.query("BEGIN; SET CONSTRAINTS ALL DEFERRED");
  try {
    for (let tries = 0; tries < mostConstraints; tries += 1) {
      await client.query("SAVEPOINT attempt");
      const broken = await attempt(client, statement(change));
      if (broken === undefined) {
        if ((await othersChanged()) && (kind === undefined || kind === "foreign-key")) return undefined;
        // A unique constraint that was dropped took the foreign keys along that refer to its columns.
        if (kind === "foreign-key" && (await leavesOrphans(client, foreignKeys))) return undefined;
        return `written alone it breaks ${seen.length === 0 ? "nothing" : seen.join(", ")}`;
      }
      const found = kindOf(broken);
      if (kind === undefined || kind === found) return undefined;
      // A delete breaks other constraints only by what a foreign key does to other rows.
      if (kind === "foreign-key" && change.write === "delete") return undefined;
      seen.push(`${found} (${broken.constraint ?? broken.column})`);
      await client.query("ROLLBACK TO SAVEPOINT attempt");
      await client.query(removal(broken));
    }
    return `written alone it breaks ${seen.join(", ")}`;
  } finally {
    await client.query("ROLLBACK");
  }
}

async function attempt(client: Client, sql: string): Promise<DatabaseError | undefined> {
  try {
    await client.query(`${sql}; SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED`);
    return undefined;
  } catch (error) {
    if (error instanceof DatabaseError && error.code?.startsWith("23")) return error;
    throw error;
  }
}

export interface Reference {
  /** Labels, as SQL reads them. */
  readonly table: string;
  readonly parent: string;
  readonly columns: readonly string[];
  readonly parentColumns: readonly string[];
}

/** Whether some row refers to one that is not there, whatever constraints are left. */
async function leavesOrphans(client: Client, foreignKeys: readonly Reference[]): Promise<boolean> {
  for (const { table, parent, columns, parentColumns } of foreignKeys) {
    const refers = columns.map((name) => `c.${quoteName(name)} IS NOT NULL`).join(" AND ");
    const joined = columns
      .map((name, at) => `p.${quoteName(parentColumns[at] ?? "")} = c.${quoteName(name)}`)
      .join(" AND ");
    const { rows } = await client.query(
      `SELECT 1 FROM ${table} AS c WHERE ${refers} AND NOT EXISTS (SELECT 1 FROM ${parent} AS p WHERE ${joined}) LIMIT 1`,
    );
    if (rows.length > 0) return true;
  }
  return false;
}

const kinds: Readonly<Record<string, string>> = {
  "23001": "foreign-key",
  "23502": "not-null",
  "23503": "foreign-key",
  "23505": "unique",
  "23514": "check",
  "23P01": "exclusion",
};

function kindOf({ code = "" }: DatabaseError): string {
  return kinds[code] ?? code;
}

function removal({ code, schema, table, column, constraint, dataType }: DatabaseError): string {
  const label = `${quoteName(schema ?? "")}.${quoteName(table ?? "")}`;
  const type = `${quoteName(schema ?? "")}.${quoteName(dataType ?? "")}`;
  const name = quoteName(constraint ?? "");
  if (code === "23502") return `ALTER TABLE ${label} ALTER ${quoteName(column ?? "")} DROP NOT NULL`;
  if (dataType !== undefined) return `ALTER DOMAIN ${type} DROP CONSTRAINT ${name}`;
  return `ALTER TABLE ${label} DROP CONSTRAINT IF EXISTS ${name} CASCADE; DROP INDEX IF EXISTS ${quoteName(schema ?? "")}.${name}`;
}

function statement({ table, key, write, end }: WithheldChange): string {
  const keys = JSON.parse(key) as readonly string[];
  const where = table.key
    .map((name, at) => `${quoteName(name)} = ${quoteValue(keys[at] ?? null)}`)
    .join(" AND ");
  if (write === "delete" || end === undefined) return `DELETE FROM ${table.table} WHERE ${where}`;
  const names = table.columns.map(quoteName);
  if (write === "insert")
    return `INSERT INTO ${table.table} (${names.join(", ")}) VALUES (${end.map(quoteValue).join(", ")})`;
  const before = table.rows.get(key) ?? [];
  const written = names.flatMap((name, at) =>
    end[at] === before[at] ? [] : [`${name} = ${quoteValue(end[at] ?? null)}`],
  );
  return `UPDATE ${table.table} SET ${written.join(", ")} WHERE ${where}`;
}
