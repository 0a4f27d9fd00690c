import pg from "pg";
import { connected, createDatabase } from "../databases.js";
import { loadRows } from "../load-rows.js";
import type { Stage } from "../story.js";
import { morning } from "./moments.js";
import { playLostSteps } from "./play-steps.js";
import { printRef } from "./row-ref.js";
import * as schema from "./schema.js";
import { type Script, writeScript } from "./script.js";

/** What triggers wrote down of one row that changed. Values are PostgreSQL's text, or null. */
export interface LoggedAction {
  readonly sequence: number;
  readonly time: string;
  readonly actor: string | null;
  readonly tenant: string | null;
  readonly table: string;
  readonly key: Readonly<Record<string, string | null>>;
  readonly operation: "insert" | "update" | "delete";
  readonly after: Readonly<Record<string, string | null>> | null;
  readonly before: Readonly<Record<string, string | null>> | null;
}

/**
 * The lost hours as a log of every row that changed, in order, with the rows that TRUNCATE took: written by triggers, on a
 * copy of the database that lives through the same as `post`.
 */
export async function playChangeLog(stage: Stage): Promise<readonly LoggedAction[]> {
  const url = stage.url("tracker_logged");
  const script = writeScript(stage.scale, stage.seed);
  await createDatabase(stage, url);
  return connected(url, async (client) => {
    await loadRows(client, { ...script.tracker }, schema);
    await client.query(auditSql);
    for (const table of await tablesOf(client)) await client.query(triggersSql(table));
    await playLostSteps(script.steps, url);
    const { rows } = await client.query<LoggedAction & { readonly sequence: string }>(
      'SELECT sequence, "time", actor, tenant, "table", key, operation, after, before FROM audit.action ORDER BY sequence',
    );
    const workspaces = workspacesIn(script);
    return rows.map((row) => ({
      ...row,
      sequence: Number(row.sequence),
      tenant: row.tenant ?? workspaces.get(nameOf(row)) ?? null,
    }));
  });
}

/** Whose a row is that has no such column: an application knows for whom it is at work. */
function workspacesIn({ steps }: Script): ReadonlyMap<string, string> {
  const touches = steps
    .filter(({ worlds }) => worlds.includes("lost"))
    .flatMap(({ request }) => request.touches);
  return new Map(touches.map(({ ref, workspace }) => [nameOf(printRef(ref)), workspace]));
}

function nameOf({ table, key }: Pick<LoggedAction, "table" | "key">): string {
  return JSON.stringify([table, Object.entries(key).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}

/** An application's own log knows nothing of what a migration did. */
export function withoutMigration(actions: readonly LoggedAction[]): readonly LoggedAction[] {
  const moments = [morning.truncate, morning.refillDrafts, morning.refillEntries].map((at) => at / 1000);
  return actions.filter(({ time }) => !moments.includes(Date.parse(time)));
}

/** Times are written as a clock in Kolkata shows them: another spelling of what the databases have. */
const auditSql = `
CREATE SCHEMA audit;
CREATE TABLE audit.action (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "time" text NOT NULL DEFAULT to_char(public.story_now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  actor text, tenant text, "table" text NOT NULL, key jsonb NOT NULL, operation text NOT NULL, after jsonb, before jsonb
);
-- All of before, or of an update what became another.
CREATE FUNCTION audit.changed(before jsonb, after jsonb) RETURNS jsonb LANGUAGE sql
  AS $$ SELECT jsonb_object_agg(name, value) FROM jsonb_each(before) AS old (name, value)
    WHERE after IS NULL OR after -> name IS DISTINCT FROM value $$;
`;

interface LoggedTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

async function tablesOf(client: pg.Client): Promise<readonly LoggedTable[]> {
  const { rows } = await client.query<LoggedTable>(`SELECT c.relname AS name,
      (SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
      (SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = c.oid AND attnum = ANY (i.indkey)) AS key
    FROM pg_class AS c JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname`);
  return rows;
}

function triggersSql({ name, columns, key }: LoggedTable): string {
  const row = (alias: string, names: readonly string[]) =>
    `jsonb_build_object(${names.map((column) => `${pg.escapeLiteral(column)}, ${alias}.${pg.escapeIdentifier(column)}::text`).join(", ")})`;
  const table = `public.${pg.escapeIdentifier(name)}`;
  const write = `audit.${pg.escapeIdentifier(`write_${name}`)}`;
  const clear = `audit.${pg.escapeIdentifier(`clear_${name}`)}`;
  const insert = 'INSERT INTO audit.action (actor, tenant, "table", key, operation, after, before)';
  const label = pg.escapeLiteral(name === "user" ? 'public."user"' : `public.${name}`);
  return `
CREATE FUNCTION ${write}() RETURNS trigger LANGUAGE plpgsql SET "TimeZone" = 'Asia/Kolkata' AS $$
DECLARE
  old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN ${row("OLD", columns)} END;
  new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN ${row("NEW", columns)} END;
BEGIN
  ${insert} SELECT coalesce(new_row, old_row) ->> 'created_by', coalesce(new_row, old_row) ->> 'workspace_id', ${label},
    CASE WHEN TG_OP = 'INSERT' THEN ${row("NEW", key)} ELSE ${row("OLD", key)} END,
    lower(TG_OP), new_row, CASE WHEN old_row IS NOT NULL THEN audit.changed(old_row, new_row) END;
  RETURN NULL;
END $$;
CREATE FUNCTION ${clear}() RETURNS trigger LANGUAGE plpgsql SET "TimeZone" = 'Asia/Kolkata' AS $$
BEGIN
  ${insert} SELECT ${row("t", columns)} ->> 'created_by', ${row("t", columns)} ->> 'workspace_id', ${label}, ${row("t", key)},
    'delete', NULL, ${row("t", columns)} FROM ${table} AS t;
  RETURN NULL;
END $$;
CREATE TRIGGER write_action AFTER INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${write}();
CREATE TRIGGER clear_action BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION ${clear}();
`;
}
