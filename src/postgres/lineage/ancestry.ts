import { randomBytes } from "node:crypto";
import type { ServerFacts } from "../../model/lineage.js";
import type { Session } from "../session/session.js";

/**
 * Whether two sessions are on one running server: one takes a name that nobody can know, the other looks for it. What
 * servers say of themselves would not do: a copy of a whole machine says the same.
 *
 * @throws QueryError
 */
export async function shareServer(one: Session, other: Session): Promise<boolean> {
  const name = `pgmend ${randomBytes(16).toString("hex")}`;
  return one.planning({ application_name: name }, async () => {
    const sql = "SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity WHERE application_name = $1";
    const [[found] = []] = await other.query(sql, [name]);
    return found === "1";
  });
}

/** @throws QueryError */
export async function readServerFacts(session: Session): Promise<ServerFacts> {
  const [row = []] = await session.query(`SELECT pg_catalog.current_setting('server_version'),
    pg_catalog.current_setting('server_version_num'), pg_catalog.getdatabaseencoding(),
    pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text,
    pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute'),
    pg_catalog.current_setting('track_commit_timestamp')`);
  const [version, number, encoding, next, mayAsk, commitTimes] = row;
  const [[system] = []] =
    mayAsk === "t"
      ? await session.query("SELECT system_identifier::text FROM pg_catalog.pg_control_system()")
      : [];
  return {
    version: version ?? "",
    versionNumber: Number(number),
    encoding: encoding ?? "",
    next: BigInt(next ?? 0),
    systemIdentifier: system ?? undefined,
    commitTimes: commitTimes === "on",
  };
}

/**
 * When transactions were committed, in microseconds, for windows of them: each begins with one of `starts`. A
 * transaction has none that was not committed, is too old, or was committed on another server and only applied here:
 * its time says nothing of this one.
 *
 * @throws QueryError
 */
export async function readCommitTimes(
  session: Session,
  starts: readonly bigint[],
  length: number,
): Promise<readonly (readonly (string | null)[])[]> {
  const rows = await session.query(
    `SELECT w.ord, pg_catalog.json_agg(CASE WHEN o.roident = 0 THEN pg_catalog.date_part('epoch', o.timestamp)::numeric::text END ORDER BY x.i)
    FROM pg_catalog.unnest($1::pg_catalog.int8[]) WITH ORDINALITY AS w(start, ord)
      CROSS JOIN pg_catalog.generate_series(0, $2::pg_catalog.int4 - 1) AS x(i)
      CROSS JOIN LATERAL pg_catalog.pg_xact_commit_timestamp_origin(
        (((w.start + x.i) & 4294967295)::pg_catalog.text)::pg_catalog.xid) AS o
    GROUP BY w.ord ORDER BY w.ord`,
    [starts.map(String), length],
  );
  return rows.map(([, times]) => JSON.parse(times ?? "[]") as (string | null)[]);
}
