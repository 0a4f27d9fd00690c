import { join } from "node:path";
import { newest } from "../../matrix/binaries.js";
import { withServer } from "../long-runs.js";
import { drawTyped } from "./incident.js";
import { TypedStage } from "./run.js";

/** psql takes longer than the query does: it runs the patch of every tenth incident. */
const psqlEvery = 10;

/** @returns whether every incident was recovered exactly */
export function fuzzTypes(incidents: number, seed: number, say: (text: string) => void): Promise<boolean> {
  return withServer(async (server, folder) => {
    const stage = await TypedStage.create(
      server.url("postgres"),
      (role) => server.url(`typed_${role}`),
      newest,
    );
    const { types, keys } = stage.pool;
    say(`${types.length} types, ${keys.length} of them keys`);
    const started = performance.now();
    let failures = 0;
    for (let n = 0; n < incidents; n += 1) {
      const incident = drawTyped(seed + n, stage.pool);
      const circumstances = { folder: join(folder, "plan"), psql: n % psqlEvery === 0 };
      const complaints = await stage.play(incident, circumstances).catch((error: unknown) => [String(error)]);
      if (complaints.length > 0) {
        failures += 1;
        say(`\nseed ${incident.seed} (${incident.mode}): ${complaints.length} differences`);
        for (const complaint of complaints.slice(0, 5)) say(`  ${complaint.slice(0, 1000)}`);
      }
      if ((n + 1) % 50 === 0) {
        const rate = (n + 1) / ((performance.now() - started) / 1000);
        say(`${n + 1} of ${incidents} incidents, ${failures} with differences, ${rate.toFixed(1)} a second`);
      }
    }
    await stage.close();
    say(`${incidents - failures} passed, ${failures} failed`);
    return failures === 0;
  });
}
