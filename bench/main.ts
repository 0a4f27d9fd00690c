import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startServer } from "../sample-data/server/start-server.js";
import { buildFleet, dropFleet, type Fleet } from "./fleet.js";
import { orderedCopySeconds } from "./floor.js";
import { type Measured, measureProcess } from "./measure.js";

/** `npm run bench [-- --rows 1000000,3000000] [-- --json FILE]`: whole `pgmend plan` processes against their floor. */
const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000,3000000" },
    "one-in": { type: "string", default: "1000" },
    json: { type: "string" },
  },
});

interface Case {
  readonly rows: number;
  readonly changed: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  readonly floorSeconds: number;
  readonly ratio: number;
  readonly peakMb: number | undefined;
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const server = await startServer({ settings: { shared_buffers: "1GB", max_wal_size: "4GB" } });
const folder = await mkdtemp(join(tmpdir(), "pgmend-bench-"));
const cases: Case[] = [];
try {
  for (const rows of values.rows.split(",").map(Number)) {
    const fleet = await buildFleet(server, rows, Number(values["one-in"]));
    // Once to warm the caches of both: the floor is then the floor of the same state.
    await orderedCopySeconds([fleet.pre, fleet.post]);
    const floorSeconds = await orderedCopySeconds([fleet.pre, fleet.post]);
    cases.push(toCase(fleet, floorSeconds, await planProcess(fleet)));
    await dropFleet(server, fleet);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
  await server.stop();
}
printTable();
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(cases, null, 2)}\n`);

async function planProcess({ pre, post, current, rows }: Fleet): Promise<Measured> {
  const out = join(folder, `recovery-${rows}`);
  const args = ["dist/cli/main.js", "plan", "--out", out, "--quiet", "--json"];
  const measured = await measureProcess(process.execPath, args, {
    PGMEND_PRE: pre,
    PGMEND_POST: post,
    PGMEND_CURRENT: current,
  });
  if (measured.exitCode !== 0)
    throw new Error(`pgmend plan ended with ${measured.exitCode}: ${measured.stderr}`);
  return measured;
}

function toCase({ rows, changed }: Fleet, floorSeconds: number, { seconds, peakMb }: Measured): Case {
  return {
    rows,
    changed,
    seconds,
    rowsPerSecond: rows / seconds,
    floorSeconds,
    ratio: seconds / floorSeconds,
    peakMb,
  };
}

function printTable(): void {
  say(
    "pgmend plan, whole process; floor: ordered COPY of pre and post to nowhere, side by side, in the same run",
  );
  say("| rows | changed | seconds | rows/s | floor s | ratio | peak MB |");
  say("|--:|--:|--:|--:|--:|--:|--:|");
  for (const { rows, changed, seconds, rowsPerSecond, floorSeconds, ratio, peakMb } of cases) {
    const cells = [
      rows,
      changed,
      seconds.toFixed(1),
      Math.round(rowsPerSecond),
      floorSeconds.toFixed(1),
      ratio.toFixed(2),
    ];
    say(`| ${[...cells, peakMb === undefined ? "unknown" : Math.round(peakMb)].join(" | ")} |`);
  }
}
