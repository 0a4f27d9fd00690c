import type pg from "pg";
import { connected } from "../databases.js";
import { type Moment, timestamp } from "../moments.js";
import type { Step } from "./step.js";

/** Plays steps in order. The two worlds move together, and an incident step happens in only one of them. */
export async function playSteps(
  steps: readonly Step[],
  worlds: { readonly current: string; readonly truth: string },
  onTime: (moment: Moment) => void,
): Promise<void> {
  await connected(worlds.current, (current) =>
    connected(worlds.truth, async (truth) => {
      for (const step of steps) {
        onTime(step.at);
        const clients = step.world === "people" ? [current, truth] : [current];
        await Promise.all(clients.map((client) => perform(client, step)));
      }
    }),
  );
}

/** The same in the live world alone, which is all that snapshots show. */
export async function playLiveSteps(steps: readonly Step[], current: string): Promise<void> {
  await connected(current, async (client) => {
    for (const step of steps) await perform(client, step);
  });
}

/** Each step is a transaction of its own: in a database that lives, one person's edit is one transaction. */
async function perform(client: pg.Client, step: Step): Promise<void> {
  await client.query("SELECT set_config('story.now', $1, false)", [timestamp(step.at)]);
  await client.query(step.sql, [...step.values]);
}
