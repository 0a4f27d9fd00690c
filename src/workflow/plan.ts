import { randomUUID } from "node:crypto";
import { type AlignedSchemas, alignSchemas, type Catalogs } from "../merge/align-schemas.js";
import { orderTables } from "../merge/order-tables.js";
import { rulesFor } from "../merge/rules.js";
import { strategiesFor } from "../merge/settle.js";
import { InterruptedError, type StrategyError, UsageError } from "../model/errors.js";
import type { DatabaseIdentity, PlanHeader } from "../model/plan.js";
import type { PlanSettings } from "../model/settings.js";
import type { Table } from "../model/table.js";
import { type DatabaseRole, databaseRoles, type Operation } from "../model/value.js";
import { readCatalog } from "../postgres/catalog.js";
import { readIdentity } from "../postgres/identity.js";
import { createPlanStore, type DifferenceCount, type PlanStore } from "../store/plan-store.js";
import { checkSettings, type KnownTable } from "./check-settings.js";
import { compareTable } from "./compare-tables.js";
import { checkIdentities, connect, type Sessions } from "./connect.js";
import { checkConstraints } from "./constraints/check-constraints.js";
import type { Checking } from "./constraints/planned-writes.js";
import { judge } from "./judge.js";
import type { OnProgress } from "./progress.js";
import { moveSequences } from "./sequences.js";

export interface PlanOptions {
  readonly settings: PlanSettings;
  /** Where the plan store is made; must not exist. */
  readonly storeFile: string;
  readonly toolVersion: string;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** All that the steps hand on to each other. */
interface Work {
  readonly settings: PlanSettings;
  readonly sessions: Sessions;
  readonly store: PlanStore;
  readonly tables: readonly Table[];
  readonly tell: OnProgress;
  readonly signal: AbortSignal | undefined;
}

/**
 * Compares `pre` and `post`, merges the difference with `current`, and keeps the result in the plan store. Writes
 * nothing to any database.
 *
 * @returns the open plan store; the caller closes it
 * @throws UsageError, ConnectionError, SchemaMismatchError, QueryError, InterruptedError
 */
export async function plan(options: PlanOptions): Promise<PlanStore> {
  const { settings, signal } = options;
  const tell = options.onProgress ?? (() => undefined);
  tell({ kind: "step", text: "connecting" });
  const sessions = await connect(settings, signal);
  try {
    return await planWith(sessions, options, tell);
  } catch (error) {
    // Aborting ends the connections, and whatever was running fails in its own words.
    throw signal?.aborted === true ? new InterruptedError() : error;
  } finally {
    await sessions.close();
  }
}

async function planWith(sessions: Sessions, options: PlanOptions, tell: OnProgress): Promise<PlanStore> {
  const { settings, signal, storeFile } = options;
  const { postIsCurrent } = await checkIdentities(sessions);
  tell({ kind: "step", text: "reading the catalogs" });
  const catalogs = await readCatalogs(sessions);
  const aligned = alignSchemas(catalogs, settings);
  const mistakes = await checkSettings(settings, aligned.tables, knownTables(catalogs), sessions.post);
  if (mistakes.length + aligned.mistakes.length > 0) throw new UsageError([...mistakes, ...aligned.mistakes]);
  const tables = orderTables(aligned.tables, catalogs.current.foreignKeys);
  const warnings = [...initialWarnings(settings, postIsCurrent)];
  for (const text of warnings) tell({ kind: "warning", text });
  const store = await createPlanStore(storeFile);
  try {
    const work: Work = { settings, sessions, store, tables, tell, signal };
    const compared = await compareAll(work, catalogs);
    const judged = await judgeAll(work, compared, warnings);
    tell({ kind: "step", text: "checking constraints" });
    await checkConstraints(checkingOf(work, aligned), {
      ...catalogs.current.constraints,
      foreignKeys: catalogs.current.foreignKeys,
    });
    const sequences = await moveSequences(work);
    warnings.push(...sequences.warnings);
    const found = { ...compared, current: judged, warnings, sequences: sequences.moves };
    await store.writeHeader(makeHeader(options, { ...aligned, tables }, catalogs, found));
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function readCatalogs(sessions: Sessions): Promise<Catalogs> {
  const [pre, post, current] = await Promise.all(databaseRoles.map((role) => readCatalog(sessions[role])));
  return { pre, post, current } as Catalogs;
}

function knownTables(catalogs: Catalogs): readonly KnownTable[] {
  return databaseRoles.flatMap((role) => [
    ...catalogs[role].tables.map(({ label, columns }) => ({
      label,
      columns: columns.map(({ name }) => name),
    })),
    ...catalogs[role].others.map(({ label }) => ({ label, columns: [] })),
  ]);
}

function initialWarnings({ mode, rules }: PlanSettings, postIsCurrent: boolean): readonly string[] {
  return [
    ...(postIsCurrent
      ? [
          "post was left out or is current itself: every difference between pre and current counts as the incident's",
        ]
      : []),
    ...(mode === "undo" && rules.length === 0
      ? ["no rule says what is damage: people's own updates and deletes in the window are being undone too"]
      : []),
  ];
}

interface Compared {
  readonly pre: DatabaseIdentity;
  readonly post: DatabaseIdentity;
  readonly rowsCompared: Readonly<Record<string, number>>;
}

/** Step one: where do `pre` and `post` differ. `current` is not touched meanwhile. */
async function compareAll(
  { sessions, store, tables, tell, signal }: Work,
  catalogs: Catalogs,
): Promise<Compared> {
  const { pre, post } = sessions;
  await Promise.all([pre.snapshot(), post.snapshot()]);
  const identities = { pre: await readIdentity(pre), post: await readIdentity(post) };
  const total = estimateRows(tables, catalogs);
  const rowsCompared: Record<string, number> = {};
  let before = 0;
  for (const [at, table] of tables.entries()) {
    const report = (keys: number) =>
      tell({
        kind: "rows",
        phase: "compare",
        table: table.label,
        tableNumber: at + 1,
        tables: tables.length,
        done: before + keys,
        total,
      });
    report(0);
    const compared = await compareTable(sessions, table, at, store, { onCompared: report, signal });
    rowsCompared[table.label] = compared;
    before += compared;
  }
  await store.flushDifferences();
  return { ...identities, rowsCompared };
}

function estimateRows(tables: readonly Table[], catalogs: Catalogs): number | undefined {
  const estimates = new Map(
    catalogs.post.tables.map((table) => [
      table.label,
      table.estimatedRows ?? catalogs.pre.tables.find((other) => other.label === table.label)?.estimatedRows,
    ]),
  );
  const known = tables.map((table) => estimates.get(table.label));
  return known.includes(undefined) ? undefined : known.reduce<number>((sum, rows) => sum + (rows ?? 0), 0);
}

/** Differences judged at a time: one look-up in current each. */
const judgeSize = 1000;

/** Step two: what do we do about it. The snapshot of `current` is taken here, so that it is as short as can be. */
async function judgeAll(
  work: Work,
  { rowsCompared }: Compared,
  warnings: string[],
): Promise<DatabaseIdentity> {
  const { settings, sessions, store, tables, tell, signal } = work;
  await sessions.current.snapshot();
  const identity = await readIdentity(sessions.current);
  const counts = await store.countDifferences();
  const total = counts.reduce((sum, { rows }) => sum + rows, 0);
  const blamed = new Set<string>();
  let position = 0;
  for (const [at, table] of tables.entries()) {
    const bench = {
      table,
      tableIndex: at,
      settings,
      rules: rulesFor(table, settings.rules),
      strategies: strategiesFor(table, settings.strategies),
      current: sessions.current,
      where: sessions.post,
      suspicion: suspicionOf(settings, counts, at, rowsCompared[table.label] ?? 0),
      nextPosition: () => position++,
      onBlame: ({ message }: StrategyError) => blamed.add(message),
    };
    for await (const differences of store.differences(at, judgeSize)) {
      if (signal?.aborted === true) throw new InterruptedError();
      await store.appendRows(await judge(bench, differences));
      tell({
        kind: "rows",
        phase: "merge",
        table: table.label,
        tableNumber: at + 1,
        tables: tables.length,
        done: position,
        total,
      });
    }
  }
  await store.flushRows();
  await store.dropDifferences();
  warnings.push(...blamed);
  return identity;
}

function suspicionOf(
  { mode, guard: { massDelete } }: PlanSettings,
  counts: readonly DifferenceCount[],
  table: number,
  rowsCompared: number,
): string | undefined {
  const count = (wanted: Operation) =>
    counts.find((found) => found.table === table && found.operation === wanted)?.rows ?? 0;
  const lost = count("delete");
  const before = rowsCompared - count("insert");
  if (mode !== "replay" || lost <= massDelete.rows || lost <= massDelete.share * before) return undefined;
  return `the table lost ${lost} of its ${before} rows in the window; a rule must say whether that is damage or legitimate`;
}

function checkingOf({ store, sessions, settings, tables }: Work, { leftOut }: AlignedSchemas): Checking {
  // Left out as the user asked; what could not be compared is another matter, and leaves the plan open.
  const excludedTables = new Set(leftOut.filter(({ open }) => !open).map(({ table }) => table));
  return { store, current: sessions.current, mode: settings.mode, tables, excludedTables };
}

interface Found extends Compared {
  readonly current: DatabaseIdentity;
  readonly warnings: readonly string[];
  readonly sequences: PlanHeader["sequences"];
}

function makeHeader(
  { settings, toolVersion }: PlanOptions,
  { tables, leftOut }: Pick<AlignedSchemas, "tables" | "leftOut">,
  catalogs: Catalogs,
  found: Found,
): PlanHeader {
  const labels = new Set(tables.map((table) => table.label));
  return {
    planId: randomUUID(),
    toolVersion,
    mode: settings.mode,
    createdAt: new Date().toISOString(),
    granularity: settings.granularity,
    touchWrite: settings.touch.write,
    triggerPolicy: settings.triggers,
    connections: withoutInstance(found),
    tables,
    foreignKeys: catalogs.current.foreignKeys.filter((key) => labels.has(key.table)),
    triggers: catalogs.current.triggers.filter((trigger) => labels.has(trigger.table)),
    sequences: found.sequences,
    leftOut,
    invariants: settings.invariants,
    warnings: found.warnings,
    rowsCompared: found.rowsCompared,
  };
}

function withoutInstance(found: Found): Readonly<Record<DatabaseRole, DatabaseIdentity>> {
  const bare = ({
    database,
    server,
    version,
    snapshotAt,
    systemIdentifier,
    inRecovery,
  }: DatabaseIdentity) => ({
    database,
    server,
    version,
    snapshotAt,
    systemIdentifier,
    inRecovery,
  });
  return { pre: bare(found.pre), post: bare(found.post), current: bare(found.current) };
}
