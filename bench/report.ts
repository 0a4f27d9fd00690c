import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { chromium, type Page } from "playwright-core";
import { startServer } from "../sample-data/server/start-server.js";
import { buildFleet } from "./fleet.js";
import { measureProcess } from "./measure.js";

/** `npx tsx bench/report.ts [--changes 100000] [--conflicts 5000]`: how soon report.html is there, and how soon it filters. */
const { values } = parseArgs({
  options: {
    changes: { type: "string", default: "100000" },
    conflicts: { type: "string", default: "5000" },
    chromium: { type: "string", default: "/usr/bin/chromium" },
  },
});
const watchSlices = `window.longestTask = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.longestTask = Math.max(window.longestTask, Math.round(entry.duration)); })
  .observe({ type: "longtask", buffered: true });`;
const say = (text: string) => process.stdout.write(`${text}\n`);
const folder = await mkdtemp(join(tmpdir(), "pgmend-bench-"));
const file = join(folder, "recovery", "report.html");
await makeReport(Number(values.changes), Number(values.conflicts));
say(`report.html: ${((await stat(file)).size / 1e6).toFixed(1)} MB`);
const browser = await chromium.launch({ executablePath: values.chromium, args: ["--no-sandbox"] });
try {
  for (let run = 1; run <= 3; run += 1) {
    const page = await browser.newPage();
    await page.addInitScript(watchSlices);
    const opening = performance.now();
    await page.goto(`file://${file}`, { waitUntil: "commit" });
    await page.waitForSelector(".answer dl");
    const readable = performance.now() - opening;
    await page.waitForSelector("html[data-ready]");
    const ready = performance.now() - opening;
    const filters = await measureFilters(page);
    const longest = await page.evaluate("window.longestTask");
    say(
      `run ${run}: answer ${seconds(readable)}, rows ${seconds(ready)}, longest task ${longest} ms, ${filters}`,
    );
    await page.close();
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}

/** By a whole plan: every second row of a fleet was damaged, and some of these rows were written by people since. */
async function makeReport(changes: number, conflicts: number): Promise<void> {
  const server = await startServer();
  try {
    const rows = 2 * (changes + conflicts);
    const { pre, post, current } = await buildFleet(server, { rows, key: "integer", oneIn: 2 });
    const client = new pg.Client({ connectionString: current });
    await client.connect();
    await client.query("UPDATE public.device SET is_pinned_on__release = 5 WHERE id % 2 = 0 AND id <= $1", [
      2 * conflicts,
    ]);
    await client.end();
    const args = ["dist/cli/main.js", "plan", "--out", join(folder, "recovery"), "--quiet"];
    const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
    const { exitCode, stderr, peakMb } = await measureProcess(process.execPath, args, env);
    if (exitCode !== 3) throw new Error(`pgmend plan ended with ${exitCode}: ${stderr}`);
    say(`pgmend plan: peak ${Math.round(peakMb ?? 0)} MB`);
  } finally {
    await server.stop();
  }
}

/** In the page, from the input to the frame after the new count is there. */
async function measureFilters(page: Page): Promise<string> {
  const asked: readonly (readonly [string, string, string])[] = [
    ["a rare word", "#search", "device 99998"],
    ["no such word", "#search", "nowhere to be found"],
    ["everything again", "#search", ""],
    ["conflicts", "#outcome", "conflict"],
    ["every outcome", "#outcome", ""],
    ["newest first", "#sorting", "newest"],
  ];
  const told: string[] = [];
  for (const [name, field, value] of asked) {
    const ms = await page.evaluate(
      `new Promise((done) => {
        const field = document.querySelector(${JSON.stringify(field)});
        const started = performance.now();
        new MutationObserver((_, observer) => { observer.disconnect(); requestAnimationFrame(() => setTimeout(() => done(Math.round(performance.now() - started)))); })
          .observe(document.querySelector(".list"), { childList: true });
        field.value = ${JSON.stringify(value)};
        field.dispatchEvent(new Event(field.id === "search" ? "input" : "change"));
      })`,
    );
    told.push(`${name} ${ms} ms`);
  }
  return told.join(", ");
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
