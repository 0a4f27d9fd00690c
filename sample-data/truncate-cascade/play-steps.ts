import type pg from "pg";
import { connected } from "../databases.js";
import { type Moment, timestamp } from "../moments.js";
import type { GeneratedKey, World } from "./generated-key.js";
import { valueIn } from "./hand-out-keys.js";
import type { Step } from "./step.js";

const setSequence = "SELECT setval(pg_get_serial_sequence($1, 'id'), $2, $3)";

/** Plays steps in order; databases that share a step move together. */
export async function playSteps(
  steps: readonly Step[],
  urls: Readonly<Record<World, string>>,
  onTime: (moment: Moment) => void,
): Promise<void> {
  await connected(urls.lost, (lost) =>
    connected(urls.current, (current) =>
      connected(urls.truth, async (truth) => {
        const clients = { lost, current, truth };
        for (const step of steps) {
          onTime(step.at);
          await Promise.all(step.worlds.map((world) => perform(clients[world], world, step)));
        }
      }),
    ),
  );
}

/** What happened on the database that was lost, on any copy of it. */
export async function playLostSteps(steps: readonly Step[], url: string): Promise<void> {
  await connected(url, async (client) => {
    for (const step of steps) if (step.worlds.includes("lost")) await perform(client, "lost", step);
  });
}

async function perform(client: pg.Client, world: World, { at, request }: Step): Promise<void> {
  const { sql, values, hands } = request;
  await client.query("SELECT set_config('story.now', $1, false)", [timestamp(at)]);
  // Here no sequence decides: the key is the one under which the row is to come back.
  if (hands && world === "truth")
    await client.query(setSequence, [`public.${hands.table}`, hands.in(world), false]);
  const { rows } = await client.query<{ id?: string }>(
    sql,
    values.map((value) => valueIn(world, value)),
  );
  if (hands) checkKey(hands, world, rows[0]?.id);
}

/** The script knows which key a sequence will hand out; were it wrong, everything that refers to it would be. */
function checkKey(key: GeneratedKey, world: World, handed: string | undefined): void {
  if (handed === String(key.in(world))) return;
  throw new Error(`${key.table} was given ${handed} in ${world}, and not ${key.in(world)}`);
}

export async function leaveSequencesAt(url: string, last: Readonly<Record<string, number>>): Promise<void> {
  await connected(url, async (client) => {
    for (const [table, id] of Object.entries(last))
      await client.query(setSequence, [`public.${table}`, id, true]);
  });
}
