import type { Writer } from "../../postgres/writing/writer.js";

/** When to hold off, so that others come first. */
export interface Pauses {
  /** Of the furthest standby that is behind, in seconds. */
  readonly maxReplicationLag?: number | undefined;
  /** Sessions at work in the database, ours not counted. */
  readonly maxActive?: number | undefined;
  /** Somebody asked for it: in words, why; undefined to go on. */
  readonly asked?: (() => Promise<string | undefined>) | undefined;
}

/** @returns in words, why to wait; undefined where there is no reason */
export async function reasonToPause(writer: Writer, pauses: Pauses): Promise<string | undefined> {
  const asked = await pauses.asked?.();
  if (asked !== undefined) return asked;
  const { maxReplicationLag, maxActive } = pauses;
  if (maxReplicationLag !== undefined) {
    const [[name, lag] = []] = await writer.query(lagSql);
    if (Number(lag ?? 0) > maxReplicationLag)
      return `standby ${name ?? ""} is ${Number(lag).toFixed(1)} s behind (--max-replication-lag ${maxReplicationLag} s)`;
  }
  if (maxActive !== undefined) {
    const [[active] = []] = await writer.query(activeSql);
    if (Number(active) > maxActive) return `${active} sessions are at work (--max-active ${maxActive})`;
  }
  return undefined;
}

/** A standby that has replayed everything reports no lag, or that of its last news. */
const lagSql = `SELECT coalesce(nullif(application_name, ''), client_addr::text, 'unknown'),
    pg_catalog.date_part('epoch', replay_lag)
  FROM pg_catalog.pg_stat_replication
  WHERE replay_lag IS NOT NULL AND replay_lsn < pg_catalog.pg_current_wal_lsn()
  ORDER BY replay_lag DESC LIMIT 1`;

const activeSql = `SELECT count(*) FROM pg_catalog.pg_stat_activity
  WHERE datname = pg_catalog.current_database() AND state = 'active' AND pid <> pg_catalog.pg_backend_pid()
    AND backend_type = 'client backend'`;
