import { spawn } from "node:child_process";
import { join } from "node:path";
import { binariesOf, majors, newest, requestedMajors, variable } from "./binaries.js";

/**
 * `npm run test:matrix [-- 13 18 13,15,18]`: the tests that `vitest.config.ts` lists for it, on every major version of
 * PostgreSQL, and on servers of three versions at a time: `pre` on the first, `post` on the second, `current` on the third.
 */
const mixes = ["13,15,18", "18,16,14"];

const rows = process.argv.length > 2 ? process.argv.slice(2) : [...majors.map(String), ...mixes];
for (const row of rows) requestedMajors(row);
for (const major of new Set(rows.flatMap(requestedMajors))) if (major !== newest) await binariesOf(major);

const failed: string[] = [];
for (const row of rows) {
  process.stdout.write(`\nPostgreSQL ${row}\n`);
  if ((await runTests(row)) !== 0) failed.push(row);
}
process.stdout.write(failed.length === 0 ? "\nall passed\n" : `\nfailed on ${failed.join(" and ")}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

function runTests(servers: string): Promise<number | null> {
  const child = spawn("npx", ["vitest", "run"], {
    cwd: join(import.meta.dirname, "..", ".."),
    env: { ...process.env, [variable]: servers },
    stdio: "inherit",
  });
  return new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
}
