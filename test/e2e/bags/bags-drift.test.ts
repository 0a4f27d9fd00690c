import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { query } from "../../support/database.js";
import { makePlan, play } from "../../support/incident.js";
import { applyTo, cloneWith, nameOf, runPatch } from "../../support/recovery.js";

const all = { words: ["--damage", "insert,update,delete"] };
const longTest = { timeout: 90_000 };

describe("49: copies that moved between plan and patch", () => {
  const story = {
    pre: "CREATE TABLE log (text text); INSERT INTO log VALUES ('a'), ('a'), ('a'), ('b')",
    post: "DELETE FROM log WHERE text = 'b'; INSERT INTO log VALUES ('a'), ('a')",
  };

  it.each([
    ["one more", "INSERT INTO log VALUES ('a')", 'there are 6 copies of ["a"], expected 5'],
    [
      "one less",
      "DELETE FROM log WHERE ctid = (SELECT ctid FROM log LIMIT 1)",
      'there are 4 copies of ["a"], expected 5',
    ],
    [
      "the lost one is there twice",
      "INSERT INTO log VALUES ('b'), ('b')",
      'there are 2 copies of ["b"], expected 0',
    ],
  ])("%s: nothing is written, and told", longTest, async (_, since, told) => {
    const databases = await play(story);
    const plan = await makePlan(databases, all);
    const patient = await cloneWith(databases.current, since);
    const variables = { pgmend_database: nameOf(patient) };
    const strict = await runPatch(join(plan.folder, "patch.sql"), patient, variables);
    expect(strict.exitCode).toBe(3);
    expect(strict.stderr).toContain(told);
    const skipping = await runPatch(join(plan.folder, "patch.sql"), patient, {
      ...variables,
      pgmend_drift: "skip",
    });
    expect(skipping.exitCode).toBe(0);
    const clone = await cloneWith(databases.current, since);
    const applied = await applyTo(clone, plan.folder, ["--batch-rows", "1"]);
    expect(applied.exitCode, applied.stderr).toBe(4);
  });
});

it("66: a trigger that changes what is inserted is found out", longTest, async () => {
  const databases = await play({
    pre: `CREATE TABLE log (text text); INSERT INTO log VALUES ('a');
      CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.text := upper(NEW.text); RETURN NEW; END'`,
    post: "DELETE FROM log",
    current: "CREATE TRIGGER shout BEFORE INSERT ON log FOR EACH ROW EXECUTE FUNCTION shout()",
  });
  const plan = await makePlan(databases);
  const said = await runPatch(join(plan.folder, "patch.sql"), databases.current);
  expect(said.exitCode).toBe(3);
  expect(said.stderr).toContain("(insert): the row was not written as planned");
});

it("65: two runs at once write every copy once", longTest, async () => {
  const databases = await play({
    pre: "CREATE TABLE log (text text); INSERT INTO log SELECT 'a' FROM generate_series(1, 20)",
    post: "TRUNCATE log",
  });
  const plan = await makePlan(databases);
  const run = () => runPatch(join(plan.folder, "patch.sql"), databases.current);
  const runs = await Promise.all([run(), run(), run()]);
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(runs.filter(({ stderr }) => stderr.includes("20 rows written"))).toHaveLength(1);
  expect(runs.filter(({ stderr }) => stderr.includes("nothing was written"))).toHaveLength(2);
  expect(await query(databases.current, "SELECT count(*) FROM log")).toEqual([{ count: "20" }]);
});
