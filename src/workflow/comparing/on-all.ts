import type { Session } from "../../postgres/session/session.js";
import type { TableTask } from "./table-task.js";

type Sides = Pick<TableTask, "sessions">;

/** `pre`, the snapshots between, `post`. */
export function sessionsOf({ sessions: { pre, post, between } }: Sides): readonly Session[] {
  return [pre, ...between, post];
}

/** Asks all databases at once; the answers are in their order. */
export function onAll<T>(task: Sides, ask: (session: Session) => Promise<T>): Promise<readonly T[]> {
  return Promise.all(sessionsOf(task).map(ask));
}

/** Does something while all plan with other settings, which touch no value. */
export async function planningAll<T>(
  task: Sides,
  settings: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  const restore = await onAll(task, (session) => session.setPlanner(settings));
  try {
    return await work();
  } finally {
    await Promise.all(restore.map((one) => one()));
  }
}
