import { setMaxListeners } from "node:events";
import type { SnapshotTarget } from "../model/between.js";
import { type Mistake, UsageError } from "../model/errors.js";
import type { PlanSettings } from "../model/settings.js";
import type { DatabaseRole } from "../model/value.js";
import { type Identity, readIdentity } from "../postgres/session/identity.js";
import { Session } from "../postgres/session/session.js";

export interface Sessions extends Readonly<Record<DatabaseRole, Session>> {
  /** `post` was left out: its session reads `current`. */
  readonly postIsCurrent: boolean;
  /** A change log goes on from `pre`: the session of `post` reads `pre`, for whoever asks about rows beside it. */
  readonly postIsLog: boolean;
  /** Of the snapshots from inside the window, in their order. */
  readonly between: readonly Session[];
  close(): Promise<void>;
}

/**
 * Opens the three databases, and the snapshots between, side by side; if one fails, none stays open. All failures are reported together.
 *
 * @throws ConnectionError for one, AggregateError for several
 */
export async function connect(
  { connections, postLog, between: inside }: Pick<PlanSettings, "connections" | "postLog" | "between">,
  signal?: AbortSignal,
): Promise<Sessions> {
  const postIsLog = postLog !== undefined;
  const targets = {
    pre: connections.pre,
    post: postIsLog ? connections.pre : (connections.post ?? connections.current),
    current: connections.current,
  };
  const roles = Object.keys(targets) as DatabaseRole[];
  const snapshots = inside?.snapshots ?? [];
  if (signal !== undefined && snapshots.length > 0) setMaxListeners(0, signal);
  const opened = await Promise.allSettled([
    ...roles.map((role) => Session.open({ role, url: targets[role].url, signal })),
    ...snapshots.map(({ label, url }) => Session.open({ role: `snapshot ${label}`, url, signal })),
  ]);
  const sessions = opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failures = opened.flatMap((result, at) => {
    // Where post was left out, its session is a second one of another: one failure need not be told twice.
    const other = postIsLog ? opened[0] : connections.post === undefined ? opened[2] : undefined;
    const told = roles[at] === "post" && other?.status === "rejected";
    return result.status === "rejected" && !told ? [result.reason as Error] : [];
  });
  const close = async () => {
    await Promise.all(sessions.map((session) => session.close()));
  };
  const [pre, post, current, ...between] = sessions;
  if (failures.length > 0 || pre === undefined || post === undefined || current === undefined) {
    await close();
    throw failures.length === 1 ? failures[0] : new AggregateError(failures);
  }
  return {
    pre,
    post,
    current,
    postIsCurrent: connections.post === undefined && !postIsLog,
    postIsLog,
    between,
    close,
  };
}

/**
 * Two names for one database would make a plan that means nothing.
 *
 * @returns whether `post` turned out to be `current`, which is allowed: every difference then counts as the incident's
 */
export async function checkIdentities(
  sessions: Sessions,
  snapshots: readonly SnapshotTarget[] = [],
): Promise<{ postIsCurrent: boolean }> {
  const [pre, post, current] = await Promise.all([
    readIdentity(sessions.pre),
    readIdentity(sessions.post),
    readIdentity(sessions.current),
  ]);
  const mistakes: Mistake[] = [];
  if (same(pre, current)) mistakes.push(sameDatabase("pre", "current", pre));
  else if (!sessions.postIsLog && same(pre, post)) mistakes.push(sameDatabase("pre", "post", pre));
  const known = [
    { name: "--pre", identity: pre },
    { name: "--post", identity: post },
    { name: "--current", identity: current },
  ];
  for (const [at, identity] of (await Promise.all(sessions.between.map(readIdentity))).entries()) {
    const name = `--between ${snapshots[at]?.label}`;
    const other = known.find((one) => same(one.identity, identity));
    const what = `is the same database as ${other?.name} (${identity.database} on ${identity.server})`;
    if (other !== undefined) mistakes.push({ where: name, what });
    known.push({ name, identity });
  }
  if (mistakes.length > 0) {
    throw new UsageError(
      mistakes,
      "pre is a snapshot from before the incident; restore it beside the live database and name that copy",
    );
  }
  return { postIsCurrent: sessions.postIsCurrent || same(post, current) };
}

function same(a: Identity, b: Identity): boolean {
  return a.instance === b.instance;
}

function sameDatabase(a: DatabaseRole, b: DatabaseRole, { database, server }: Identity): Mistake {
  return { where: `--${a} and --${b}`, what: `are the same database (${database} on ${server})` };
}
