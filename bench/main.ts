import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startServer } from "../sample-data/server/start-server.js";
import { type Case, casesFor } from "./cases.js";
import { farAway } from "./far.js";
import { buildFleet, dropFleet, type Fleet, keyColumns } from "./fleet.js";
import { type Measured, measureProcess, processorTimes } from "./measure.js";
import { type Cost, printTable, type Result, resultOf } from "./table.js";

/**
 * `npm run bench [-- --rows 3000000] [--dense-rows 300000] [--repeat 3] [--only "text key"] [--json FILE]`: whole
 * `pgmend plan` processes against their floors. Floor and plan take turns; the least of each counts, as whatever else
 * the machine does only ever adds.
 */
const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "3000000" },
    "dense-rows": { type: "string", default: "300000" },
    repeat: { type: "string", default: "3" },
    only: { type: "string", default: "" },
    method: { type: "string" },
    json: { type: "string" },
  },
});

const say = (text: string) => process.stdout.write(`${text}\n`);
const server = await startServer({ settings: { shared_buffers: "1GB", max_wal_size: "4GB" } });
const folder = await mkdtemp(join(tmpdir(), "pgmend-bench-"));
const results: Result[] = [];
try {
  const cases = casesFor(Number(values.rows), Number(values["dense-rows"]));
  let built = "";
  let fleet: Fleet | undefined;
  for (const wanted of cases.filter(({ name }) => name.includes(values.only))) {
    if (fleet === undefined || built !== JSON.stringify(wanted.fleet)) {
      await dropFleet(server);
      fleet = await buildFleet(server, wanted.fleet);
      built = JSON.stringify(wanted.fleet);
    }
    results.push(await measure(wanted, fleet));
    process.stderr.write(`${wanted.name}: done\n`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
  await server.stop();
}
printTable(results, say);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);

async function measure(wanted: Case, fleet: Fleet): Promise<Result> {
  const { floor, roundTripMs } = wanted;
  const far = roundTripMs === undefined ? undefined : await farAway(server.host, server.port, roundTripMs);
  const away: Fleet =
    far === undefined
      ? fleet
      : { pre: far.url(fleet.pre), post: far.url(fleet.post), current: far.url(fleet.current) };
  const floorOnce = async (): Promise<Cost> => {
    if (floor === undefined) return planOnce(fleet, wanted.flags);
    const before = await serverTime();
    const seconds = await floor([fleet.pre, fleet.post], keyColumns[wanted.fleet.key]);
    return { seconds, cpuSeconds: (await serverTime()) - before, ourCpuSeconds: 0, peakMb: undefined };
  };
  // Once to warm the caches of both: the floor is then the floor of the same state.
  await floorOnce();
  const floors: Cost[] = [];
  const plans: Cost[] = [];
  for (let turn = 0; turn < Number(values.repeat); turn += 1) {
    floors.push(await floorOnce());
    plans.push(await planOnce(away, wanted.flags));
  }
  far?.close();
  const { name, atMost, fleet: of } = wanted;
  return resultOf({ name, atMost, rows: of.rows, startUp: floor === undefined ? 0 : 1 }, floors, plans);
}

/** What sessions that have ended cost the server's machine, those of parallel workers included. */
async function serverTime(): Promise<number> {
  // The postmaster counts a session when it has seen it end.
  await sleep(200);
  return (await processorTimes(server.pid)).children;
}

async function planOnce(fleet: Fleet, flags: readonly string[]): Promise<Cost> {
  const before = await serverTime();
  const { seconds, cpuSeconds, peakMb } = await planProcess(fleet, flags);
  return {
    ...{ seconds, peakMb, ourCpuSeconds: cpuSeconds },
    cpuSeconds: cpuSeconds + (await serverTime()) - before,
  };
}

async function planProcess({ pre, post, current }: Fleet, flags: readonly string[]): Promise<Measured> {
  const out = join(folder, "recovery");
  const method = values.method === undefined ? [] : ["--method", values.method];
  const args = [
    "dist/cli/main.js",
    "plan",
    "--out",
    out,
    "--overwrite",
    "--quiet",
    "--json",
    ...method,
    ...flags,
  ];
  const measured = await measureProcess(process.execPath, args, {
    PGMEND_PRE: pre,
    PGMEND_POST: post,
    PGMEND_CURRENT: current,
  });
  if (measured.exitCode !== 0)
    throw new Error(`pgmend plan ended with ${measured.exitCode}: ${measured.stderr}`);
  return measured;
}
