import type { WriteTarget } from "../../model/journal.js";
import { WriteError } from "./write-error.js";
import type { Writer } from "./writer.js";

export interface FoundTarget extends WriteTarget {
  readonly readOnly: "standby" | "settings" | undefined;
}

/** Which database this is, and whether it can be written to. */
export async function readWriteTarget(writer: Writer): Promise<FoundTarget> {
  const [row] = await writer.query(`SELECT pg_catalog.current_database(),
    (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()),
    pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('default_transaction_read_only'),
    pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute'),
    pg_catalog.has_function_privilege('pg_catalog.pg_walfile_name(pg_lsn)', 'execute'),
    pg_catalog.pg_postmaster_start_time()`);
  const [database, oid, inRecovery, readOnly, mayAskSystem, mayAskTimeline, startedAt] = row ?? [];
  const system = mayAskSystem === "t" ? await ask(writer, systemSql) : undefined;
  const timeline = mayAskTimeline === "t" && inRecovery === "f" ? await ask(writer, timelineSql) : undefined;
  return {
    id: `${system ?? writer.server}/${oid}`,
    database: database ?? "",
    systemIdentifier: system,
    place: `${writer.server} timeline ${timeline ?? "unknown"}`,
    startedAt: startedAt ?? "",
    readOnly: inRecovery === "t" ? "standby" : readOnly === "on" ? "settings" : undefined,
  };
}

/** By what the journal knows the database, for whoever only reads. */
export async function readTargetId(session: Asker): Promise<string> {
  const [row] =
    await session.query(`SELECT oid, pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute')
    FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()`);
  const [oid, mayAskSystem] = row ?? [];
  const system = mayAskSystem === "t" ? await ask(session, systemSql) : undefined;
  return `${system ?? session.server}/${oid}`;
}

interface Asker {
  readonly server: string;
  query(sql: string): Promise<readonly (readonly (string | null)[])[]>;
}

const systemSql = "SELECT system_identifier FROM pg_catalog.pg_control_system()";
const timelineSql =
  "SELECT pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8)";

async function ask(asker: Asker, sql: string): Promise<string | undefined> {
  return (await asker.query(sql))[0]?.[0] ?? undefined;
}

/** What became of a transaction: the server's word, while it remembers. */
export type TransactionStatus = "committed" | "aborted" | "in progress" | undefined;

/** @returns undefined where the server does not know: long ago, or on a server that never had it */
export async function transactionStatus(writer: Writer, transaction: string): Promise<TransactionStatus> {
  try {
    const [[status] = []] = await writer.query("SELECT pg_catalog.pg_xact_status($1::pg_catalog.xid8)", [
      transaction,
    ]);
    return (status ?? undefined) as TransactionStatus;
  } catch (error) {
    // It lies in the future of this server, which therefore never had it.
    if (error instanceof WriteError && error.state === "22023") return undefined;
    throw error;
  }
}
