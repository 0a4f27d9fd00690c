import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeLargePlan } from "./large-plan.js";
import { TerminalListener } from "./terminal-listener.js";

/**
 * `npm run bench:review [-- --rows 1000000 --conflicts 100000]`: `pgmend review` in a pseudo-terminal (of `script`), on
 * a plan straight from the store: time to the first screen, time until keys are answered, peak memory.
 */
const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    conflicts: { type: "string", default: "100000" },
    size: { type: "string", default: "80x24" },
    /** A folder to keep the plan in, for another run. */
    plan: { type: "string" },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);

/** Keys as a person presses them: down the groups, into one, through its rows, one of them, decide, take back, search, decide all. */
const script: readonly (readonly [what: string, key: string, times: number, until?: string])[] = [
  ["open the conflicts of a table", "\r", 1],
  ["down the groups", "j", 3],
  ["open a group", "\r", 1],
  ["down its rows", "j", 60],
  ["page down", "\u001b[6~", 10],
  ["page up", "\u001b[5~", 10],
  ["to the first row", "g", 1],
  ["to the last row", "G", 1],
  ["to the first row", "g", 1],
  ["open a row", "\r", 1],
  ["next row", "n", 30],
  ["decide it", "c", 1],
  ["take it back", "u", 1],
  ["back to the rows", "\u001b", 1],
  ["ask for a text", "/", 1],
  ["type it", "7", 3],
  ["search", "\r", 1, "rows"],
  ["back to the groups", "\u001b", 1],
  ["decide a group", "i", 1, "takes it back"],
  ["take it back", "u", 1, "taken back"],
  ["back to the overview", "\u001b", 1],
  ["open the conflicts of all tables", "a", 1, "membership"],
  ["decide all of them", "I", 1, "takes it back"],
  ["take all back", "u", 1, "taken back"],
  ["back to the overview", "\u001b", 1],
];

const folder = values.plan ?? (await mkdtemp(join(tmpdir(), "pgmend-review-")));
try {
  if (!existsSync(join(folder, "plan.duckdb"))) await makePlan();
  await play();
} finally {
  if (values.plan === undefined) await rm(folder, { recursive: true, force: true });
}

async function makePlan(): Promise<void> {
  await mkdir(folder, { recursive: true });
  const started = performance.now();
  await writeLargePlan(join(folder, "plan.duckdb"), {
    rows: Number(values.rows),
    conflicts: Number(values.conflicts),
  });
  say(`plan of ${values.rows} rows, ${values.conflicts} in conflict: written in ${since(started)} ms`);
}

async function play(): Promise<void> {
  const [columns, rows] = values.size.split("x");
  const command = `stty cols ${columns} rows ${rows}; exec ${process.execPath} dist/cli/main.js review ${folder}`;
  const env = { PATH: process.env["PATH"], HOME: folder, TERM: "xterm-256color" };
  const started = performance.now();
  const child = spawn("script", ["-qfec", command, "/dev/null"], { env });
  try {
    const terminal = new TerminalListener(child.stdout);
    await terminal.until("Overview");
    say(`first screen: ${since(started)} ms, ${await cpuMs(child.pid)} ms of them CPU`);
    await terminal.silence();
    await pressAll(child, terminal);
    say(`peak memory: ${Math.round(await peakMb(child.pid))} MB`);
    child.stdin.write("q");
  } catch (error) {
    // Left alone it would keep the plan open.
    child.kill();
    throw error;
  }
  await new Promise((resolve) => child.on("close", resolve));
}

async function pressAll(child: ChildProcessWithoutNullStreams, terminal: TerminalListener): Promise<void> {
  say(
    `${"milliseconds a key".padEnd(32)} answer  whole     CPU  peak MB; the first two at the 95th percentile`,
  );
  const all: number[] = [];
  for (const [what, key, times, until] of script) {
    const cpuBefore = await cpuMs(child.pid);
    const answers: number[] = [];
    const complete: number[] = [];
    for (let at = 0; at < times; at += 1) {
      terminal.forget();
      const pressed = performance.now();
      child.stdin.write(key);
      answers.push((await terminal.next()) - pressed);
      if (until !== undefined) await terminal.until(until);
      complete.push((await terminal.silence()) - pressed);
    }
    all.push(...answers);
    const cpu = Math.round(((await cpuMs(child.pid)) - cpuBefore) / times);
    const peak = Math.round(await peakMb(child.pid));
    const cells = [p95(answers), p95(complete), cpu, peak].map((figure) => String(figure).padStart(6));
    say(`${what.padEnd(32)} ${cells.join("  ")}  (${times})`);
  }
  say(`all keys: answer p50 ${quantile(all, 0.5)} ms, p95 ${p95(all)} ms, worst ${quantile(all, 1)} ms`);
}

/** The process below `script`: one line of what /proc says of each process. */
async function reviewStatus(
  script: number | undefined,
): Promise<{ readonly pid: string; readonly status: string }> {
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    if (Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]) === script) return { pid, status };
  }
  throw new Error("pgmend is gone");
}

async function peakMb(script: number | undefined): Promise<number> {
  const { status } = await reviewStatus(script);
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
}

/** Processor time so far, of all its threads. The clock of a busy machine says little. */
async function cpuMs(script: number | undefined): Promise<number> {
  const { pid } = await reviewStatus(script);
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

function p95(values: readonly number[]): number {
  return quantile(values, 0.95);
}

function since(start: number): number {
  return Math.round(performance.now() - start);
}
