import { setMaxListeners } from "node:events";
import type { SnapshotTarget } from "../../model/between.js";
import { type Mistake, UsageError } from "../../model/errors.js";
import { type Identity, readIdentity } from "../../postgres/session/identity.js";
import { Session } from "../../postgres/session/session.js";
import type { OnProgress } from "../progress.js";

/** One session a snapshot, in their order. */
export type SnapshotSessions = readonly Session[];

export interface OpenSnapshots {
  readonly sessions: SnapshotSessions;
  close(): Promise<void>;
}

/**
 * Opens all snapshots side by side; if one fails, none stays open. All failures are reported together.
 *
 * @throws ConnectionError for one, AggregateError for several
 */
export async function openSnapshots(
  snapshots: readonly SnapshotTarget[],
  signal: AbortSignal | undefined,
): Promise<OpenSnapshots> {
  // Every session listens; Node takes more than ten for a leak.
  if (signal !== undefined) setMaxListeners(0, signal);
  const opened = await Promise.allSettled(snapshots.map((snapshot) => openOne(snapshot, signal)));
  const sessions = opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failures = opened.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
  if (failures.length > 0) {
    await closeAll(sessions);
    throw failures.length === 1 ? failures[0] : new AggregateError(failures);
  }
  return { sessions, close: () => closeAll(sessions) };
}

/**
 * More sessions in the same moments, so that several tables are read at a time. A server that lets no more in costs
 * time and nothing else: that is told, and fewer read.
 */
export async function openMore(
  snapshots: readonly SnapshotTarget[],
  first: SnapshotSessions,
  { count, tell, signal }: { count: number; tell: OnProgress; signal: AbortSignal | undefined },
): Promise<{ readonly readers: readonly SnapshotSessions[]; close(): Promise<void> }> {
  const readers: SnapshotSessions[] = [first];
  const opened: Session[] = [];
  try {
    const exported = count > 1 ? await Promise.all(first.map((session) => session.exportSnapshot())) : [];
    for (let more = 1; more < count; more += 1) {
      const sessions: Session[] = [];
      for (const [at, snapshot] of snapshots.entries()) {
        const session = await openOne(snapshot, signal);
        opened.push(session);
        await session.joinSnapshot(exported[at] ?? "");
        sessions.push(session);
      }
      readers.push(sessions);
    }
  } catch (error) {
    if (signal?.aborted === true) {
      await closeAll(opened);
      throw error;
    }
    const why = error instanceof Error ? error.message : String(error);
    tell({ kind: "warning", text: `reads ${readers.length} of ${count} tables at a time: ${why}` });
  }
  return { readers, close: () => closeAll(opened) };
}

/** One database under two labels would show an interval in which nothing happened. */
export async function identify(
  snapshots: readonly SnapshotTarget[],
  sessions: SnapshotSessions,
): Promise<readonly Identity[]> {
  const identities = await Promise.all(sessions.map(readIdentity));
  const mistakes: Mistake[] = identities.flatMap((identity, at) => {
    const before = identities.findIndex(({ instance }) => instance === identity.instance);
    if (before === at) return [];
    const [a, b] = [snapshots[before]?.label, snapshots[at]?.label];
    const what = `is the same database as ${a} (${identity.database} on ${identity.server})`;
    return [{ where: `--snapshot ${b}`, what }];
  });
  if (mistakes.length > 0) throw new UsageError(mistakes, "each label needs a copy of its own");
  return identities;
}

function openOne({ label, url }: SnapshotTarget, signal: AbortSignal | undefined): Promise<Session> {
  return Session.open({ role: `snapshot ${label}`, url, signal });
}

async function closeAll(sessions: SnapshotSessions): Promise<void> {
  await Promise.all(sessions.map((session) => session.close()));
}
