import { expect, it } from "vitest";
import { makePlan, play, readLines } from "../support/incident.js";
import { expectRecovery } from "../support/recovery.js";

const all = { words: ["--damage", "insert,update,delete"] };
const longTest = { timeout: 90_000 };

it("2.6: deletes of a table that lost most of its rows are set aside, copy by copy", longTest, async () => {
  const databases = await play({
    mode: "replay",
    pre: "CREATE TABLE log (text text); INSERT INTO log SELECT 'a' FROM generate_series(1, 150); INSERT INTO log VALUES ('b')",
    post: "TRUNCATE log",
  });
  const plan = await makePlan(databases);
  expect(plan.summary.totals).toMatchObject({ incoming: 151, conflict: 151, open: 151 });
  const ruled = await makePlan(databases, {
    config:
      "rules: [{ match: { tables: [log], where: \"pre.text = 'a'\" }, is: legitimate }, { match: { tables: [log] }, is: excluded }]",
  });
  expect(ruled.summary.totals).toMatchObject({ apply: 150, excluded: 1, open: 0 });
  await expectRecovery(databases, ruled, { truth: "DELETE FROM log WHERE text = 'a'", batchRows: 7 });
});

it(
  "tenants, rules and touch columns: a row that only differs in a touch column is another row",
  longTest,
  async () => {
    const databases = await play({
      pre: `CREATE TABLE log (workspace_id integer, text text, updated_at timestamptz);
      INSERT INTO log SELECT w, 'a', '2026-01-01' FROM generate_series(1, 2) AS w, generate_series(1, 2)`,
      post: "UPDATE log SET updated_at = '2026-01-02' WHERE workspace_id = 1; DELETE FROM log WHERE workspace_id = 2",
    });
    const plan = await makePlan(databases, {
      ...all,
      config: "tenant: { column: workspace_id, patches: true }",
    });
    expect(plan.summary.tables[0]).toMatchObject({
      incident: { insert: 2, update: 0, delete: 4 },
      apply: { insert: 4, delete: 2 },
    });
    await expectRecovery(databases, plan, { truth: new URL(databases.pre) });
    expect(
      readLines(plan.folder, "changes.jsonl")
        .map(({ tenant }) => tenant)
        .toSorted(),
    ).toEqual(["1", "1", "1", "1", "2", "2"]);
  },
);
