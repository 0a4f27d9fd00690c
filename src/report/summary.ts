import { type Outcome, outcomes } from "../model/change.js";
import type { CompareMethod, DatabaseIdentity, PlanHeader, Tally } from "../model/plan.js";
import type { SequenceMove } from "../model/sequence.js";
import { columnNames, type LeftOut, type Table } from "../model/table.js";
import type { ActorCounts, TenantTally } from "../model/tenant.js";
import { type DatabaseRole, databaseRoles, type Operation, operations } from "../model/value.js";
import { type BetweenSummary, summarizeBetween } from "./between.js";
import { type SignatureSummary, summarizeSignatures } from "./signatures.js";
import { summarizeTenants, type TenantSummary } from "./tenants.js";

type ByOperation = Record<Operation, number>;

/** One table in `summary.json`; counts are rows. */
export interface TableSummary {
  readonly table: string;
  readonly key: readonly string[];
  readonly method: CompareMethod;
  readonly rowsCompared: number;
  /** What the incident did, direction pre to post. */
  readonly incident: Readonly<ByOperation>;
  /** What the patch does. */
  readonly apply: Readonly<ByOperation>;
  readonly already: number;
  /** Open conflicts by kind. */
  readonly conflicts: Readonly<Record<string, number>>;
  readonly kept: number;
  readonly excluded: number;
  readonly skipped: number;
}

/** `summary.json` (design 3.1). */
export interface Summary {
  readonly formatVersion: 1;
  readonly planId: string;
  readonly mode: "undo" | "replay";
  readonly createdAt: string;
  readonly tool: { readonly version: string };
  readonly connections: Readonly<Record<DatabaseRole, ConnectionSummary>>;
  readonly totals: Readonly<Record<"rowsCompared" | "incoming" | Outcome | "decided" | "open", number>>;
  readonly tables: readonly TableSummary[];
  /** What was not compared, and why. */
  readonly leftOut: readonly { readonly table: string; readonly reason: string; readonly open: boolean }[];
  /** What the incident delta looks like, largest first (docs/signatures.md). */
  readonly signatures: readonly SignatureSummary[];
  /** What changed in which interval; only where there were snapshots between pre and post (docs/between.md). */
  readonly between?: BetweenSummary;
  /** Rows that come back under a new key: see rekeyed.csv. */
  readonly rekeyed: number;
  /** Those that the patch moves up. */
  readonly sequences: readonly SequenceSummary[];
  readonly warnings: readonly string[];
  /** Only where the config names a tenant column. */
  readonly tenants?: readonly TenantSummary[];
  /** Only where it names an actor column. */
  readonly actors?: { readonly column: string } & ActorCounts;
  /** Columns of which the files show marks, `schema.table.column`; only where there are any. */
  readonly redacted?: readonly string[];
}

/** What is counted only where the config says whose rows are. */
export interface Owners {
  readonly tenants?: readonly TenantTally[] | undefined;
  readonly actors?: ActorCounts | undefined;
}

/** Numbers that count as handed out, before and after. */
export interface SequenceSummary {
  readonly sequence: string;
  /** Of several columns, the one that owns the sequence. */
  readonly column: string | null;
  readonly from: string;
  readonly to: string;
}

type ConnectionSummary = Pick<DatabaseIdentity, "database" | "server" | "version" | "snapshotAt">;

/** Adds the tallies up. Every row of the incident delta is in exactly one outcome, so the six sum up to `incoming`. */
export function summarize(
  header: PlanHeader,
  tallies: readonly Tally[],
  { tenants, actors }: Owners = {},
): Summary {
  const tables = header.tables.map((table, at) =>
    summarizeTable(
      table,
      {
        method: header.methods?.[table.label] ?? "stream",
        rowsCompared: header.rowsCompared[table.label] ?? 0,
      },
      tallies.filter((tally) => tally.table === at),
    ),
  );
  const { planId, mode, createdAt, toolVersion, warnings } = header;
  return {
    formatVersion: 1,
    planId,
    mode,
    createdAt,
    tool: { version: toolVersion },
    connections: summarizeConnections(header.connections),
    totals: summarizeTotals(header, tables, tallies),
    tables,
    leftOut: header.leftOut.map(({ table, what, open }) => ({ table, reason: what, open })),
    signatures: summarizeSignatures(header),
    ...(header.between && { between: summarizeBetween(header.between) }),
    rekeyed: countRows(tallies, (tally) => tally.rekeyed),
    sequences: header.sequences.map(summarizeMove),
    warnings,
    ...(tenants && { tenants: summarizeTenants(tenants) }),
    ...(actors && header.actor && { actors: { column: header.actor.column, ...actors } }),
  };
}

function summarizeMove({ sequence, columns, from, to }: SequenceMove): SequenceSummary {
  return { sequence, column: columns[0] ?? null, from, to };
}

function summarizeConnections(
  connections: PlanHeader["connections"],
): Readonly<Record<DatabaseRole, ConnectionSummary>> {
  const bare = ({ database, server, version, snapshotAt }: DatabaseIdentity): ConnectionSummary => ({
    database,
    server,
    version,
    snapshotAt,
  });
  const { pre, post, current } = connections;
  return { pre: bare(pre), post: bare(post), current: bare(current) };
}

function summarizeTotals(
  { leftOut }: PlanHeader,
  tables: readonly TableSummary[],
  tallies: readonly Tally[],
): Summary["totals"] {
  const byOutcome = Object.fromEntries(
    outcomes.map((outcome) => [outcome, countRows(tallies, (tally) => tally.outcome === outcome)]),
  ) as Record<Outcome, number>;
  return {
    rowsCompared: tables.reduce((sum, table) => sum + table.rowsCompared, 0),
    incoming: countRows(tallies, () => true),
    ...byOutcome,
    decided: countRows(tallies, (tally) => tally.decided),
    open: byOutcome.conflict + openTables(leftOut),
  };
}

/** Tables, not columns of tables: a table with several things left out is open once. */
function openTables(leftOut: readonly LeftOut[]): number {
  return new Set(leftOut.filter(({ open }) => open).map(({ table }) => table)).size;
}

function summarizeTable(
  table: Table,
  { method, rowsCompared }: Pick<TableSummary, "method" | "rowsCompared">,
  tallies: readonly Tally[],
): TableSummary {
  const by = (count: (operation: Operation) => number): ByOperation =>
    Object.fromEntries(operations.map((operation) => [operation, count(operation)])) as ByOperation;
  const outcome = (wanted: Outcome) => countRows(tallies, (tally) => tally.outcome === wanted);
  const kindOf = (tally: Tally) =>
    tally.outcome === "conflict" ? (tally.conflictKind ?? "unknown") : undefined;
  const kinds = new Set(tallies.flatMap((tally) => kindOf(tally) ?? []));
  return {
    table: table.label,
    key: columnNames(table, table.key),
    method,
    rowsCompared,
    incident: by((operation) => countRows(tallies, (tally) => tally.operation === operation)),
    apply: by((operation) =>
      countRows(tallies, (tally) => tally.outcome === "apply" && tally.change === operation),
    ),
    already: outcome("already"),
    conflicts: Object.fromEntries(
      [...kinds].sort().map((kind) => [kind, countRows(tallies, (tally) => kindOf(tally) === kind)]),
    ),
    kept: outcome("kept"),
    excluded: outcome("excluded"),
    skipped: outcome("skipped"),
  };
}

function countRows(tallies: readonly Tally[], wanted: (tally: Tally) => boolean): number {
  return tallies.reduce((sum, tally) => sum + (wanted(tally) ? tally.rows : 0), 0);
}

/** Databases as people read them: `pre: fleet_pre on db1:5432, PostgreSQL 16.2, as of 2019-09-23T22:12:00Z`. */
export function describeConnections({
  connections,
  between,
}: Pick<PlanHeader, "connections" | "between">): readonly string[] {
  const describe = (name: string, { database, server, version, snapshotAt }: DatabaseIdentity) =>
    // A change log has no server.
    server === ""
      ? `${name}: the change log ${database}, up to ${snapshotAt}`
      : `${name}: ${database} on ${server}, PostgreSQL ${version}, as of ${snapshotAt}`;
  return [
    ...databaseRoles.map((role) => describe(role, connections[role])),
    ...(between?.snapshots ?? []).map(({ label, identity }) => describe(`between, ${label}`, identity)),
  ];
}
