import { join } from "node:path";
import type { Server } from "../../sample-data/server/start-server.js";
import type { Bench } from "./run-incident.js";
import { Stage } from "./stage.js";
import type { Role } from "./table.js";

/** Three databases and a folder, for one incident at a time. */
export type Lane = Omit<Bench, "psql">;

/** So many incidents can be played side by side: while one waits for its server, another is worked out. */
export function openLanes(server: Server, folder: string, count: number): Promise<readonly Lane[]> {
  return Promise.all(Array.from({ length: count }, (_, lane) => openLane(server, folder, lane)));
}

async function openLane(server: Server, folder: string, lane: number): Promise<Lane> {
  const url = (role: Role) => server.url(`fuzz_${lane}_${role}`);
  const stage = await Stage.create(server.url("postgres"), url);
  return { stage, url, folder: join(folder, `plan ${lane}`) };
}

/**
 * Hands out the numbers below `count`, each lane taking the next one as soon as it is free.
 *
 * @throws what `play` throws, when all lanes have come to rest
 */
export async function onLanes<L>(
  lanes: readonly L[],
  count: number,
  play: (lane: L, n: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const rests = lanes.map(async (lane) => {
    while (next < count) {
      const n = next;
      next += 1;
      await play(lane, n);
    }
  });
  const failed = (await Promise.allSettled(rests)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}
