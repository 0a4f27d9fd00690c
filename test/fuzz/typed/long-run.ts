import { join } from "node:path";
import type { Server } from "../../../sample-data/server/start-server.js";
import { newest } from "../../matrix/binaries.js";
import { onLanes } from "../lanes.js";
import { withServer } from "../long-runs.js";
import { drawTyped } from "./incident.js";
import { TypedStage } from "./run.js";

/** psql takes longer than the query does: it runs the patch of every tenth incident. */
const psqlEvery = 10;

/** Three databases and a folder, for one incident at a time. */
interface Lane {
  readonly stage: TypedStage;
  readonly folder: string;
}

/**
 * @param jobs so many incidents are played side by side: most of their time they wait for the server
 * @returns whether every incident was recovered exactly
 */
export function fuzzTypes(
  incidents: number,
  seed: number,
  jobs: number,
  say: (text: string) => void,
): Promise<boolean> {
  return withServer(async (server, folder) => {
    const lanes: Lane[] = [];
    // One after another: template0 is copied by one at a time.
    for (let n = 0; n < jobs; n += 1) lanes.push(await openLane(server, folder, n));
    const pool = (lanes[0] as Lane).stage.pool;
    say(`${pool.types.length} types, ${pool.keys.length} of them keys`);
    const started = performance.now();
    let [done, failures] = [0, 0];
    await onLanes(lanes, incidents, async ({ stage, folder: scratch }, n) => {
      const incident = drawTyped(seed + n, stage.pool);
      const circumstances = { folder: scratch, psql: n % psqlEvery === 0 };
      const complaints = await stage.play(incident, circumstances).catch((error: unknown) => [String(error)]);
      if (complaints.length > 0) {
        failures += 1;
        say(`\nseed ${incident.seed} (${incident.mode}): ${complaints.length} differences`);
        for (const complaint of complaints.slice(0, 5)) say(`  ${complaint.slice(0, 1000)}`);
      }
      done += 1;
      if (done % 50 === 0) {
        const rate = done / ((performance.now() - started) / 1000);
        say(`${done} of ${incidents} incidents, ${failures} with differences, ${rate.toFixed(1)} a second`);
      }
    });
    for (const { stage } of lanes) await stage.close();
    say(`${incidents - failures} passed, ${failures} failed`);
    return failures === 0;
  });
}

async function openLane(server: Server, folder: string, lane: number): Promise<Lane> {
  const url = (role: string) => server.url(`typed_${lane}_${role}`);
  const stage = await TypedStage.create(server.url("postgres"), url, newest);
  return { stage, folder: join(folder, `plan ${lane}`) };
}
