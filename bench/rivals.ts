import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { startServer } from "../sample-data/server/start-server.js";
import { type Contestant, isInstalled, plan, rivals } from "./contestants.js";
import { buildFleet, type Fleet } from "./fleet.js";
import { processorTimes } from "./measure.js";

/**
 * `npm run bench:rivals [-- --rows 3000000] [--repeat 2] [--binaries FOLDER] [--json FILE]`: the sparse case (one row of
 * a thousand changed, integer key) by `pgmend plan` and by other tools, which compare two databases and no more. Turn by
 * turn; the least of each counts. `--binaries`: PostgreSQL for all of them, where the server that npm brings has no
 * functions of pg_comparator. What is not installed is left out, and said.
 */
const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "3000000" },
    repeat: { type: "string", default: "2" },
    binaries: { type: "string" },
    json: { type: "string" },
  },
});

interface Turn {
  readonly seconds: number;
  /** Of all processes: the tool's and the server's. */
  readonly cpuSeconds: number;
  readonly load: number;
}

const oneIn = 1000;
const say = (text: string) => process.stdout.write(`${text}\n`);
if (!isInstalled("bash")) throw new Error("the commands are run by bash, which is not installed");
const { binaries } = values;
const server = await startServer({
  settings: { shared_buffers: "1GB", max_wal_size: "4GB" },
  ...(binaries === undefined ? {} : { binaries }),
});
const folder = await mkdtemp(join(tmpdir(), "pgmend-bench-"));
const turns = new Map<string, Turn[]>();
const leftOut: string[] = [];
try {
  const rows = Number(values.rows);
  const fleet = await buildFleet(server, { rows, key: "integer", oneIn });
  const ready: Contestant[] = [];
  for (const one of [...plans(), ...rivals(fleet)]) {
    const why = await one.prepare?.(fleet);
    if (why === undefined) ready.push(one);
    else leftOut.push(`${one.name}: left out, as ${why}`);
  }
  for (let turn = 0; turn < Number(values.repeat); turn += 1)
    for (const one of ready) {
      const measured = await measure(one, fleet, Math.floor(rows / oneIn));
      turns.set(one.name, [...(turns.get(one.name) ?? []), measured]);
      process.stderr.write(`${one.name}: ${measured.seconds.toFixed(1)} s\n`);
    }
} finally {
  await rm(folder, { recursive: true, force: true });
  await server.stop();
}
await tell();

function plans(): readonly Contestant[] {
  const out = join(folder, "recovery");
  return [plan("pgmend plan --no-lineage", "--no-lineage", out), plan("pgmend plan (by lineage)", "", out)];
}

async function measure(
  { name, command, env, found }: Contestant,
  fleet: Fleet,
  expected: number,
): Promise<Turn> {
  const [ours, servers] = await cpu();
  const [load = 0] = loadavg();
  const started = performance.now();
  const { printed, exitCode, stderr } = await runShell(command, {
    ...{ PGMEND_PRE: fleet.pre, PGMEND_POST: fleet.post, PGMEND_CURRENT: fleet.current },
    ...env,
  });
  const seconds = (performance.now() - started) / 1000;
  const [oursAfter, serversAfter] = await cpu();
  if (exitCode !== 0) throw new Error(`${name} ended with ${exitCode}: ${stderr.slice(-2000)}`);
  const rows = found(printed);
  if (rows !== expected) throw new Error(`${name} found ${rows} rows, and ${expected} differ`);
  return { seconds, cpuSeconds: oursAfter - ours + serversAfter - servers, load };
}

/** Of the processes that we started and that have ended, and of the server's sessions that have. */
async function cpu(): Promise<readonly [number, number]> {
  await sessionsEnded();
  // The postmaster counts a session when it has seen it end, which takes its time where much is given back.
  await sleep(2000);
  return [(await processorTimes(process.pid)).children, (await processorTimes(server.pid)).children];
}

/** A tool may be gone while the server still drops its temporary tables. */
async function sessionsEnded(): Promise<void> {
  const client = new pg.Client({ connectionString: server.url("postgres") });
  await client.connect();
  const others =
    "SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
  while ((await client.query(others)).rowCount !== 0) await sleep(100);
  await client.end();
}

async function runShell(command: string, env: Readonly<Record<string, string>>) {
  const child = spawn("bash", ["-c", `set -o pipefail; ${command}`], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [printed, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
  return { printed, stderr, exitCode };
}

async function tell(): Promise<void> {
  const least = (all: readonly Turn[], of: "seconds" | "cpuSeconds") =>
    Math.min(...all.map((turn) => turn[of]));
  const results = [...turns].map(([name, all]) => ({
    ...{ name, seconds: least(all, "seconds"), cpuSeconds: least(all, "cpuSeconds") },
    load: Math.max(...all.map(({ load }) => load)),
  }));
  const [ours] = results;
  if (ours === undefined) return;
  say(`${values.rows} rows, one of ${oneIn} changed; ratio: to the first line`);
  say("| | seconds | ratio | CPU s, all processes | ratio | load |");
  say("|---|--:|--:|--:|--:|--:|");
  for (const { name, seconds, cpuSeconds, load } of results) {
    const cells = [seconds.toFixed(1), (seconds / ours.seconds).toFixed(1), cpuSeconds.toFixed(1)];
    say(`| ${[name, ...cells, (cpuSeconds / ours.cpuSeconds).toFixed(1), load.toFixed(0)].join(" | ")} |`);
  }
  for (const line of leftOut) say(line);
  if (values.json !== undefined)
    await writeFile(values.json, `${JSON.stringify({ results, leftOut }, null, 2)}\n`);
}
