import { setMaxListeners } from "node:events";
import type { PlanSettings } from "../model/settings.js";
import { Session } from "../postgres/session.js";
import type { Sessions } from "./connect.js";
import type { OnProgress } from "./progress.js";

/** `pre` and `post` for one table at a time. */
export type Readers = Pick<Sessions, "pre" | "post">;

export interface OpenReaders {
  /** The sessions there were come first. All see the same moment. */
  readonly readers: readonly Readers[];
  close(): Promise<void>;
}

interface Wanted {
  readonly settings: Pick<PlanSettings, "connections">;
  readonly count: number;
  readonly tell: OnProgress;
  readonly signal: AbortSignal | undefined;
}

/**
 * Opens more sessions beside those that hold the snapshots, each in the same snapshot. A server that lets no more in
 * costs time and nothing else: that is told, and fewer read.
 */
export async function openReaders(
  sessions: Readers,
  { settings, count, tell, signal }: Wanted,
): Promise<OpenReaders> {
  const readers: Readers[] = [sessions];
  if (count <= 1) {
    await markLocks(readers);
    return { readers, close: async () => undefined };
  }
  // Every session listens; Node takes more than ten for a leak.
  if (signal !== undefined) setMaxListeners(0, signal);
  const opened: Session[] = [];
  const open = async (role: "pre" | "post", snapshot: string) => {
    const { pre, post, current } = settings.connections;
    const { url } = role === "pre" ? pre : (post ?? current);
    const session = await Session.open({ role, url, signal });
    opened.push(session);
    await session.joinSnapshot(snapshot);
    return session;
  };
  try {
    const [pre, post] = await Promise.all([sessions.pre.exportSnapshot(), sessions.post.exportSnapshot()]);
    for (let more = 1; more < count; more += 1) {
      readers.push({ pre: await open("pre", pre), post: await open("post", post) });
    }
  } catch (error) {
    if (signal?.aborted === true) throw error;
    const text = `reads ${readers.length} of ${count} tables at a time: ${error instanceof Error ? error.message : error}`;
    tell({ kind: "warning", text });
  }
  await markLocks(readers);
  const close = async () => {
    await Promise.all(opened.map((session) => session.close()));
  };
  return { readers, close };
}

async function markLocks(readers: readonly Readers[]): Promise<void> {
  await Promise.all(readers.flatMap(({ pre, post }) => [pre.markLocks(), post.markLocks()]));
}

/** On what was read until now; nobody may be reading. */
export async function giveBackLocks({ pre, post }: Readers): Promise<void> {
  await Promise.all([pre.giveBackLocks(), post.giveBackLocks()]);
}
