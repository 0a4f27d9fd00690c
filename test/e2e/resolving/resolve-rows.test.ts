import { describe, expect, test } from "vitest";
import { copyOf, filesOf, resolved } from "../../support/decide.js";
import { makePlan, play, readLines } from "../../support/incident.js";
import { expectRecovery } from "../../support/recovery.js";

/** Each device has one conflict, and the key says which. */
const incident = {
  pre: `CREATE TABLE device (id text PRIMARY KEY, owner text, note text, serial integer);
    INSERT INTO device VALUES ('update/update', 'ada', 'old', 1), ('delete/update', 'ada', 'old', 2),
      ('insert/insert', 'ada', 'old', 3), ('untouched', 'ada', 'old', 4)`,
  post: `UPDATE device SET owner = NULL, note = NULL WHERE id IN ('update/update', 'delete/update', 'untouched');
    DELETE FROM device WHERE id = 'insert/insert';
    INSERT INTO device VALUES ('update/delete', 'mallory', 'new', 5)`,
  current: `UPDATE device SET owner = 'bob', serial = 11 WHERE id = 'update/update';
    DELETE FROM device WHERE id = 'delete/update';
    INSERT INTO device VALUES ('insert/insert', 'bob', 'new', 3);
    UPDATE device SET owner = 'bob' WHERE id = 'update/delete'`,
};

const databases = await play(incident);
const plan = () => makePlan(databases, { words: ["--damage", "insert,update,delete"] });

/** What becomes of `current`, besides the device in no conflict. */
const recovered = "UPDATE device SET owner = 'ada', note = 'old' WHERE id = 'untouched'";

/** What is decided, and what it makes of the device in that conflict. */
const decisions = [
  {
    how: ["--take", "current"],
    truth: {
      // Of an update, that speaks of the cells in conflict; its other cells come back.
      "update/update": "UPDATE device SET note = 'old' WHERE id = 'update/update'",
      "delete/update": "",
      "insert/insert": "",
      "update/delete": "",
    },
    applied: 1,
  },
  {
    how: ["--take", "incoming"],
    truth: {
      "update/update": "UPDATE device SET owner = 'ada', note = 'old' WHERE id = 'update/update'",
      "delete/update": "INSERT INTO device VALUES ('delete/update', 'ada', 'old', 2)",
      "insert/insert": "UPDATE device SET owner = 'ada', note = 'old' WHERE id = 'insert/insert'",
      "update/delete": "DELETE FROM device WHERE id = 'update/delete'",
    },
    applied: 4,
  },
  {
    how: ["--take", "base"],
    truth: {
      "update/update": "UPDATE device SET owner = NULL, note = 'old' WHERE id = 'update/update'",
      "delete/update": "INSERT INTO device VALUES ('delete/update', NULL, NULL, 2)",
      "insert/insert": "DELETE FROM device WHERE id = 'insert/insert'",
      "update/delete": "UPDATE device SET owner = 'mallory' WHERE id = 'update/delete'",
    },
    applied: 4,
  },
  {
    how: ["--value", 'owner="eve"'],
    truth: {
      "update/update": "UPDATE device SET owner = 'eve', note = 'old' WHERE id = 'update/update'",
      "delete/update": "INSERT INTO device VALUES ('delete/update', 'eve', 'old', 2)",
      "insert/insert": "UPDATE device SET owner = 'eve' WHERE id = 'insert/insert'",
      "update/delete": "UPDATE device SET owner = 'eve' WHERE id = 'update/delete'",
    },
    applied: 4,
  },
  {
    how: ["--value", "owner=null"],
    truth: {
      "update/update": "UPDATE device SET owner = NULL, note = 'old' WHERE id = 'update/update'",
      "delete/update": "INSERT INTO device VALUES ('delete/update', NULL, 'old', 2)",
      "insert/insert": "UPDATE device SET owner = NULL WHERE id = 'insert/insert'",
      "update/delete": "UPDATE device SET owner = NULL WHERE id = 'update/delete'",
    },
    applied: 4,
  },
] as const;

describe.each(decisions)("decided by $how", ({ how, truth, applied }) => {
  test("the patch does so, kind by kind or all at once, and the same bytes", async () => {
    const one = await plan();
    expect(one.summary.totals).toMatchObject({ conflict: 4, open: 4, apply: 1 });
    const all = copyOf(one);
    for (const [at, kind] of Object.keys(truth).entries()) {
      const { totals, planId } = await resolved(databases, one, [
        "--kind",
        kind,
        ...how,
        "--reason",
        "asked",
      ]);
      expect(totals).toMatchObject({ open: 3 - at, decided: at + 1, conflict: 3 - at });
      expect(planId).toBe(one.summary.planId);
    }
    const summary = await resolved(databases, all, ["--table", "*", ...how, "--reason", "asked"]);
    expect(summary.totals).toMatchObject({ open: 0, decided: 4, apply: 1 + applied, kept: 4 - applied });
    expect(filesOf(all)).toEqual(filesOf(one));
    const lines = readLines(all.folder, "conflicts.jsonl");
    expect(new Set(lines.map(({ resolution }) => resolution)).size).toBe(1);
    expect(lines.every(({ reason }) => reason === "asked")).toBe(true);
    const statements = [recovered, ...Object.values(truth)];
    await expectRecovery(databases, all, { truth: statements.join(";\n") });
  });
});

test("what is withdrawn is as if it had never been decided", async () => {
  const planned = await plan();
  const before = filesOf(planned);
  const all = ["--table", "*"];
  expect((await resolved(databases, planned, [...all, "--take", "incoming"])).totals.open).toBe(0);
  expect(await resolved(databases, planned, [...all, "--reopen"])).toEqual(planned.summary);
  expect(filesOf(planned)).toEqual(before);
});
