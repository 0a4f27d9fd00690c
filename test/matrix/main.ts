import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { binariesOf, majors, newest, requestedMajors, variable } from "./binaries.js";

/**
 * `npm run test:matrix`: the tests that `vitest.config.ts` lists for it, on every major version of PostgreSQL, and on servers
 * of three versions at a time: `pre` on the first, `post` on the second, `current` on the third.
 *
 * `-- --majors 13,15`: on these versions; `-- 13,15,18`: on this mix; `--only every-type`: of the tests, those in files
 * that are named so. Each part says how long it took, and the end says it of all.
 */
const mixes = ["13,15,18", "18,16,14"];

const { values, positionals } = parseArgs({
  options: { majors: { type: "string" }, only: { type: "string" } },
  allowPositionals: true,
});
const asked = [...(values.majors?.split(",") ?? []), ...positionals];
const rows = asked.length > 0 ? asked : [...majors.map(String), ...mixes];
for (const row of rows) requestedMajors(row);
for (const major of new Set(rows.flatMap((row) => requestedMajors(row))))
  if (major !== newest) await binariesOf(major);

const told: string[] = [];
for (const [at, row] of rows.entries()) {
  process.stdout.write(`\nPostgreSQL ${row}: part ${at + 1} of ${rows.length}\n`);
  const started = performance.now();
  const passed = (await runTests(row)) === 0;
  if (!passed) process.exitCode = 1;
  const seconds = Math.round((performance.now() - started) / 1000);
  told.push(`PostgreSQL ${row}: ${passed ? "passed" : "failed"}, ${seconds} s`);
  process.stdout.write(`${told.at(-1)}\n`);
}
process.stdout.write(`\n${told.join("\n")}\n`);

function runTests(servers: string): Promise<number | null> {
  const child = spawn("npx", ["vitest", "run", ...(values.only === undefined ? [] : [values.only])], {
    cwd: join(import.meta.dirname, "..", ".."),
    env: { ...process.env, [variable]: servers },
    stdio: "inherit",
  });
  return new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
}
