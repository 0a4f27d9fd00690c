import { join } from "node:path";
import { compareDatabases } from "../../sample-data/compare-databases.js";
import { copyDatabase } from "../../sample-data/databases.js";
import { runSqlFile } from "../../sample-data/server/psql.js";
import type { PlayedStory } from "../../sample-data/story.js";
import { number, openPlanStore, verify } from "../../src/index.js";
import { planFile } from "../files.js";
import { type Scene, sayVerdict } from "./scene.js";

/**
 * Applies, verifies, applies again, takes back, applies once more; each state is held against the one expected.
 *
 * @param before where a copy of current from before the patch is made, and left
 */
export async function checkRecovery(
  out: string,
  { current, truth }: PlayedStory,
  before: string,
  scene: Scene,
): Promise<boolean> {
  await copyDatabase(scene, current, before);
  const results: boolean[] = [];
  const check = async (what: string, expected: string, sequences = false) => {
    const found = await compareDatabases(current, expected, { sequences });
    const problems = found.map(
      (d) => `${d.table} ${JSON.stringify(d.key)} ${d.column}: ${d.left} instead of ${d.right}`,
    );
    results.push(sayVerdict(scene, { what, problems }));
  };
  await run("patch.sql", out, current, scene);
  await check("the database equals the truth, cell by cell", truth, true);
  results.push(await checkVerify(out, current, scene));
  await run("patch.sql", out, current, scene);
  await check("a second run changed nothing", truth, true);
  await run("rollback.sql", out, current, scene);
  await check("the rollback brought back every byte", before);
  await run("patch.sql", out, current, scene);
  await check("and the patch restores it again", truth, true);
  return results.every(Boolean);
}

async function run(file: string, out: string, url: string, { say }: Scene): Promise<void> {
  say(`$ psql -X -v ON_ERROR_STOP=1 -f ${file}`);
  const { exitCode, stderr } = await runSqlFile(url, join(out, file));
  const notices = stderr
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => `  ${line.replace(/^psql:.*?:\d+: /, "")}`);
  if (notices.length > 0) say(notices.join("\n"));
  if (exitCode !== 0) say(`  exit code ${exitCode}`);
}

async function checkVerify(out: string, url: string, scene: Scene): Promise<boolean> {
  const store = await openPlanStore(join(out, planFile), { readOnly: true });
  try {
    const { asPlanned, notWritten, moved } = await verify({ store, current: { url } });
    const what = `pgmend verify: ${number(asPlanned)} rows are as planned`;
    return sayVerdict(scene, { what, problems: notWritten + moved > 0 ? ["some are not"] : [] });
  } finally {
    await store.close();
  }
}
