import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startServer } from "../../sample-data/server/start-server.js";
import { featuresOf } from "./constrained/features.js";
import { runConstrained } from "./constrained/run.js";
import { generateConstrained } from "./constrained/world.js";
import { type Lane, onLanes, openLanes } from "./lanes.js";
import { fuzzKills, fuzzWriters } from "./long-runs.js";
import { type Bench, runIncident } from "./run-incident.js";
import { fuzzSchemas } from "./schemas/long-run.js";
import { shrink } from "./shrink.js";
import { fuzzTypes } from "./typed/long-run.js";
import { generateIncident, type Incident } from "./world.js";

/**
 * `npm run fuzz -- --incidents 2000 [--seed 1] [--size 30] [--constraints] [--shrink 3] [--jobs 2]`: random incidents
 * against the oracle, on a real server, a few at a time. With `--constraints` the databases have constraints, and little
 * else that is odd. The first few that fail are made as small as they can be, which takes a while.
 *
 * `npm run fuzz -- --types --incidents 500 [--seed 1] [--jobs 2]`: tables with columns and keys of every type the server has.
 *
 * `npm run fuzz -- --schemas 3 [--seed 1] [--rows 20]`: three times a forge, a shop and a tracker of some hundred tables each,
 * with so many rows in an ordinary table, damaged and recovered.
 *
 * `npm run fuzz -- --kills 300`: `apply` is killed at random moments, and must end as in peace. `-- --writers 100`: ten
 * others write to the same rows for so many seconds before the plan, before `apply`, and after it.
 */
const { values } = parseArgs({
  options: {
    incidents: { type: "string", default: "500" },
    seed: { type: "string", default: "1" },
    size: { type: "string", default: "30" },
    constraints: { type: "boolean", default: false },
    shrink: { type: "string", default: "3" },
    jobs: { type: "string", default: "2" },
    types: { type: "boolean", default: false },
    schemas: { type: "string" },
    rows: { type: "string", default: "20" },
    kills: { type: "string" },
    writers: { type: "string" },
  },
});
const [incidents, seed, size] = [Number(values.incidents), Number(values.seed), Number(values.size)];
const jobs = Math.max(1, Number(values.jobs));
const say = (text: string) => process.stdout.write(`${text}\n`);

/** psql takes longer than the query does: it runs the patch of every tenth incident. */
const psqlEvery = 10;

if (values.kills !== undefined || values.writers !== undefined) {
  const passed =
    values.kills === undefined
      ? await fuzzWriters(Number(values.writers), values.seed, say)
      : await fuzzKills(Number(values.kills), values.seed, say);
  process.exit(passed ? 0 : 1);
}

if (values.types) process.exit((await fuzzTypes(incidents, seed, jobs, say)) ? 0 : 1);

if (values.schemas !== undefined)
  process.exit((await fuzzSchemas(Number(values.schemas), seed, Number(values.rows), say)) ? 0 : 1);

const server = await startServer();
const folder = await mkdtemp(join(tmpdir(), "pgmend-fuzz-"));
const labels = new Map<string, number>();
let failures = 0;
try {
  const lanes = await openLanes(server, folder, jobs);
  const features = await featuresOf((lanes[0] as Lane).stage.current);
  const generate = (n: number, without?: ReadonlySet<string>) =>
    values.constraints ? generateConstrained(n, size, features, without) : generateIncident(n, size, without);
  const started = performance.now();
  let done = 0;
  await onLanes(lanes, incidents, async (lane, n) => {
    const incident = generate(seed + n);
    const bench = { ...lane, psql: n % psqlEvery === 0 };
    const complaints = await complaintsOf(bench, incident);
    if (complaints.length > 0) {
      failures += 1;
      await report(incident, complaints, bench, (without) => generate(incident.seed, without));
    }
    done += 1;
    if (done % 100 === 0) {
      const rate = done / ((performance.now() - started) / 1000);
      say(`${done} of ${incidents} incidents, ${failures} with differences, ${rate.toFixed(1)} a second`);
    }
  });
  for (const { stage } of lanes) await stage.close();
  for (const [label, count] of [...labels].sort(([a], [b]) => (a < b ? -1 : 1))) say(`  ${count} × ${label}`);
  say(`${incidents - failures} passed, ${failures} failed`);
} finally {
  await rm(folder, { recursive: true, force: true });
  await server.stop();
}
process.exitCode = failures === 0 ? 0 : 1;

async function complaintsOf(bench: Bench, incident: Incident): Promise<readonly string[]> {
  try {
    return await (values.constraints ? runConstrained(bench, incident, count) : runIncident(bench, incident));
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}

/** Without what surrounds every edit. */
function bare(statement: string): string {
  return statement
    .replace(/^DO \$edit\$ DECLARE (.*) BEGIN SET CONSTRAINTS ALL DEFERRED;/, "$1")
    .replace(/SET CONSTRAINTS ALL IMMEDIATE; EXCEPTION .*$/, "");
}

function count(label: string): void {
  labels.set(label, (labels.get(label) ?? 0) + 1);
}

async function report(
  incident: Incident,
  complaints: readonly string[],
  bench: Bench,
  without: (pieces: ReadonlySet<string>) => Incident,
): Promise<void> {
  say(`\nseed ${incident.seed}: ${complaints.length} differences`);
  for (const complaint of complaints.slice(0, 5)) say(`  ${complaint}`);
  if (failures > Number(values.shrink)) return;
  const smallest = await shrink(
    incident,
    without,
    async (smaller) => (await complaintsOf(bench, smaller)).length > 0,
  );
  say(`  smallest of seed ${incident.seed}: ${JSON.stringify(smallest.config)}`);
  for (const role of ["pre", "post", "current"] as const) {
    say(`  ${role}: ${smallest.sql.schema[role]}\n  ${smallest.sql[role].map(bare).join("\n  ")}`);
  }
  for (const complaint of (await complaintsOf(bench, smallest)).slice(0, 5)) say(`  ${complaint}`);
}
