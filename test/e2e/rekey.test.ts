import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makePlan, type Planned, play, readLines, type Story } from "../support/incident.js";
import { expectRecovery } from "../support/recovery.js";

/** Issues with a parent of their own kind, parts known by issue and number, notes on parts, and a board's first issue. */
const schema = `
  CREATE TABLE board (id serial PRIMARY KEY, name text, first_issue_id bigint);
  CREATE TABLE issue (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL,
    parent_id bigint REFERENCES issue, board_id int REFERENCES board);
  ALTER TABLE board ADD FOREIGN KEY (first_issue_id) REFERENCES issue;
  CREATE TABLE part (issue_id bigint REFERENCES issue, number int, body text, PRIMARY KEY (issue_id, number));
  CREATE TABLE note (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), issue_id bigint, number int, body text,
    FOREIGN KEY (issue_id, number) REFERENCES part);
  INSERT INTO board (name) VALUES ('old board');
  INSERT INTO issue (title, board_id) VALUES ('old', 1);
`;
const config = "strategies: [{ match: { kinds: [insert/insert] }, use: rekey }]\n";

const plan = async (story: Omit<Story, "mode">, settings = config) => {
  const databases = await play({ ...story, mode: "replay" });
  return { databases, plan: await makePlan(databases, { config: settings }) };
};

const rekeyed = ({ folder }: Planned) => readFileSync(join(folder, "rekeyed.csv"), "utf8").trim().split("\n");
const line = (table: string, from: string, to: string, why: string) =>
  [table, from, to, why]
    .map((cell) => (cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(",");

describe("two things that got one key", () => {
  it("both stay, and what refers to the incoming one follows", async () => {
    const { databases, plan: made } = await plan({
      pre: schema,
      post: `
        INSERT INTO issue (title) VALUES ('lost A'), ('lost B');
        INSERT INTO part VALUES (2, 1, 'of A'), (2, 2, 'of A'), (3, 1, 'of B');
        INSERT INTO note (id, issue_id, number, body) VALUES ('00000000-0000-0000-0000-000000000001', 2, 2, 'on A');
        UPDATE issue SET parent_id = 2 WHERE id = 1`,
      current: `
        INSERT INTO issue (title) VALUES ('new');
        INSERT INTO part VALUES (2, 1, 'of new')`,
    });
    await expectRecovery(databases, made, {
      truth: `
        INSERT INTO issue (id, title) OVERRIDING SYSTEM VALUE VALUES (3, 'lost B'), (4, 'lost A');
        INSERT INTO part VALUES (4, 1, 'of A'), (4, 2, 'of A'), (3, 1, 'of B');
        INSERT INTO note (id, issue_id, number, body) VALUES ('00000000-0000-0000-0000-000000000001', 4, 2, 'on A');
        UPDATE issue SET parent_id = 4 WHERE id = 1`,
    });
    expect(made.summary).toMatchObject({
      totals: { incoming: 7, apply: 7, conflict: 0, decided: 1, open: 0 },
      rekeyed: 1,
      sequences: [{ sequence: "public.issue_id_seq", from: "2", to: "4" }],
    });
    expect(rekeyed(made)).toEqual([
      "table,old,new,why",
      line("public.issue", '{"id":"2"}', '{"id":"4"}', "rekey"),
      line("public.part", '{"issue_id":"2","number":"1"}', '{"issue_id":"4","number":"1"}', "reference"),
      line("public.part", '{"issue_id":"2","number":"2"}', '{"issue_id":"4","number":"2"}', "reference"),
    ]);
    const written = readLines(made.folder, "changes.jsonl").map(({ table, key }) => [table, key]);
    expect(written).toContainEqual(["public.issue", { id: "4" }]);
    expect(written).toContainEqual(["public.part", { issue_id: "4", number: "2" }]);
    const [conflict] = readLines(made.folder, "conflicts.jsonl");
    expect(conflict).toMatchObject({
      key: { id: "2" },
      kind: "insert/insert",
      resolution: "incoming",
      reason: 'rekey: it comes back as {"id":"4"}, for current has something else as {"id":"2"}',
    });
  });

  it("are referred to by rows that were judged before, in the table itself and against the order of tables", async () => {
    const { databases, plan: made } = await plan({
      pre: schema,
      post: `
        INSERT INTO issue (title) VALUES ('child'), ('parent');
        UPDATE issue SET parent_id = 3 WHERE id = 2;
        INSERT INTO board (name, first_issue_id) VALUES ('lost board', 3);
        UPDATE issue SET board_id = 2 WHERE id = 3;
        UPDATE board SET first_issue_id = 2 WHERE id = 1`,
      current:
        "INSERT INTO issue (title) VALUES ('new A'), ('new B'); INSERT INTO board (name) VALUES ('new board')",
    });
    await expectRecovery(databases, made, {
      truth: `
        INSERT INTO board VALUES (3, 'lost board', NULL);
        INSERT INTO issue (id, title, board_id) OVERRIDING SYSTEM VALUE VALUES (5, 'parent', 3);
        INSERT INTO issue (id, title, parent_id) OVERRIDING SYSTEM VALUE VALUES (4, 'child', 5);
        UPDATE board SET first_issue_id = 5 WHERE id = 3;
        UPDATE board SET first_issue_id = 4 WHERE id = 1`,
    });
    expect(made.summary).toMatchObject({ rekeyed: 3, totals: { open: 0, decided: 3 } });
  });

  it("a row that only looks the same, since its parent is another, is another", async () => {
    const { databases, plan: made } = await plan({
      pre: schema,
      post: "INSERT INTO issue (title) VALUES ('lost'); INSERT INTO issue (title, parent_id) VALUES ('to do', 2)",
      current:
        "INSERT INTO issue (title) VALUES ('new'); INSERT INTO issue (title, parent_id) VALUES ('to do', 2)",
    });
    await expectRecovery(databases, made, {
      truth: `INSERT INTO issue (id, title, parent_id) OVERRIDING SYSTEM VALUE
        VALUES (4, 'lost', NULL), (5, 'to do', 4)`,
    });
    expect(made.summary).toMatchObject({ rekeyed: 2, totals: { already: 0, apply: 2 } });
  });

  it("get no number that somebody took without asking the sequence, in either database", async () => {
    const { databases, plan: made } = await plan({
      pre: schema,
      post: `
        INSERT INTO issue (title) VALUES ('lost A'), ('lost B');
        INSERT INTO issue (id, title) OVERRIDING SYSTEM VALUE VALUES (5, 'by hand')`,
      current: `
        INSERT INTO issue (title) VALUES ('new A'), ('new B');
        INSERT INTO issue (id, title) OVERRIDING SYSTEM VALUE VALUES (4, 'by hand, since')`,
    });
    await expectRecovery(databases, made, {
      truth: `INSERT INTO issue (id, title) OVERRIDING SYSTEM VALUE
        VALUES (5, 'by hand'), (6, 'lost A'), (7, 'lost B')`,
    });
  });

  it("go in the rhythm of the sequence, past where post had it", async () => {
    const { databases, plan: made } = await plan({
      pre: "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (START 3 INCREMENT 10) PRIMARY KEY, v text)",
      post: "INSERT INTO t (v) VALUES ('lost'), ('gone'), ('gone, too'); DELETE FROM t WHERE id > 3",
      current: "INSERT INTO t (v) VALUES ('new')",
    });
    await expectRecovery(databases, made, {
      truth: "INSERT INTO t (id, v) OVERRIDING SYSTEM VALUE VALUES (33, 'lost')",
    });
  });

  it("what is withheld takes those along that refer to it under its new key", async () => {
    const { databases, plan: made } = await plan({
      pre: `${schema} ALTER TABLE issue ADD UNIQUE (title)`,
      post: "INSERT INTO issue (title) VALUES ('other'), ('taken'); INSERT INTO part VALUES (3, 1, 'of taken')",
      current: "INSERT INTO issue (title) VALUES ('taken'), ('new')",
    });
    await expectRecovery(databases, made, {
      truth: "INSERT INTO issue (id, title) OVERRIDING SYSTEM VALUE VALUES (4, 'other')",
    });
    expect(readLines(made.folder, "conflicts.jsonl").map(({ table, kind }) => [table, kind])).toEqual([
      ["public.issue", "insert/insert"],
      ["public.issue", "unique"],
      ["public.part", "foreign-key"],
    ]);
    expect(rekeyed(made)).toHaveLength(2);
  });
});

describe("where there is no new key to be had", () => {
  const refused = async (pre: string, lost: string, found: string) => {
    const { databases, plan: made } = await plan({ pre, post: lost, current: found });
    expect(made.exitCode).toBe(3);
    expect(made.summary).toMatchObject({ totals: { conflict: 1, decided: 0 }, rekeyed: 0 });
    await expectRecovery(databases, made, { truth: "SELECT 1" });
    return made.summary.warnings;
  };

  it("the row stays open, and the strategy is blamed by name", async () => {
    const pre = "CREATE TABLE t (id int PRIMARY KEY, v text)";
    expect(await refused(pre, "INSERT INTO t VALUES (1, 'lost')", "INSERT INTO t VALUES (1, 'new')")).toEqual(
      [
        'strategy "rekey" (pgmend.yaml:1:14 strategies[0]) can give no new keys in public.t: no column of its key is fed by a sequence of current',
      ],
    );
  });

  it("because the numbers are used up", async () => {
    const pre =
      "CREATE TABLE t (id smallint PRIMARY KEY, v text); CREATE SEQUENCE s; ALTER TABLE t ALTER id SET DEFAULT nextval('s')";
    const warnings = await refused(
      pre,
      "SELECT setval('s', 32767); INSERT INTO t VALUES (32767, 'lost')",
      "INSERT INTO t VALUES (32767, 'new')",
    );
    expect(warnings.join()).toContain("its sequence has no number left");
  });

  it("because mode undo hands out none", async () => {
    const databases = await play({
      pre: `${schema} INSERT INTO issue (title) VALUES ('lost')`,
      post: "DELETE FROM issue WHERE id = 2",
      current: "INSERT INTO issue (id, title) OVERRIDING SYSTEM VALUE VALUES (2, 'new')",
    });
    const made = await makePlan(databases, { config });
    expect(made.summary.warnings.join()).toContain("only mode replay hands out new keys");
    expect(made.summary.totals).toMatchObject({ conflict: 1 });
  });
});
