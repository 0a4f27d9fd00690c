import { describe, expect, it } from "vitest";
import { makePlan, play, readLines } from "../../support/incident.js";
import { expectRecovery } from "../../support/recovery.js";

const longTest = { timeout: 90_000 };

describe("constraints hold for rows without a key", () => {
  it("foreign-key: a child whose parent is not there is withheld, all copies of it", longTest, async () => {
    const databases = await play({
      pre: `CREATE TABLE person (id integer PRIMARY KEY); CREATE TABLE visit (person integer REFERENCES person, page text);
        INSERT INTO person VALUES (1), (2); INSERT INTO visit VALUES (1, 'a'), (1, 'a'), (2, 'a'), (2, 'a'), (NULL, 'a')`,
      post: "DELETE FROM visit",
      current: "DELETE FROM person WHERE id = 2",
    });
    const plan = await makePlan(databases);
    expect(plan.summary.tables.find(({ table }) => table === "public.visit")).toMatchObject({
      apply: { insert: 3, update: 0, delete: 0 },
      conflicts: { "foreign-key": 2 },
    });
    expect(readLines(plan.folder, "conflicts.jsonl").map(({ key, incoming }) => ({ key, incoming }))).toEqual(
      [1, 2].map(() => ({ key: {}, incoming: { person: "2", page: "a" } })),
    );
    await expectRecovery(databases, plan, {
      truth: "INSERT INTO visit VALUES (1, 'a'), (1, 'a'), (NULL, 'a')",
    });
  });

  it("foreign-key: a parent goes with all its children, or stays", longTest, async () => {
    const databases = await play({
      mode: "replay",
      pre: `CREATE TABLE person (id integer PRIMARY KEY); CREATE TABLE visit (person integer REFERENCES person, page text);
        INSERT INTO person VALUES (1), (2); INSERT INTO visit VALUES (1, 'a'), (1, 'a'), (2, 'a'), (2, 'a')`,
      post: "DELETE FROM visit; DELETE FROM person",
      current: "INSERT INTO visit VALUES (2, 'a')",
    });
    const plan = await makePlan(databases);
    expect(plan.summary.totals).toMatchObject({ incoming: 6, apply: 5, conflict: 1 });
    await expectRecovery(databases, plan, {
      truth: "DELETE FROM visit; DELETE FROM person WHERE id = 1; INSERT INTO visit VALUES (2, 'a')",
    });
  });

  it("62: a nullable unique index makes no key, and is kept", longTest, async () => {
    const databases = await play({
      mode: "replay",
      pre: "CREATE TABLE seat (code text UNIQUE, guest text); INSERT INTO seat VALUES ('1', 'ann'), ('2', 'bob'), (NULL, 'eve'), (NULL, 'eve')",
      post: "UPDATE seat SET guest = guest || '!' WHERE code = '1'; INSERT INTO seat VALUES ('3', 'cid'), (NULL, 'eve')",
      current: "INSERT INTO seat VALUES ('3', 'dan')",
    });
    const plan = await makePlan(databases);
    expect(plan.summary.tables[0]).toMatchObject({
      key: [],
      apply: { insert: 2, update: 0, delete: 1 },
      conflicts: { unique: 1 },
    });
    await expectRecovery(databases, plan, {
      truth: "UPDATE seat SET guest = 'ann!' WHERE code = '1'; INSERT INTO seat VALUES (NULL, 'eve')",
    });
  });

  it("check and not-null, as current has them by now", longTest, async () => {
    const databases = await play({
      pre: "CREATE TABLE t (a integer, b text); INSERT INTO t VALUES (1, 'x'), (-1, 'x'), (-1, 'x'), (2, NULL)",
      post: "DELETE FROM t",
      current: "ALTER TABLE t ADD CHECK (a > 0); ALTER TABLE t ALTER b SET NOT NULL",
    });
    const plan = await makePlan(databases);
    expect(plan.summary.tables[0]).toMatchObject({ conflicts: { check: 2, "not-null": 1 } });
    await expectRecovery(databases, plan, { truth: "INSERT INTO t VALUES (1, 'x')" });
  });
});
