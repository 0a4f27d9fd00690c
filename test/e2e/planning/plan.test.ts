import { beforeAll, describe, expect, it } from "vitest";
import { query } from "../../support/database.js";
import { type Databases, makePlan, type Planned, play, readLines } from "../../support/incident.js";
import { expectRecovery } from "../../support/recovery.js";

/** Keys of what is planned, such as `update 3`; of one table, if there are several. */
function planned({ folder }: Planned, table?: string): readonly string[] {
  return readLines(folder, "changes.jsonl")
    .filter((line) => table === undefined || line["table"] === table)
    .map(({ operation, key }) => `${operation} ${Object.values(key as object).join("/")}`);
}

function conflicts({ folder }: Planned): readonly string[] {
  return readLines(folder, "conflicts.jsonl").map(({ kind, key, columns }) =>
    `${kind} ${Object.values(key as object).join("/")} ${(columns as string[]).join()}`.trim(),
  );
}

describe("replay: a lost window is put back onto what was restored", () => {
  const pre = `CREATE TABLE issue (id integer PRIMARY KEY, title text, state text);
    CREATE TABLE remark (id integer PRIMARY KEY, issue integer REFERENCES issue, text text);
    INSERT INTO issue SELECT id, 'issue ' || id, 'open' FROM generate_series(1, 6) AS id;
    INSERT INTO remark SELECT id, id, 'remark ' || id FROM generate_series(1, 6) AS id`;
  /** People's work in the window: 2 retitled, 3 closed, 4 deleted, 7 and 8 made. */
  const post = `UPDATE issue SET title = 'better ' || id WHERE id = 2; UPDATE issue SET state = 'closed' WHERE id IN (3, 5);
    DELETE FROM remark WHERE issue IN (4, 6); DELETE FROM issue WHERE id IN (4, 6);
    INSERT INTO issue VALUES (7, 'seven', 'open'), (8, 'eight', 'open'); INSERT INTO remark VALUES (7, 7, 'remark 7'), (8, 8, 'remark 8')`;
  /** Work since the restore: 2 moved on in another column, 5 in the same, 6 is still used, 8 is somebody else's. */
  const current = `UPDATE issue SET state = 'started' WHERE id = 2; UPDATE issue SET state = 'later' WHERE id = 5;
    UPDATE issue SET title = 'mine' WHERE id = 6; INSERT INTO issue VALUES (8, 'other', 'open')`;

  it("onto work done since, which stays", async () => {
    const databases = await play({ pre, post, current, mode: "replay" });
    const plan = await makePlan(databases);
    expect(plan.exitCode).toBe(3);
    expect(conflicts(plan)).toEqual(
      expect.arrayContaining(["update/update 5 state", "update/delete 6", "insert/insert 8 title"]),
    );
    await expectRecovery(databases, plan, {
      truth: `UPDATE issue SET title = 'better 2' WHERE id = 2; UPDATE issue SET state = 'closed' WHERE id = 3;
        DELETE FROM remark WHERE id = 4; DELETE FROM issue WHERE id = 4;
        INSERT INTO issue VALUES (7, 'seven', 'open'); INSERT INTO remark VALUES (7, 7, 'remark 7');
        ${planned(plan).includes("delete 6") ? "DELETE FROM remark WHERE id = 6" : ""}`,
    });
  });

  it("onto an untouched copy, which becomes what was lost", async () => {
    const databases = await play({ pre, post, mode: "replay" });
    const plan = await makePlan(databases);
    expect(plan.exitCode).toBe(0);
    await expectRecovery(databases, plan, { truth: new URL(databases.post) });
  });
});

describe("cell granularity", () => {
  let databases: Databases;

  beforeAll(async () => {
    databases = await play({
      pre: `CREATE TABLE card (id integer PRIMARY KEY, title text, list integer, place integer, due date);
        INSERT INTO card SELECT id, 'card ' || id, 1, id, '2024-01-24' FROM generate_series(1, 3) AS id`,
      post: "UPDATE card SET title = NULL, list = 9, place = 9, due = NULL",
      current: "UPDATE card SET title = 'mine' WHERE id = 1; UPDATE card SET place = 5 WHERE id = 2",
    });
  });

  it("withholds a row in conflict whole by default", async () => {
    const plan = await makePlan(databases);
    expect(planned(plan)).toEqual(["update 3"]);
    expect(conflicts(plan)).toEqual(["update/update 1 title", "update/update 2 place"]);
  });

  it("writes its clean cells when asked, and leaves the others", async () => {
    const plan = await makePlan(databases, { words: ["--granularity", "cell"] });
    expect(plan.exitCode).toBe(3);
    expect(plan.summary.totals).toMatchObject({ apply: 1, conflict: 2 });
    const due = "due = '2024-01-24'";
    await expectRecovery(databases, plan, {
      truth: `UPDATE card SET list = 1, place = 1, ${due} WHERE id = 1; UPDATE card SET title = 'card 2', list = 1, ${due} WHERE id = 2;
        UPDATE card SET title = 'card 3', list = 1, place = 3, ${due} WHERE id = 3`,
    });
  });

  it("keeps together what only makes sense together", async () => {
    const plan = await makePlan(databases, {
      config: "granularity: cell\ngroups: { card: [[list, place]] }",
    });
    expect(conflicts(plan)[1]).toMatch(/^update\/update 2 (list,)?place$/);
    await expectRecovery(databases, plan, {
      truth: `UPDATE card SET due = '2024-01-24'; UPDATE card SET list = 1, place = id WHERE id <> 2;
        UPDATE card SET title = 'card ' || id WHERE id > 1`,
    });
  });
});

describe("rules", () => {
  let databases: Databases;

  beforeAll(async () => {
    databases = await play({
      pre: `CREATE TABLE device (id integer PRIMARY KEY, release integer, name text);
        CREATE TABLE audit (device integer, action text, PRIMARY KEY (device, action));
        INSERT INTO device SELECT id, id, 'device ' || id FROM generate_series(1, 9) AS id`,
      post: `UPDATE device SET release = NULL WHERE id <= 4;
        UPDATE device SET release = NULL, name = upper(name) WHERE id IN (5, 6);
        INSERT INTO audit VALUES (4, 'unpin'), (6, 'rename'); DELETE FROM device WHERE id = 9; INSERT INTO device VALUES (10)`,
      current: "UPDATE device SET name = 'busy' WHERE id IN (2, 3); INSERT INTO audit VALUES (1, 'seen')",
    });
  });

  const rules = (...lines: string[]) => ({
    config: `rules:\n${lines.map((line) => `  - ${line}\n`).join("")}`,
  });
  const rest = "{ match: {}, is: legitimate }";

  it.each<[string, string[], string[]]>([
    [
      "ask post, also what its other tables say",
      [
        `{ match: { tables: [device], operations: [update], where: "post.release IS NULL AND NOT EXISTS (SELECT FROM public.audit WHERE device = post.id AND action = 'unpin')" }, is: damage }`,
        rest,
      ],
      ["update 1", "update 2", "update 3", "update 5", "update 6"],
    ],
    [
      "ask pre and post together",
      [
        '{ match: { tables: [device], where: "pre.release BETWEEN 2 AND 3 AND post.release IS DISTINCT FROM pre.release" }, is: damage }',
        rest,
      ],
      ["update 2", "update 3"],
    ],
    [
      "ask current",
      [`{ match: { tables: [device], where: "current.name = 'busy'" }, is: legitimate }`],
      ["update 1", "update 4", "update 5", "update 6", "insert 9"],
    ],
    [
      "find no row where there is none",
      [
        '{ match: { tables: [device], where: "post.id IS NULL" }, is: damage }',
        '{ match: { tables: [device], where: "pre.id IS NULL" }, is: damage }',
        rest,
      ],
      ["insert 9", "delete 10"],
    ],
    [
      "speak of operations",
      ["{ match: { tables: [device], operations: [delete, insert] }, is: damage }", rest],
      ["insert 9", "delete 10"],
    ],
    [
      "the first that matches decides",
      [
        '{ match: { where: "post.id = 2" }, is: legitimate }',
        '{ match: { where: "post.id < 4" }, is: damage }',
        "{ match: { tables: [device] }, is: excluded }",
      ].map((line) => line.replace("match: { where", "match: { tables: [device], where")),
      ["update 1", "update 3"],
    ],
  ])("%s", async (_, lines, expected) => {
    const plan = await makePlan(databases, rules(...lines));
    expect(planned(plan, "public.device").toSorted()).toEqual([...expected].toSorted());
  });

  it("mask columns: the others were not touched by the incident", async () => {
    const plan = await makePlan(
      databases,
      rules("{ match: { tables: [device], columns: [rel*] }, is: damage }", rest),
    );
    const columns = readLines(plan.folder, "changes.jsonl").map((line) =>
      Object.keys(line["columns"] as object),
    );
    expect(planned(plan)).toEqual([1, 2, 3, 4, 5, 6].map((id) => `update ${id}`));
    expect(new Set(columns.flat())).toEqual(new Set(["release"]));
  });

  it("name the transactions that did it", async () => {
    const [row] = await query(databases.post, "SELECT xmin AS first FROM device WHERE id = 5");
    const [other] = await query(databases.post, "SELECT xmin AS first FROM device WHERE id = 1");
    expect(row?.["first"]).not.toBeNull();
    const transactions = `[${row?.["first"]}, "${other?.["first"]}"]`;
    const both = await makePlan(
      databases,
      rules(`{ match: { transactions: ${transactions} }, is: damage }`, rest),
    );
    expect(planned(both, "public.device")).toContain("update 5");
    const none = await makePlan(databases, rules(`{ match: { transactions: [3] }, is: damage }`, rest));
    expect(planned(none)).toEqual([]);
    expect(none.summary.totals).toMatchObject({ apply: 0, kept: 10 });
  });

  it("without any, updates and deletes are undone, and the plan warns", async () => {
    const plan = await makePlan(databases);
    expect(planned(plan)).toEqual([...[1, 2, 3, 4, 5, 6].map((id) => `update ${id}`), "insert 9"]);
    expect(plan.summary.warnings.join()).toContain("no rule says what is damage");
    const all = await makePlan(databases, { words: ["--damage", "insert"] });
    expect(planned(all).toSorted()).toEqual(["delete 10", "delete 4/unpin", "delete 6/rename"]);
  });
});
