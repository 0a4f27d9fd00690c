import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { runSqlFile } from "../sample-data/server/psql.js";
import { startServer } from "../sample-data/server/start-server.js";
import { buildFleet } from "./fleet.js";

/**
 * `npm run bench:apply [-- --rows 300000]`: every row of a table is updated, once by `patch.sql` in one transaction, once
 * by `pgmend apply`, and once by `pgmend apply` while somebody else writes to the same table and counts the waiting.
 */
const { values } = parseArgs({ options: { rows: { type: "string", default: "300000" } } });
const rows = Number(values.rows);
const say = (text: string) => process.stdout.write(`${text}\n`);
const server = await startServer({ settings: { shared_buffers: "1GB", max_wal_size: "4GB" } });
const folder = await mkdtemp(join(tmpdir(), "pgmend-bench-"));
try {
  const fleet = await buildFleet(server, { rows, key: "integer", oneIn: 1 });
  const env = { PGMEND_PRE: fleet.pre, PGMEND_POST: fleet.post, PGMEND_CURRENT: fleet.current };
  await pgmend(["plan", "--out", join(folder, "recovery"), "--quiet", "--json"], env);
  const patch = join(folder, "recovery", "patch.sql");
  const patched = await clone("patched");
  const patchSeconds = await seconds(async () => {
    const { exitCode, stderr } = await runSqlFile(patched, patch, { pgmend_database: nameOf(patched) });
    if (exitCode !== 0) throw new Error(stderr);
  });
  const alone = await apply(await clone("alone"));
  say(`patch.sql, one transaction: ${patchSeconds.toFixed(1)} s, ${Math.round(rows / patchSeconds)} rows/s`);
  say(
    `apply: ${alone.toFixed(1)} s, ${Math.round(rows / alone)} rows/s, ${(patchSeconds / alone).toFixed(2)} of the rate of patch.sql`,
  );
  const busy = await clone("busy");
  const writer = startWriter(busy);
  const beside = await apply(busy);
  const waits = (await writer.stop()).sort((a, b) => a - b);
  const at = (share: number) =>
    (waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0).toFixed(1);
  say(`apply beside a writer: ${beside.toFixed(1)} s; its ${waits.length} updates took`);
  say(`  p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`);
} finally {
  await rm(folder, { recursive: true, force: true });
  await server.stop();
}

async function clone(role: string): Promise<string> {
  const client = new pg.Client({ connectionString: server.url("postgres") });
  await client.connect();
  await client.query(`CREATE DATABASE bench_${role} TEMPLATE fleet_current`);
  await client.query("CHECKPOINT");
  await client.end();
  return server.url(`bench_${role}`);
}

async function apply(url: string): Promise<number> {
  const own = join(folder, nameOf(url));
  await cp(join(folder, "recovery", "plan.duckdb"), join(own, "plan.duckdb"));
  const words = ["apply", own, "--yes", "--quiet", "--json", "--allow-other-database", "--on-drift", "skip"];
  return seconds(() => pgmend([...words, "--current", url], {}));
}

interface Writer {
  /** @returns how long each update took, in milliseconds */
  stop(): Promise<number[]>;
}

/** One update after the other, of rows all over the table. */
function startWriter(url: string): Writer {
  const waits: number[] = [];
  let over = false;
  const writing = (async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (let n = 1; !over; n += 7919) {
      const started = performance.now();
      await client.query("UPDATE public.device SET note = 'seen' WHERE id = $1", [1 + (n % rows)]);
      waits.push(performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await client.end();
  })();
  return {
    stop: async () => {
      over = true;
      await writing;
      return waits;
    },
  };
}

async function pgmend(words: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(process.execPath, ["dist/cli/main.js", ...words], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const exitCode = await new Promise((resolve) => child.once("close", resolve));
  if (exitCode !== 0) throw new Error(`pgmend ${words[0]} ended with ${exitCode}: ${said}`);
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}
