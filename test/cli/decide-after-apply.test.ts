import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { compareDatabases } from "../../sample-data/compare-databases.js";
import { type ApplyResult, openPlanStore } from "../../src/index.js";
import type { Bond } from "../../src/model/bond.js";
import { createDatabase, query } from "../support/database.js";
import { copyOf, resolved } from "../support/decide.js";
import { type Databases, makePlan, type Planned, play, readLines } from "../support/incident.js";
import { pgmend, type Run } from "../support/program.js";

let databases: Databases;
let planned: Planned;
/** As it was before anything was applied. */
let before: string;

/**
 * A tree whose later rows are the parents, what hangs on it, addresses that were exchanged, and places that have to be
 * freed one after the other. Open are a branch that needs a row that comes back, a noise row whose child goes, and an
 * address that another one gives up.
 */
beforeEach(async () => {
  databases = await play({
    pre: `CREATE TABLE tree (id integer PRIMARY KEY, label text, parent integer REFERENCES tree ON DELETE SET NULL);
      CREATE TABLE leaf (id integer PRIMARY KEY, tree integer NOT NULL REFERENCES tree ON DELETE CASCADE);
      CREATE TABLE account (id integer PRIMARY KEY, email text UNIQUE);
      CREATE TABLE seat (id integer PRIMARY KEY, place integer NOT NULL UNIQUE CHECK (place BETWEEN 1 AND 4));
      INSERT INTO tree VALUES (30, 'root', NULL), (20, 'middle', 30), (10, 'low', 20), (9, 'branch', 20), (1, 'stays', NULL);
      INSERT INTO leaf VALUES (1, 10), (2, 20), (3, 30);
      INSERT INTO account VALUES (1, 'a'), (2, 'b'), (4, 'd'), (5, 'e');
      INSERT INTO seat VALUES (1, 1), (2, 2), (3, 3)`,
    post: `DELETE FROM tree WHERE id IN (10, 20, 30);
      INSERT INTO tree VALUES (101, 'noise', NULL), (100, 'noise', 101), (99, 'noise', 100); INSERT INTO leaf VALUES (9, 99);
      UPDATE account SET email = NULL WHERE id = 1; UPDATE account SET email = 'a' WHERE id = 2;
      UPDATE account SET email = 'b' WHERE id = 1; UPDATE account SET email = 'gone' WHERE id = 4;
      UPDATE account SET email = 'd' WHERE id = 5;
      UPDATE seat SET place = 4 WHERE id = 3; UPDATE seat SET place = 3 WHERE id = 2; UPDATE seat SET place = 2 WHERE id = 1`,
    current: `UPDATE tree SET parent = 1 WHERE id = 9; UPDATE tree SET label = 'liked' WHERE id = 101;
      UPDATE account SET email = 'new' WHERE id = 4`,
  });
  before = await createDatabase("clone", databases.current);
  planned = await makePlan(databases, { words: ["--damage", "insert,update,delete"] });
});

const told = ({ stdout }: Run) => JSON.parse(stdout) as ApplyResult;
const apply = (words: readonly string[] = []) =>
  pgmend(["apply", planned.folder, "--current", databases.current, "--yes", "--json", ...words], {
    cwd: join(planned.folder, ".."),
  });
const rowByRow = ["--batch-rows", "1"];
const everything = ["--kind", "update/update", "update/delete", "--take", "incoming"];
const found = () => compareDatabases(databases.current, before);

async function bondsOf({ folder }: Pick<Planned, "folder">): Promise<readonly Bond[]> {
  const store = await openPlanStore(join(folder, "plan.duckdb"), { readOnly: true });
  const bonds = await store.bonds.read();
  await store.close();
  return bonds;
}

/** The statements, without who decided when. */
function sqlOf({ folder }: Pick<Planned, "folder">): readonly string[] {
  return ["patch.sql", "rollback.sql"].map((name) =>
    readFileSync(join(folder, name), "utf8").replace(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, "then"),
  );
}

test("the story leaves three rows open, each tied to rows that are written", () => {
  const open = readLines(planned.folder, "conflicts.jsonl").map(({ table, key }) => [table, key]);
  expect(open).toEqual(
    expect.arrayContaining([
      ["public.tree", { id: "9" }],
      ["public.tree", { id: "101" }],
      ["public.account", { id: "4" }],
    ]),
  );
  expect(open).toHaveLength(3);
});

describe.each([
  ["all that can be", []],
  ["a part", ["--tables", "public.tree"]],
])("when pgmend apply has written %s", (_, part) => {
  test("deciding nothing more changes nothing, and the rollback brings back what was there", async () => {
    await resolved(databases, planned, []);
    const [bonds, sql] = [await bondsOf(planned), sqlOf(planned)];
    expect(told(await apply([...rowByRow, ...part])).written).toBeGreaterThan(0);
    await resolved(databases, planned, []);
    expect(await bondsOf(planned)).toEqual(bonds);
    expect(sqlOf(planned)).toEqual(sql);
    expect(told(await apply(["--rollback", ...rowByRow]))).toMatchObject({ moved: 0 });
    expect(await found()).toEqual([]);
  });

  test("what is decided then makes the same plan as before, is written, and is taken back", async () => {
    const decidedBefore = copyOf(planned);
    await resolved(databases, decidedBefore, everything);
    await apply([...rowByRow, ...part]);
    expect((await resolved(databases, planned, everything)).totals.open).toBe(0);
    expect(await bondsOf(planned)).toEqual(await bondsOf(decidedBefore));
    expect(sqlOf(planned)).toEqual(sqlOf(decidedBefore));
    expect((await apply(rowByRow)).exitCode).toBe(0);
    expect(await compareDatabases(databases.current, databases.pre)).toEqual([]);
    expect(told(await apply(["--rollback", ...rowByRow]))).toMatchObject({ moved: 0 });
    expect(await found()).toEqual([]);
  });

  test("what was decided then is not written, and the rollback does without it", async () => {
    await apply([...rowByRow, ...part]);
    await resolved(databases, planned, everything);
    expect(told(await apply(["--rollback", ...rowByRow]))).toMatchObject({ moved: 0 });
    expect(await found()).toEqual([]);
  });
});

test("what people did since to rows that are written does not keep others from being decided", async () => {
  await apply(rowByRow);
  await query(
    databases.current,
    "DELETE FROM leaf WHERE id = 2; UPDATE account SET email = 'other' WHERE id = 1; INSERT INTO account VALUES (7, 'a')",
  );
  await resolved(databases, planned, everything);
  expect(told(await apply())).toMatchObject({ written: 3 });
});

test("a table taken back alone still waits for what hangs on it", async () => {
  await apply(rowByRow);
  await resolved(databases, planned, everything);
  await apply(rowByRow);
  const leaves = () => query(databases.current, "SELECT id FROM leaf ORDER BY id");
  const hanging = await leaves();
  const part = told(await apply(["--rollback", "--tables", "public.tree", ...rowByRow]));
  expect(part).toMatchObject({ moved: 0 });
  expect(part.waits).toBeGreaterThan(0);
  expect(await leaves()).toEqual(hanging);
  expect(told(await apply(["--rollback", ...rowByRow]))).toMatchObject({ moved: 0 });
  expect(await found()).toEqual([]);
});
