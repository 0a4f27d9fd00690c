import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startServer } from "../sample-data/server/start-server.js";
import { buildManyTables, type ManyTables } from "./many-tables.js";
import { measureProcess, processorTimes } from "./measure.js";

/**
 * `npm run bench:tables [-- --tables 1000] [--repeat 3] [--json FILE]`: whole processes of `plan`, `check` and `init` over
 * many small tables with two foreign keys each, of which nothing changed. The least of all turns counts.
 */
const { values } = parseArgs({
  options: {
    tables: { type: "string", default: "1000" },
    repeat: { type: "string", default: "3" },
    json: { type: "string" },
  },
});

interface Result {
  readonly command: string;
  readonly seconds: number;
  /** Seconds that it may take on a quiet machine; undefined where nothing is promised. */
  readonly atMost: number | undefined;
  readonly ourCpuSeconds: number;
  readonly serverCpuSeconds: number;
  readonly peakMb: number | undefined;
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const server = await startServer({ settings: { shared_buffers: "256MB" } });
const folder = await mkdtemp(join(tmpdir(), "pgmend-bench-"));
const commands = [
  { command: "plan", atMost: 8, words: ["--out", join(folder, "recovery"), "--overwrite", "--json"] },
  { command: "check", atMost: undefined, words: ["--json"] },
  { command: "init", atMost: undefined, words: ["--stdout"] },
] as const;
const results: Result[] = [];
try {
  const tables = await buildManyTables(server, Number(values.tables));
  for (const { command, atMost, words } of commands) {
    const turns: Result[] = [];
    for (let turn = 0; turn < Number(values.repeat); turn += 1)
      turns.push({ ...(await measure([command, ...words], tables)), command, atMost });
    results.push(turns.reduce((a, b) => (b.seconds < a.seconds ? b : a)));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
  await server.stop();
}
say(`${values.tables} tables, ${2 * Number(values.tables)} foreign keys, nothing changed; whole processes`);
say("| command | seconds | at most | CPU s, ours | CPU s, server | peak MB |");
say("|---|--:|--:|--:|--:|--:|");
for (const { command, seconds, atMost, ourCpuSeconds, serverCpuSeconds, peakMb } of results) {
  const cpu = [ourCpuSeconds.toFixed(1), serverCpuSeconds.toFixed(1)];
  const peak = peakMb === undefined ? "unknown" : Math.round(peakMb);
  say(`| ${[command, seconds.toFixed(1), atMost ?? "", ...cpu, peak].join(" | ")} |`);
}
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);

async function measure(words: readonly string[], { pre, post, current }: ManyTables) {
  const main = join(import.meta.dirname, "..", "dist", "cli", "main.js");
  const before = (await processorTimes(server.pid)).children;
  const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
  const measured = await measureProcess(process.execPath, [main, ...words], env);
  if (![0, 3].includes(measured.exitCode)) {
    throw new Error(`pgmend ${words.join(" ")} ended with ${measured.exitCode}: ${measured.stderr}`);
  }
  // The postmaster counts a session when it has seen it end.
  await sleep(200);
  const serverCpuSeconds = (await processorTimes(server.pid)).children - before;
  const { seconds, cpuSeconds, peakMb } = measured;
  return { seconds, ourCpuSeconds: cpuSeconds, serverCpuSeconds, peakMb };
}
