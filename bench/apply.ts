import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { runSqlFile } from "../sample-data/server/psql.js";
import { startServer } from "../sample-data/server/start-server.js";
import { startBusyWriter } from "./busy-writer.js";
import { buildFleet } from "./fleet.js";
import { measureProcess, processorTimes } from "./measure.js";
import { writeUpdateFloor } from "./update-floor.js";

/**
 * `npm run bench:apply [-- --rows 300000 --repeat 3]`: every row of a table is updated: by one `UPDATE … FROM` a temporary
 * table that COPY has filled (the floor), by `patch.sql` in one transaction, and by `pgmend apply`, by turns; the least
 * of each counts. Then by `apply` while somebody else writes to the same table and counts the waiting.
 */
const { values } = parseArgs({
  options: { rows: { type: "string", default: "300000" }, repeat: { type: "string", default: "3" } },
});
const [rows, repeat] = [Number(values.rows), Number(values.repeat)];
const say = (text: string) => process.stdout.write(`${text}\n`);
const server = await startServer({
  settings: { shared_buffers: "1GB", max_wal_size: "4GB", autovacuum: "off" },
});
const folder = await mkdtemp(join(tmpdir(), "pgmend-bench-"));
const recovery = join(folder, "recovery");

interface Cost {
  readonly seconds: number;
  readonly serverCpu: number;
  readonly ourCpu: number;
}

try {
  const fleet = await buildFleet(server, { rows, key: "integer", oneIn: 1 });
  const env = { PGMEND_PRE: fleet.pre, PGMEND_POST: fleet.post, PGMEND_CURRENT: fleet.current };
  await pgmend(["plan", "--out", recovery, "--quiet", "--json"], env);
  const floorFile = join(folder, "floor.sql");
  await writeUpdateFloor(fleet.pre, floorFile);
  const ways = {
    "one UPDATE": (url: string) => psql(url, floorFile),
    "patch.sql": (url: string) => psql(url, join(recovery, "patch.sql")),
    apply: (url: string) => apply(url),
  };
  const costs: Record<string, Cost[]> = {};
  for (let turn = 0; turn < repeat; turn += 1) {
    for (const [name, way] of Object.entries(ways)) {
      costs[name] = [
        ...(costs[name] ?? []),
        await onClone(`turn_${turn}`, (url) => measured(() => way(url))),
      ];
    }
  }
  printCosts(costs);
  await onClone("busy", besideWriter);
} finally {
  await rm(folder, { recursive: true, force: true });
  await server.stop();
}

function printCosts(costs: Readonly<Record<string, readonly Cost[]>>): void {
  say(`${rows} updates; the least of ${repeat}\n`);
  say("| | seconds | rows/s | CPU s, server | CPU s, ours |\n|---|--:|--:|--:|--:|");
  const least = (name: string, of: keyof Cost) => Math.min(...(costs[name] ?? []).map((cost) => cost[of]));
  for (const name of Object.keys(costs)) {
    const seconds = least(name, "seconds");
    const cpu = [least(name, "serverCpu"), least(name, "ourCpu")].map((value) => value.toFixed(1));
    say(`| ${name} | ${seconds.toFixed(1)} | ${Math.round(rows / seconds)} | ${cpu.join(" | ")} |`);
  }
  const [floor, patch, ours] = ["one UPDATE", "patch.sql", "apply"].map((name) => least(name, "seconds"));
  say(
    `\npatch.sql takes ${((patch ?? 0) / (floor ?? 1)).toFixed(2)} times as long as one UPDATE (at most 1.5)`,
  );
  say(`apply has ${((patch ?? 0) / (ours ?? 1)).toFixed(2)} of the rate of patch.sql (at least 0.5)`);
}

async function besideWriter(url: string): Promise<void> {
  const writer = await startBusyWriter(url, rows);
  const { seconds } = await measured(() => apply(url));
  const waits = (await writer.stop()).sort((a, b) => a - b);
  const at = (share: number) =>
    (waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0).toFixed(1);
  say(`apply beside a writer: ${seconds.toFixed(1)} s; its ${waits.length} updates took`);
  say(`  p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, p99 ${at(0.99)} ms (at most 200), longest ${at(1)} ms`);
}

async function measured(work: () => Promise<number>): Promise<Cost> {
  const [before, started] = [await processorTimes(server.pid), performance.now()];
  const ourCpu = await work();
  const seconds = (performance.now() - started) / 1000;
  // Of its sessions, which are over, and counted in a moment.
  let after = await processorTimes(server.pid);
  for (let tries = 0; tries < 50 && after.children - before.children < 0.1; tries += 1) {
    await sleep(100);
    after = await processorTimes(server.pid);
  }
  return { seconds, ourCpu, serverCpu: after.children - before.children };
}

/** Each on a copy of the same database, which is gone afterwards. */
async function onClone<T>(name: string, work: (url: string) => Promise<T>): Promise<T> {
  const admin = async (sql: string) => {
    const client = new pg.Client({ connectionString: server.url("postgres") });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await admin(`CREATE DATABASE bench_${name} TEMPLATE fleet_current`);
  await admin("CHECKPOINT");
  const result = await work(server.url(`bench_${name}`));
  await admin(`DROP DATABASE bench_${name} WITH (FORCE)`);
  return result;
}

async function psql(url: string, file: string): Promise<number> {
  const { exitCode, stderr } = await runSqlFile(url, file, { pgmend_database: nameOf(url) });
  if (exitCode !== 0) throw new Error(stderr);
  return 0;
}

async function apply(url: string): Promise<number> {
  const own = join(folder, nameOf(url));
  await cp(join(recovery, "plan.duckdb"), join(own, "plan.duckdb"));
  const words = ["apply", own, "--yes", "--quiet", "--json", "--allow-other-database", "--on-drift", "skip"];
  const cpu = await pgmend([...words, "--current", url], {});
  await rm(own, { recursive: true });
  return cpu;
}

/** @returns its processor time, in seconds */
async function pgmend(words: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const run = await measureProcess(process.execPath, ["dist/cli/main.js", ...words], env);
  if (run.exitCode !== 0) throw new Error(`pgmend ${words[0]} ended with ${run.exitCode}: ${run.stderr}`);
  return run.cpuSeconds;
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}
