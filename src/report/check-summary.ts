import type {
  DatabaseFacts,
  Finding,
  NewestRow,
  Preflight,
  TableFacts,
  WorkEstimate,
} from "../model/preflight.js";
import { columnNames, type Table } from "../model/table.js";
import { type DatabaseRole, databaseRoles } from "../model/value.js";

/** What `pgmend check --json` prints. */
export interface CheckSummary {
  readonly formatVersion: 1;
  readonly mode: "undo" | "replay";
  /** Nothing is an error: `plan` can be run. */
  readonly ready: boolean;
  readonly errors: number;
  readonly warnings: number;
  /** Tables that would leave a plan open. */
  readonly open: number;
  /** `post` is null where it was left out, or is `current` itself. */
  readonly connections: Readonly<Record<DatabaseRole, CheckedConnection | null>>;
  readonly findings: readonly Finding[];
  readonly tables: readonly CheckedTable[];
  readonly leftOut: readonly { readonly table: string; readonly reason: string; readonly open: boolean }[];
  /** Estimates; `rows` is null where a table was never analyzed. */
  readonly work: Omit<WorkEstimate, "rows"> & { readonly rows: number | null };
}

export interface CheckedConnection {
  readonly database: string;
  readonly server: string;
  readonly version: string;
  readonly user: string;
  readonly snapshotAt: string;
  readonly inRecovery: boolean;
  readonly systemIdentifier: string | null;
  readonly timeline: string | null;
  readonly lsn: string | null;
  readonly replayedAt: string | null;
  readonly newestRow: NewestRow | null;
  readonly encoding: string;
  readonly collation: string;
  readonly otherSessions: number;
}

export interface CheckedTable {
  readonly table: string;
  readonly key: readonly string[];
  readonly keySource: Table["keySource"];
  /** Of the larger of `pre` and `post`; null where it was never analyzed. */
  readonly rows: number | null;
  readonly bytes: number;
  readonly touch: readonly string[];
}

/** What `pgmend check --json` prints, of what `check` found. */
export function summarizeCheck(preflight: Preflight): CheckSummary {
  const { databases, findings, leftOut, mode, tables, work } = preflight;
  const countOf = (level: Finding["level"]) => findings.filter((finding) => finding.level === level).length;
  return {
    formatVersion: 1,
    mode,
    ready: countOf("error") === 0,
    errors: countOf("error"),
    warnings: countOf("warning"),
    open: new Set(leftOut.filter(({ open }) => open).map(({ table }) => table)).size,
    connections: connections(preflight),
    findings,
    tables: tables.map((table) => checkedTable(table, databases)),
    leftOut: leftOut.map(({ table, what, open }) => ({ table, reason: what, open })),
    work: { ...work, rows: work.rows ?? null },
  };
}

function connections({ databases, postIsCurrent, rows }: Preflight): CheckSummary["connections"] {
  const entries = databaseRoles.map((role) => [
    role,
    role === "post" && postIsCurrent ? null : checkedConnection(databases[role], rows[role].newest),
  ]);
  return Object.fromEntries(entries) as CheckSummary["connections"];
}

function checkedConnection(facts: DatabaseFacts, newest: readonly NewestRow[]): CheckedConnection {
  const { database, server, version, snapshotAt, inRecovery, systemIdentifier } = facts.identity;
  return {
    database,
    server,
    version,
    user: facts.user,
    snapshotAt,
    inRecovery,
    systemIdentifier: systemIdentifier ?? null,
    timeline: facts.timeline ?? null,
    lsn: facts.lsn ?? null,
    replayedAt: facts.replayedAt ?? null,
    newestRow: newest.toSorted((a, b) => (a.at < b.at ? 1 : -1))[0] ?? null,
    encoding: facts.encoding,
    collation: facts.collation,
    otherSessions: facts.otherSessions,
  };
}

function checkedTable(table: Table, databases: Readonly<Record<DatabaseRole, DatabaseFacts>>): CheckedTable {
  const facts = [databases.pre, databases.post].flatMap(({ tables }) => tables.get(table.label) ?? []);
  return {
    table: table.label,
    key: columnNames(table, table.key),
    keySource: table.keySource,
    rows: largest(facts, ({ estimatedRows }) => estimatedRows) ?? null,
    bytes: largest(facts, ({ bytes }) => bytes) ?? 0,
    touch: columnNames(table, table.touch),
  };
}

function largest(
  facts: readonly TableFacts[],
  size: (facts: TableFacts) => number | undefined,
): number | undefined {
  const known = facts.flatMap((fact) => size(fact) ?? []);
  return known.length === 0 ? undefined : Math.max(...known);
}
