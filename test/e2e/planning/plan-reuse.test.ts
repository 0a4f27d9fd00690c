import { cpSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Summary } from "../../../src/index.js";
import { createDatabase, query } from "../../support/database.js";
import { copyOf, filesOf, resolve, resolved } from "../../support/decide.js";
import { newFolder } from "../../support/folder.js";
import { type Databases, makePlan, type Planned, play, readLines } from "../../support/incident.js";
import { pgmend, type Run } from "../../support/program.js";
import { expectRecovery } from "../../support/recovery.js";

let databases: Databases;
let planned: Planned;

beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE owner (id integer PRIMARY KEY);
      CREATE TABLE device (id integer PRIMARY KEY, name text, owner integer REFERENCES owner, updated_at timestamptz);
      INSERT INTO owner VALUES (1), (2);
      INSERT INTO device SELECT id, 'old', 1, now() FROM generate_series(1, 4) AS id;
      INSERT INTO device VALUES (5, 'old', 2, now()), (6, 'old', 2, now())`,
    post: "UPDATE device SET name = NULL WHERE id < 5; DELETE FROM device WHERE id > 4",
    current: "UPDATE device SET name = 'new'; DELETE FROM owner WHERE id = 2",
  });
  planned = await makePlan(databases);
  expect(planned.summary.totals.open).toBe(6);
  await resolved(databases, planned, ["--where", "pre.id < 4", "--take", "incoming", "--reason", "asked"]);
  await resolved(databases, planned, ["--kind", "foreign-key", "--where", "pre.id = 5", "--take", "current"]);
  await resolved(databases, planned, [
    "--kind",
    "foreign-key",
    "--where",
    "pre.id = 6",
    "--value",
    'owner="1"',
  ]);
  await resolved(databases, planned, ["--where", "pre.id = 4", "--value", 'name="mine"', "--by", "bob"]);
});

async function planAgain(
  { current }: Pick<Databases, "current">,
  plan: Pick<Planned, "folder">,
  words: readonly string[] = [],
): Promise<Run & { summary: Summary }> {
  const env = { PGMEND_PRE: databases.pre, PGMEND_POST: databases.post, PGMEND_CURRENT: current };
  const run = await pgmend(["plan", "--json", ...words], { cwd: dirname(plan.folder), env });
  return { ...run, summary: JSON.parse(run.stdout || "{}") as Summary };
}

/** Without what says when and by which name it was planned. */
const comparable = (plan: Pick<Planned, "folder">) =>
  Object.entries(filesOf(plan))
    .filter(([name]) => /^(conflicts|changes|skipped)/.test(name))
    .map(([name, text]) => [name, text]);

test("the next plan in its place takes the decisions over, with who took them and why", async () => {
  const plan = copyOf(planned);
  const again = await planAgain(databases, plan, ["--overwrite"]);
  expect(again).toMatchObject({ exitCode: 0 });
  expect(again.stderr).toContain("6 decisions of the earlier plan are reused…\n");
  expect(again.summary.planId).not.toBe(planned.summary.planId);
  expect(again.summary.totals).toMatchObject({ open: 0, decided: 6, apply: 5, kept: 1 });
  expect(comparable(plan)).toEqual(comparable(planned));
  await expectRecovery(databases, plan, {
    truth: `UPDATE device SET name = 'old', updated_at = updated_at WHERE id < 4;
      UPDATE device SET name = 'mine' WHERE id = 4;
      INSERT INTO device SELECT 6, 'old', 1, NULL`,
    ignore: ["public.device.updated_at"],
  });
  // They can be withdrawn as ever.
  expect((await resolve(databases, plan, ["--table", "*", "--reopen", "--replace"])).exitCode).toBe(3);
  expect(readLines(plan.folder, "conflicts.jsonl").every(({ resolution }) => resolution === null)).toBe(true);
});

test("a decision comes before what a strategy says", async () => {
  const plan = copyOf(planned);
  const words = ["--overwrite", "--strategy", "public.device.name=keep-current"];
  const again = await planAgain(databases, plan, words);
  expect(again.summary.totals).toMatchObject({ open: 0, decided: 6, apply: 5 });
});

test("where a row has changed since, the decision about it lapses and is named; a touch alone is no change", async () => {
  const current = await createDatabase("moved", databases.current);
  await query(
    current,
    "UPDATE device SET name = 'newer' WHERE id = 2; UPDATE device SET updated_at = now() + '1 day' WHERE id = 3",
  );
  const plan = copyOf(planned);
  const again = await planAgain({ current }, plan, ["--overwrite"]);
  expect(again).toMatchObject({ exitCode: 3 });
  expect(again.stderr).toContain(
    "5 decisions of the earlier plan are reused, 1 not: the rows have changed since",
  );
  expect(again.summary.warnings).toContain(
    '1 decisions of the earlier plan are not reused, as the rows have changed since: public.device {"id":"2"} (update/update)',
  );
  expect(again.summary.totals).toMatchObject({ open: 1, decided: 5 });
});

test("another folder's are taken over by name, and none where nobody wants them", async () => {
  const plan = { folder: join(newFolder(), "recovery") };
  cpSync(planned.folder, join(dirname(plan.folder), "yesterday"), { recursive: true });
  const named = await planAgain(databases, plan, ["--decisions", "yesterday"]);
  expect(named.summary.totals).toMatchObject({ open: 0, decided: 6 });
  const anew = await planAgain(databases, plan, ["--overwrite", "--no-decisions"]);
  expect(anew.summary.totals).toMatchObject({ open: 6, decided: 0 });
  const nowhere = await planAgain(databases, { folder: join(newFolder(), "recovery") }, [
    "--decisions",
    "gone",
  ]);
  expect(nowhere).toMatchObject({ exitCode: 1, stdout: "" });
  expect(nowhere.stderr).toContain("its decisions cannot be taken over: there is no plan at");
  expect(nowhere.stderr).toContain("leave them behind with --no-decisions");
});
