import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { startServer } from "../sample-data/server/start-server.js";
import { type PlanSettings, plan } from "../src/index.js";
import { buildWeb, type Web } from "./web.js";

/**
 * `npm run bench:constraints [-- --rows 10000,100000] [-- --json FILE]`: how long a plan checks the constraints of rows
 * that come in over twenty tables with foreign keys and unique columns, and how many statements it sends for that.
 */
const { values } = parseArgs({
  options: { rows: { type: "string", default: "10000,100000" }, json: { type: "string" } },
});

interface Case {
  readonly rows: number;
  readonly withheld: number;
  readonly seconds: number;
  readonly statements: number;
  readonly peakMb: number;
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const server = await startServer({ settings: { shared_buffers: "256MB" } });
const folder = await mkdtemp(join(tmpdir(), "pgmend-bench-"));
const cases: Case[] = [];
try {
  for (const rows of values.rows.split(",").map(Number))
    cases.push(await measure(await buildWeb(server, rows)));
} finally {
  await rm(folder, { recursive: true, force: true });
  await server.stop();
}
say("pgmend plan, checking constraints: rows that come in over twenty tables with foreign keys");
say("| rows | withheld | seconds | statements | peak MB of the process |");
say("|--:|--:|--:|--:|--:|");
for (const { rows, withheld, seconds, statements, peakMb } of cases)
  say(`| ${[rows, withheld, seconds.toFixed(1), statements, Math.round(peakMb)].join(" | ")} |`);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(cases, null, 2)}\n`);

async function measure(web: Web): Promise<Case> {
  const statements = countStatements();
  let started = 0;
  let sent = 0;
  const store = await plan({
    settings: settingsOf(web),
    storeFile: join(folder, `plan-${web.rows}.duckdb`),
    toolVersion: "bench",
    onProgress: (progress) => {
      if (progress.kind !== "step" || progress.text !== "checking constraints") return;
      started = performance.now();
      sent = statements.sent();
    },
  });
  const seconds = (performance.now() - started) / 1000;
  const tallies = await store.tallies();
  await store.close();
  statements.stop();
  const count = (outcomes: readonly string[]) =>
    tallies.reduce((sum, { outcome, rows }) => sum + (outcomes.includes(outcome) ? rows : 0), 0);
  return {
    rows: tallies.reduce((sum, { rows }) => sum + rows, 0),
    withheld: count(["conflict", "skipped"]),
    seconds,
    statements: statements.sent() - sent,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
}

/** Counts what is sent on every connection of this process. */
function countStatements(): { sent(): number; stop(): void } {
  const { query } = pg.Client.prototype;
  let sent = 0;
  pg.Client.prototype.query = function counted(this: pg.Client, ...words: unknown[]) {
    sent += 1;
    return Reflect.apply(query, this, words);
  } as typeof query;
  return {
    sent: () => sent,
    stop: () => {
      pg.Client.prototype.query = query;
    },
  };
}

function settingsOf({ pre, post, current }: Web): PlanSettings {
  return {
    mode: "replay",
    connections: { pre: { url: pre }, post: { url: post }, current: { url: current } },
    ...{ tables: [], excludeTables: [], keys: {}, rules: [], damage: [], strategies: [], groups: {} },
    ...{ invariants: [], granularity: "row", triggers: "fire" },
    touch: { columns: [], write: "restore" },
    guard: { massDelete: { share: 0.5, rows: 100 } },
  };
}
