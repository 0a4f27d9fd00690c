import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startServer } from "../../sample-data/server/start-server.js";
import { type Bench, runIncident } from "./run-incident.js";
import { shrink } from "./shrink.js";
import { Stage } from "./stage.js";
import { generateIncident, type Incident } from "./world.js";

/** `npm run fuzz -- --incidents 2000 [--seed 1] [--size 30]`: random incidents against the oracle, on a real server. */
const { values } = parseArgs({
  options: {
    incidents: { type: "string", default: "500" },
    seed: { type: "string", default: "1" },
    size: { type: "string", default: "30" },
  },
});
const [incidents, seed, size] = [Number(values.incidents), Number(values.seed), Number(values.size)];
const say = (text: string) => process.stdout.write(`${text}\n`);

/** psql takes longer than the query does: it runs the patch of every tenth incident. */
const psqlEvery = 10;

const server = await startServer();
const folder = await mkdtemp(join(tmpdir(), "pgmend-fuzz-"));
let failures = 0;
try {
  const url = (role: string) => server.url(`fuzz_${role}`);
  const stage = await Stage.create(server.url("postgres"), url);
  const bench = (n: number): Bench => ({
    stage,
    url,
    folder: join(folder, "plan"),
    psql: n % psqlEvery === 0,
  });
  const started = performance.now();
  for (let n = 0; n < incidents; n += 1) {
    const incident = generateIncident(seed + n, size);
    const complaints = await complaintsOf(bench(n), incident);
    if (complaints.length > 0) {
      failures += 1;
      await report(incident, complaints, bench(n));
    }
    if ((n + 1) % 100 === 0) {
      const rate = (n + 1) / ((performance.now() - started) / 1000);
      say(`${n + 1} of ${incidents} incidents, ${failures} with differences, ${rate.toFixed(1)} a second`);
    }
  }
  await stage.close();
  say(`${incidents - failures} passed, ${failures} failed`);
} finally {
  await rm(folder, { recursive: true, force: true });
  await server.stop();
}
process.exitCode = failures === 0 ? 0 : 1;

async function complaintsOf(bench: Bench, incident: Incident): Promise<readonly string[]> {
  try {
    return await runIncident(bench, incident);
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}

async function report(incident: Incident, complaints: readonly string[], bench: Bench): Promise<void> {
  say(`\nseed ${incident.seed}: ${complaints.length} differences`);
  for (const complaint of complaints.slice(0, 5)) say(`  ${complaint}`);
  if (failures > 3) return;
  const smallest = await shrink(
    incident,
    size,
    async (smaller) => (await complaintsOf(bench, smaller)).length > 0,
  );
  say(`  smallest: ${JSON.stringify(smallest.config)}`);
  for (const role of ["pre", "post", "current"] as const) {
    say(`  ${role}: ${smallest.sql.schema[role]}\n  ${smallest.sql[role].join("\n  ")}`);
  }
  for (const complaint of (await complaintsOf(bench, smallest)).slice(0, 5)) say(`  ${complaint}`);
}
