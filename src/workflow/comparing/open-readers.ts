import { setMaxListeners } from "node:events";
import type { PlanSettings } from "../../model/settings.js";
import { Session } from "../../postgres/session/session.js";
import type { Sessions } from "../connect.js";
import type { OnProgress } from "../progress.js";

/** `pre`, `post` and what is between, for one table at a time. */
export type Readers = Pick<Sessions, "pre" | "post"> & Partial<Pick<Sessions, "between">>;

export interface OpenReaders {
  /** The sessions there were come first. All see the same moment. */
  readonly readers: readonly Readers[];
  close(): Promise<void>;
}

interface Wanted {
  readonly settings: Pick<PlanSettings, "connections" | "between">;
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
  const open = async (role: string, url: string, snapshot: string) => {
    const session = await Session.open({ role, url, signal });
    opened.push(session);
    await session.joinSnapshot(snapshot);
    return session;
  };
  try {
    const { connections, between } = settings;
    const [pre, post] = await Promise.all([sessions.pre.exportSnapshot(), sessions.post.exportSnapshot()]);
    const inside = await Promise.all((sessions.between ?? []).map((session) => session.exportSnapshot()));
    for (let more = 1; more < count; more += 1) {
      const reader = {
        pre: await open("pre", connections.pre.url, pre),
        post: await open("post", (connections.post ?? connections.current).url, post),
        between: [] as Session[],
      };
      for (const [at, { label, url }] of (between?.snapshots ?? []).entries())
        reader.between.push(await open(`snapshot ${label}`, url, inside[at] ?? ""));
      readers.push(reader);
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
  await Promise.all(readers.flatMap(allOf).map((session) => session.markLocks()));
}

/** On what was read until now; nobody may be reading. */
export async function giveBackLocks(readers: Readers): Promise<void> {
  await Promise.all(allOf(readers).map((session) => session.giveBackLocks()));
}

function allOf({ pre, post, between = [] }: Readers): readonly Session[] {
  return [pre, ...between, post];
}
