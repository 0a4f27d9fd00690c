import { setMaxListeners } from "node:events";
import type { PlanSettings } from "../../model/settings.js";
import { Session } from "../../postgres/session/session.js";
import type { Work } from "../work.js";

/** Sessions in one snapshot of `current`, over which its rows are looked up. */
export interface LookUps {
  /** The one that holds the snapshot comes first. */
  readonly sessions: readonly [Session, ...Session[]];
  close(): Promise<void>;
}

interface Wanted {
  readonly settings: Pick<PlanSettings, "currentJobs" | "connections">;
}

/**
 * Opens as many more as were asked for, none where nobody asked: `current` is at work. A server that lets no more in
 * costs time and nothing else: that is told, and fewer look up.
 *
 * @throws InterruptedError
 */
export async function openLookUps(
  current: Session,
  { settings, tell, signal }: Pick<Work, "tell" | "signal"> & Wanted,
): Promise<LookUps> {
  const { currentJobs = 1, connections } = settings;
  const opened: Session[] = [];
  const close = async () => {
    await Promise.all(opened.map((session) => session.close()));
  };
  if (currentJobs === 1) return { sessions: [current], close };
  // Every session listens; Node takes more than ten for a leak.
  if (signal !== undefined) setMaxListeners(0, signal);
  const joined: Session[] = [];
  try {
    const snapshot = await current.exportSnapshot();
    while (opened.length + 1 < currentJobs) {
      const session = await Session.open({ role: "current", url: connections.current.url, signal });
      opened.push(session);
      await session.joinSnapshot(snapshot);
      joined.push(session);
    }
  } catch (error) {
    if (signal?.aborted === true || !current.isOpen) {
      await close();
      throw error;
    }
    const text = `looks up over ${joined.length + 1} of ${currentJobs} connections to current: ${error instanceof Error ? error.message : error}`;
    tell({ kind: "warning", text });
  }
  return { sessions: [current, ...joined], close };
}
