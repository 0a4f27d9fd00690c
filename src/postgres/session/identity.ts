import type { DatabaseIdentity } from "../../model/plan.js";
import type { Session } from "./session.js";

/** Where a session reads, and whether two sessions read the same database on the same running server. */
export interface Identity extends DatabaseIdentity {
  /** Cluster, database and start of this very server: a standby differs from its primary in the last. */
  readonly instance: string;
}

/** Asks inside the snapshot, so that `snapshotAt` is the moment the reads see. */
export async function readIdentity(session: Session): Promise<Identity> {
  const [row] = await session.query(`SELECT pg_catalog.current_database(),
    pg_catalog.current_setting('server_version'),
    pg_catalog.to_char(pg_catalog.now(), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    pg_catalog.pg_is_in_recovery()::text,
    pg_catalog.pg_postmaster_start_time()::text,
    (SELECT oid::text FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()),
    pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute')::text`);
  const [database, version, snapshotAt, inRecovery, startedAt, oid, mayAsk] = row ?? [];
  const systemIdentifier = mayAsk === "true" ? await readSystemIdentifier(session) : undefined;
  return {
    database: database ?? "",
    server: session.server,
    version: version ?? "",
    snapshotAt: snapshotAt ?? "",
    systemIdentifier,
    inRecovery: inRecovery === "true",
    instance: `${systemIdentifier ?? session.server}/${oid}/${startedAt}`,
  };
}

const known = new WeakMap<Session, string>();

/** Asked once a connection: it stays. */
async function readSystemIdentifier(session: Session): Promise<string | undefined> {
  const before = known.get(session);
  if (before !== undefined) return before;
  const [row] = await session.query("SELECT system_identifier::text FROM pg_catalog.pg_control_system()");
  const [found] = row ?? [];
  if (found != null) known.set(session, found);
  return found ?? undefined;
}

/** Not the database that a plan was made of: another name, or another cluster, as far as both are known. */
export function isOtherDatabase(found: DatabaseIdentity, planned: DatabaseIdentity): boolean {
  const [mine, its] = [found.systemIdentifier, planned.systemIdentifier];
  return found.database !== planned.database || (mine !== undefined && its !== undefined && mine !== its);
}
