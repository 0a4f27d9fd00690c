import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makePlan, play } from "../../support/incident.js";
import { cloneWith, expectRecovery, nameOf, runPatch } from "../../support/recovery.js";

const insensitive = `CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`;

/** Pitfall 14: a key that is written in two ways is one key to the server. */
describe.each(["undo", "replay"] as const)("14: mode %s: keys that PostgreSQL calls equal", (mode) => {
  it.each([
    ["citext", "CREATE EXTENSION citext", "'Abc'", "'ABC'"],
    ["numeric", "", "1.0", "1.00"],
    ["interval", "", "'1 day'", "'24 hours'"],
    ['text COLLATE "ci"', insensitive, "'Abc'", "'ABC'"],
  ])("%s", async (type, before, was, becomes) => {
    const databases = await play({
      mode,
      pre: `${before}; CREATE TABLE item (id ${type} PRIMARY KEY, note text); INSERT INTO item VALUES (${was}, 'a')`,
      post: `UPDATE item SET id = ${becomes}`,
    });
    const plan = await makePlan(databases);
    expect(plan.summary.tables[0]?.incident).toEqual({ insert: 0, update: 1, delete: 0 });
    expect(plan.summary.totals).toMatchObject({ incoming: 1, apply: 1, open: 0 });
    await expectRecovery(databases, plan, {
      truth: new URL(mode === "undo" ? databases.pre : databases.post),
    });
  });
});

describe("14: values that a collation calls equal", () => {
  it("are changed, and moved, by one letter", { timeout: 60_000 }, async () => {
    const databases = await play({
      pre: `${insensitive}; CREATE TABLE item (id integer PRIMARY KEY, note text COLLATE ci, tags text[] COLLATE ci, c char(3) COLLATE ci);
        INSERT INTO item SELECT id, 'Abc', '{Abc}', 'Abc' FROM generate_series(1, 5) AS id`,
      post: "UPDATE item SET note = 'ABC' WHERE id = 1; UPDATE item SET tags = '{ABC}' WHERE id = 2; UPDATE item SET c = 'ABC' WHERE id = 3",
    });
    const plan = await makePlan(databases);
    expect(plan.summary.totals).toMatchObject({ incoming: 3, apply: 3 });
    await expectRecovery(databases, plan, { truth: new URL(databases.pre) });
    const moved =
      "UPDATE item SET note = 'aBC' WHERE id = 1; UPDATE item SET tags = '{aBC}' WHERE id = 2; UPDATE item SET c = 'aBC' WHERE id = 3";
    const patient = await cloneWith(databases.current, moved);
    const said = await runPatch(join(plan.folder, "patch.sql"), patient, {
      pgmend_database: nameOf(patient),
    });
    expect(said.exitCode).toBe(3);
    expect(said.stderr.match(/(?<=moved: public\.item )\{.*?\} \(update\): \w+/g)?.toSorted()).toEqual([
      '{"id" : "1"} (update): note',
      '{"id" : "2"} (update): tags',
      '{"id" : "3"} (update): c',
    ]);
  });
});

it("14: two arriving rows that only a collation calls equal are rivals for one unique value", async () => {
  const databases = await play({
    mode: "replay",
    pre: `${insensitive}; CREATE TABLE item (id integer PRIMARY KEY, code text COLLATE ci UNIQUE); INSERT INTO item VALUES (1, 'Abc')`,
    post: "DELETE FROM item; INSERT INTO item VALUES (2, 'ABC'), (3, 'other')",
    current: "INSERT INTO item VALUES (4, 'OTHER')",
  });
  const plan = await makePlan(databases);
  expect(plan.summary.tables[0]).toMatchObject({ conflicts: { unique: 1 }, apply: { insert: 1, delete: 1 } });
  await expectRecovery(databases, plan, {
    truth: "DELETE FROM item WHERE id = 1; INSERT INTO item VALUES (2, 'ABC')",
  });
});

it("14: … also where none of them is there yet", async () => {
  const databases = await play({
    mode: "replay",
    pre: `${insensitive}; CREATE TABLE item (id integer PRIMARY KEY, code text COLLATE ci)`,
    post: "INSERT INTO item VALUES (2, 'ABC'), (3, 'Abc')",
    current: "ALTER TABLE item ADD UNIQUE (code)",
  });
  const plan = await makePlan(databases);
  expect(plan.summary.tables[0]).toMatchObject({ conflicts: { unique: 1 }, apply: { insert: 1 } });
  await expectRecovery(databases, plan, { truth: "INSERT INTO item VALUES (2, 'ABC')" });
});
