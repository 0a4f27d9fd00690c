import { join } from "node:path";
import { expect, it } from "vitest";
import { query } from "../../support/database.js";
import { makePlan, play } from "../../support/incident.js";
import { cloneWith, nameOf, runPatch } from "../../support/recovery.js";

it("many rows of a table with nothing but its key go in a moment, however little memory a query may have", async () => {
  const rows = 60_000;
  const databases = await play({
    pre: "CREATE TABLE blocked (id integer PRIMARY KEY); INSERT INTO blocked VALUES (0)",
    post: `INSERT INTO blocked SELECT n FROM generate_series(1, ${rows}) AS n`,
    current: "SELECT 1",
  });
  const plan = await makePlan(databases, { words: ["--damage", "insert,update,delete"] });
  const url = await cloneWith(databases.current, "SELECT 1");
  // A list of what was written that does not fit would be gone through for each row.
  await query(url, `ALTER DATABASE ${nameOf(url)} SET work_mem = '64kB'`);
  const run = await runPatch(join(plan.folder, "patch.sql"), url, { pgmend_database: nameOf(url) });
  expect(run, run.stderr).toMatchObject({ exitCode: 0 });
  expect(run.stderr).toContain(`${rows} rows written`);
  expect(await query(url, "SELECT * FROM blocked")).toEqual([{ id: "0" }]);
}, 120_000);
