import { type AlignedSnapshots, alignSnapshots } from "../../merge/timeline/align-snapshots.js";
import { type CountedInterval, findAbnormal, suggestWindows } from "../../merge/timeline/find-abnormal.js";
import type { Catalog } from "../../model/catalog.js";
import { InterruptedError, UsageError } from "../../model/errors.js";
import { columnNames } from "../../model/table.js";
import type { TableInterval, Timeline, TimelineSettings, TimelineSnapshot } from "../../model/timeline.js";
import { readCatalog } from "../../postgres/catalog/catalog.js";
import type { OnProgress } from "../progress.js";
import { urlWithoutPassword } from "../session-url.js";
import { checkNames } from "./check-names.js";
import { identify, openMore, openSnapshots, type SnapshotSessions } from "./open-snapshots.js";
import { type ReadTable, readSnapshots } from "./read-snapshots.js";

export interface TimelineOptions {
  readonly settings: TimelineSettings;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What changed from each snapshot to the next, and where that turns abnormal. Reads every snapshot once and writes
 * nothing to any database.
 *
 * @throws UsageError, ConnectionError, SchemaMismatchError, QueryError, InterruptedError
 */
export async function timeline({ settings, onProgress, signal }: TimelineOptions): Promise<Timeline> {
  const tell = onProgress ?? (() => undefined);
  tell({ kind: "step", text: "connecting" });
  const { sessions, close } = await openSnapshots(settings.snapshots, signal);
  try {
    return await timelineWith(sessions, settings, tell, signal);
  } catch (error) {
    // Aborting ends the connections, and whatever was running fails in its own words.
    throw signal?.aborted === true ? new InterruptedError() : error;
  } finally {
    await close();
  }
}

async function timelineWith(
  sessions: SnapshotSessions,
  settings: TimelineSettings,
  tell: OnProgress,
  signal: AbortSignal | undefined,
): Promise<Timeline> {
  await Promise.all(sessions.map((session) => session.snapshot()));
  const identities = await identify(settings.snapshots, sessions);
  tell({ kind: "step", text: "reading the catalogs" });
  const catalogs = await Promise.all(sessions.map(readCatalog));
  const mistakes = checkNames(settings, catalogs);
  if (mistakes.length > 0) throw new UsageError(mistakes);
  const aligned = alignSnapshots(catalogs, settings);
  const warnings: string[] = [];
  const hear: OnProgress = (progress) => {
    if (progress.kind === "warning") warnings.push(progress.text);
    tell(progress);
  };
  const read = await readAll(sessions, aligned, { settings, catalogs, tell: hear, signal });
  const intervals = findAbnormal(intervalsOf(settings, read));
  return {
    snapshots: settings.snapshots.map(({ label }, at): TimelineSnapshot => {
      const { database = "", server = "", version = "", snapshotAt = "" } = identities[at] ?? {};
      const session = sessions[at];
      const url = session === undefined ? "" : urlWithoutPassword(session);
      return { label, database, server, version, readAt: snapshotAt, url };
    }),
    tables: aligned.tables.map(({ label, tables }, at) => {
      const table = tables.find((own) => own !== undefined);
      const key = table === undefined ? [] : columnNames(table, table.key);
      return { table: label, key, keys: read[at]?.keys ?? 0 };
    }),
    intervals,
    suggestions: suggestWindows(intervals),
    leftOut: aligned.leftOut,
    warnings,
  };
}

interface Reading {
  readonly settings: TimelineSettings;
  readonly catalogs: readonly Catalog[];
  readonly tell: OnProgress;
  readonly signal: AbortSignal | undefined;
}

/**
 * Table after table; several at a time where that was asked for. After a failure nothing new is begun, and it is thrown
 * once all others have stopped.
 */
async function readAll(
  sessions: SnapshotSessions,
  { tables }: AlignedSnapshots,
  { settings, catalogs, tell, signal }: Reading,
): Promise<readonly ReadTable[]> {
  const count = Math.min(settings.jobs ?? 1, tables.length);
  const { readers, close } = await openMore(settings.snapshots, sessions, { count, tell, signal });
  const results: ReadTable[] = [];
  const failures: unknown[] = [];
  const done = tables.map(() => 0);
  const total = estimateKeys(tables, catalogs);
  const queue = tables.entries();
  const takeTurns = async (mine: SnapshotSessions) => {
    for (const [at, table] of queue) {
      if (failures.length > 0) return;
      const onWalked = (keys: number) => {
        if (failures.length > 0) throw new InterruptedError();
        done[at] = keys;
        const soFar = done.reduce((sum, own) => sum + own, 0);
        const place = { table: table.label, tableNumber: at + 1, tables: tables.length };
        tell({ kind: "rows", phase: "compare", ...place, done: soFar, total });
      };
      try {
        results[at] = await readSnapshots(mine, table, { snapshots: settings.snapshots, signal, onWalked });
      } catch (error) {
        failures.push(error);
      }
    }
  };
  try {
    await Promise.all(readers.map(takeTurns));
  } finally {
    await close();
  }
  if (failures.length > 0) throw failures[0];
  return results;
}

/** Most rows that any snapshot has of each table; undefined where nothing is known. */
function estimateKeys(tables: AlignedSnapshots["tables"], catalogs: readonly Catalog[]): number | undefined {
  const estimates = tables.map(({ label }) => {
    const known = catalogs.flatMap(
      (catalog) => catalog.tables.find((table) => table.label === label)?.estimatedRows ?? [],
    );
    return known.length === 0 ? undefined : Math.max(...known);
  });
  return estimates.includes(undefined)
    ? undefined
    : estimates.reduce<number>((sum, rows) => sum + (rows ?? 0), 0);
}

function intervalsOf(
  { snapshots }: TimelineSettings,
  read: readonly ReadTable[],
): readonly CountedInterval[] {
  return snapshots.slice(1).map((after, at) => {
    const before = snapshots[at];
    const minutes =
      after.minute === undefined || before?.minute === undefined ? undefined : after.minute - before.minute;
    const tables = read.flatMap(({ intervals }) => intervals[at] ?? []).filter(hasChanged);
    return { from: before?.label ?? "", to: after.label, minutes, tables };
  });
}

function hasChanged({ counts, schema }: TableInterval): boolean {
  return counts.insert + counts.update + counts.delete > 0 || schema.length > 0;
}
