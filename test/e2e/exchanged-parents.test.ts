import { expect, it } from "vitest";
import { query } from "../support/database.js";
import { makePlan, type Planned, play, readLines } from "../support/incident.js";
import { cloneWith, expectRecovery } from "../support/recovery.js";

/*
 * Rows exchanged the values that others refer to. Written alone, the others would break no constraint: they would hang
 * on another row than before. So they wait for their own, and say so.
 */

const reasons = ({ folder }: Planned) =>
  Object.fromEntries(
    readLines(folder, "conflicts.jsonl").map(({ table, key, cause }) => [
      `${table} ${Object.values(key as object)}`,
      String(cause).split("; ")[0],
    ]),
  );

const ownerOf = async (url: string, note: number) =>
  (await query(url, `SELECT a.id FROM account AS a JOIN note AS n USING (code) WHERE n.id = ${note}`))[0]?.[
    "id"
  ];

it("codes exchanged with all that refers to them: no order writes that, and no note goes to another account", async () => {
  const databases = await play({
    pre: `CREATE TABLE account (id int PRIMARY KEY, code text UNIQUE, name text);
      CREATE TABLE note (id int PRIMARY KEY, code text NOT NULL REFERENCES account (code) ON UPDATE CASCADE);
      INSERT INTO account VALUES (2, 'h'), (3, 'k'), (4, 'm'); INSERT INTO note VALUES (2, 'h'), (6, 'h'), (8, 'k')`,
    post: `UPDATE account SET code = 'zz' WHERE id = 3; UPDATE account SET code = 'k' WHERE id = 2;
      UPDATE account SET code = 'h' WHERE id = 3; DELETE FROM note WHERE id = 2; UPDATE account SET name = 'x' WHERE id = 4`,
  });
  const plan = await makePlan(databases);
  const exchanged = "and nothing can stand in its place while the two are exchanged";
  expect(reasons(plan)).toMatchObject({
    "public.note 2": 'it refers to public.account {"code":"h"}',
    "public.note 6": `it refers to public.account {"code":"h"}, ${exchanged}`,
    "public.note 8": `it refers to public.account {"code":"k"}, ${exchanged}`,
  });
  expect(plan.summary.totals).toMatchObject({ apply: 1, conflict: 5 });
  await expectRecovery(databases, plan, { truth: "UPDATE account SET name = NULL WHERE id = 4" });
  // What PostgreSQL would have let through.
  const alone = await cloneWith(databases.current, "UPDATE note SET code = 'h' WHERE id = 6");
  expect(await ownerOf(databases.pre, 6)).toBe("2");
  expect(await ownerOf(databases.current, 6)).toBe("2");
  expect(await ownerOf(alone, 6)).toBe("3");
});

it("places handed on while somebody refers to one: who came from the first holder does not go to the next", async () => {
  const databases = await play({
    pre: `CREATE TABLE account (id int PRIMARY KEY, code int UNIQUE);
      CREATE TABLE note (id int PRIMARY KEY, code int REFERENCES account (code) DEFERRABLE INITIALLY DEFERRED);
      INSERT INTO account VALUES (5, NULL), (7, 4), (8, 3); INSERT INTO note VALUES (5, 4), (6, 4)`,
    post: `BEGIN; UPDATE account SET code = 40 WHERE id = 8; UPDATE account SET code = 3 WHERE id = 5;
      UPDATE account SET code = NULL WHERE id = 7; UPDATE account SET code = 4 WHERE id = 8; COMMIT;
      DELETE FROM note WHERE id = 6`,
  });
  const plan = await makePlan(databases);
  expect(reasons(plan)).toEqual({
    "public.account 7": 'public.account {"id":"8"} has the same code',
    "public.account 8": 'public.note {"id":"5"} refers to it',
    "public.note 6": 'it refers to public.account {"code":"4"}',
  });
  await expectRecovery(databases, plan, { truth: "UPDATE account SET code = NULL WHERE id = 5" });
  const alone = await cloneWith(databases.current, "INSERT INTO note VALUES (6, 4)");
  expect(await ownerOf(databases.pre, 6)).toBe("7");
  expect(await ownerOf(alone, 6)).toBe("8");
});

it("what refers to a row that cannot come back does not go to another that has its code by now", async () => {
  const databases = await play({
    pre: `CREATE TABLE team (id int PRIMARY KEY);
      CREATE TABLE account (id int PRIMARY KEY, code text UNIQUE, team int REFERENCES team);
      CREATE TABLE note (id int PRIMARY KEY, code text REFERENCES account (code));
      INSERT INTO team VALUES (1); INSERT INTO account VALUES (1, 'a', 1), (3, 'c', NULL);
      INSERT INTO note VALUES (1, 'a'), (3, 'c')`,
    post: "DELETE FROM note; DELETE FROM account",
    current: "DELETE FROM team; INSERT INTO account VALUES (2, 'a', NULL), (4, 'd', NULL)",
  });
  const plan = await makePlan(databases);
  expect(Object.keys(reasons(plan))).toEqual(["public.account 1", "public.note 1"]);
  const truth = "INSERT INTO account VALUES (3, 'c', NULL); INSERT INTO note VALUES (3, 'c')";
  await expectRecovery(databases, plan, { truth });
});
