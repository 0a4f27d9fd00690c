import { describe, expect, it } from "vitest";
import { makePlan, type Planned, play, readLines } from "../support/incident.js";

/** Rows of a window that is replayed: in `post` for the first time, `current` goes on from `pre`. */
async function replay(pre: string, post: string, current = "", config = ""): Promise<Planned> {
  return makePlan(await play({ pre, post, current, mode: "replay" }), { config });
}

interface Line {
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
  readonly kind?: string;
  readonly columns?: readonly string[];
  readonly cause?: string;
  readonly causes: readonly Readonly<Record<string, unknown>>[];
}

function find({ folder }: Planned, file: string, table: string, id: string): Line {
  const lines = readLines(folder, file) as unknown as readonly Line[];
  const found = lines.find(({ table: label, key }) => label === `public.${table}` && key["id"] === id);
  if (found === undefined) throw new Error(`no ${table} ${id} in ${file}`);
  return found;
}

const conflict = (plan: Planned, table: string, id: string) => find(plan, "conflicts.jsonl", table, id);
const skipped = (plan: Planned, table: string, id: string) => find(plan, "skipped.jsonl", table, id);

describe("the chain of causes", () => {
  const tasks = "CREATE TABLE task (id int PRIMARY KEY, parent_id int REFERENCES task)";
  const eight = "INSERT INTO task SELECT n, nullif(n - 1, 0) FROM generate_series(1, 8) AS n ORDER BY n";

  it("is whole, seven links long, and ends at what is excluded", async () => {
    const config = "rules: [{ match: { tables: [task], where: post.id = 1 }, is: excluded }]";
    const plan = await replay(tasks, eight, "", config);
    const link = (id: number, outcome: string) => ({
      table: "public.task",
      key: { id: String(id) },
      operation: "insert",
      outcome,
    });
    expect(skipped(plan, "task", "8").causes).toEqual([
      ...[7, 6, 5, 4, 3, 2].map((id) => link(id, "skipped")),
      { ...link(1, "excluded"), reason: "rule 1 says excluded" },
    ]);
    expect(skipped(plan, "task", "1")).toMatchObject({ outcome: "excluded", causes: [] });
    expect(plan.summary.totals).toMatchObject({ incoming: 8, excluded: 1, skipped: 7 });
  });

  it("is whole, and ends at the row that is missing, by what refers to it", async () => {
    const team = "CREATE TABLE team (id int PRIMARY KEY, code text UNIQUE); INSERT INTO team VALUES (1, 'a')";
    const member = "CREATE TABLE member (id int PRIMARY KEY, team text REFERENCES team (code))";
    const badge = "CREATE TABLE badge (id int PRIMARY KEY, member_id int REFERENCES member)";
    const plan = await replay(
      [team, member, badge].join(";"),
      "INSERT INTO member VALUES (1, 'a'); INSERT INTO badge VALUES (1, 1)",
      "DELETE FROM team",
    );
    const missing = { table: "public.team", key: { code: "a" }, outcome: "missing" };
    expect(conflict(plan, "member", "1")).toMatchObject({
      kind: "foreign-key",
      columns: ["team"],
      cause: 'it refers to public.team {"code":"a"}, which current does not have',
      causes: [missing],
    });
    expect(conflict(plan, "badge", "1").causes).toEqual([
      {
        table: "public.member",
        key: { id: "1" },
        operation: "insert",
        outcome: "conflict",
        kind: "foreign-key",
      },
      missing,
    ]);
  });

  it("ends at the row in conflict", async () => {
    const label = "CREATE TABLE label (id int PRIMARY KEY, task_id int REFERENCES task)";
    const plan = await replay(
      `CREATE TABLE task (id int PRIMARY KEY, name text); ${label}`,
      "INSERT INTO task VALUES (1, 'theirs'); INSERT INTO label VALUES (1, 1)",
      "INSERT INTO task VALUES (1, 'ours')",
    );
    expect(conflict(plan, "label", "1").causes).toEqual([
      {
        table: "public.task",
        key: { id: "1" },
        operation: "insert",
        outcome: "conflict",
        kind: "insert/insert",
      },
    ]);
  });

  it("names the holder of a unique value by its key, and the columns of the constraint in their order", async () => {
    const pre = `CREATE TABLE issue (id int PRIMARY KEY, number int, team int, open boolean DEFAULT true);
      CREATE UNIQUE INDEX ON issue (team, abs(number)) WHERE open;
      CREATE TABLE comment (id int PRIMARY KEY, issue_id int REFERENCES issue)`;
    const plan = await replay(
      pre,
      "INSERT INTO issue VALUES (1, 7, 3); INSERT INTO comment VALUES (1, 1)",
      "INSERT INTO issue VALUES (2, -7, 3)",
    );
    const holder = { table: "public.issue", key: { id: "2" }, outcome: "unchanged" };
    expect(conflict(plan, "issue", "1")).toMatchObject({
      kind: "unique",
      columns: ["team", "number"],
      causes: [holder],
    });
    expect(conflict(plan, "comment", "1").causes).toEqual([
      {
        table: "public.issue",
        key: { id: "1" },
        operation: "insert",
        outcome: "conflict",
        kind: "unique",
      },
      holder,
    ]);
  });

  it("names the rival that is written", async () => {
    const plan = await makePlan(
      await play({
        pre: `CREATE TABLE seat (id int PRIMARY KEY, hall int, row int, UNIQUE (hall, row));
          INSERT INTO seat VALUES (1, 1, 1), (2, 2, 2)`,
        // Each merges with what was changed since to the same place.
        post: "UPDATE seat SET hall = 9",
        current: "UPDATE seat SET row = 9",
        mode: "replay",
      }),
    );
    expect(conflict(plan, "seat", "2")).toMatchObject({
      kind: "unique",
      columns: ["hall", "row"],
      causes: [{ table: "public.seat", key: { id: "1" }, operation: "update", outcome: "apply" }],
    });
  });

  it("names the child that stays: in the plan, in none, and in a table left out", async () => {
    const pre = `CREATE TABLE issue (id int PRIMARY KEY);
      CREATE TABLE comment (id int PRIMARY KEY, issue_id int REFERENCES issue ON DELETE CASCADE);
      CREATE TABLE note (id int PRIMARY KEY, about int REFERENCES issue ON DELETE CASCADE);
      INSERT INTO issue SELECT generate_series(1, 3);
      INSERT INTO comment VALUES (1, 1); INSERT INTO note VALUES (1, 3)`;
    const config = `excludeTables: [note]
rules: [{ match: { tables: [comment] }, is: damage }]`;
    const plan = await replay(pre, "DELETE FROM issue", "INSERT INTO comment VALUES (2, 2)", config);
    const causes = (id: string) => conflict(plan, "issue", id).causes;
    const kept = {
      table: "public.comment",
      key: { id: "1" },
      operation: "delete",
      outcome: "kept",
      reason: "rule 1 says damage",
    };
    expect(causes("1")).toEqual([kept]);
    expect(causes("2")).toEqual([{ table: "public.comment", key: { id: "2" }, outcome: "unchanged" }]);
    expect(conflict(plan, "issue", "1").columns).toEqual([]);
    expect(skipped(plan, "issue", "3").causes).toEqual([
      { table: "public.note", key: { about: "3" }, outcome: "excluded" },
    ]);
  });

  it("tells a changed value that others refer to by its columns", async () => {
    const pre = `CREATE TABLE team (id int PRIMARY KEY, code text UNIQUE, name text); INSERT INTO team VALUES (1, 'a', 'A');
      CREATE TABLE member (id int PRIMARY KEY, team text REFERENCES team (code) ON UPDATE CASCADE)`;
    const plan = await replay(pre, "UPDATE team SET code = 'b'", "INSERT INTO member VALUES (1, 'a')");
    expect(conflict(plan, "team", "1")).toMatchObject({
      kind: "foreign-key",
      columns: ["code"],
      causes: [{ table: "public.member", key: { id: "1" }, outcome: "unchanged" }],
    });
  });

  it("of a row in conflict whose clean cells cannot be written says so beside its own conflict", async () => {
    const databases = await play({
      pre: `CREATE TABLE team (id int PRIMARY KEY); INSERT INTO team VALUES (1), (2);
        CREATE TABLE member (id int PRIMARY KEY, name text, team int REFERENCES team); INSERT INTO member VALUES (1, 'a', 1)`,
      post: "UPDATE member SET name = 'b', team = 2",
      current: "UPDATE member SET name = 'c'; DELETE FROM team WHERE id = 2",
      mode: "replay",
    });
    const plan = await makePlan(databases, { words: ["--granularity", "cell"] });
    expect(conflict(plan, "member", "1")).toMatchObject({
      kind: "update/update",
      cause: expect.stringMatching(/^its other cells are not written either: it refers to public.team/),
      causes: [{ table: "public.team", key: { id: "2" }, outcome: "missing" }],
    });
    expect(readLines(plan.folder, "changes.jsonl")).toEqual([]);
  });

  it("of a reference that only cells of both sides make is the row in conflict that it would land on", async () => {
    const databases = await play({
      pre: `CREATE TABLE team (org int, nr int, name text, PRIMARY KEY (org, nr));
        INSERT INTO team VALUES (1, 2, 'a'), (1, 3, 'b');
        CREATE TABLE member (id int PRIMARY KEY, name text, org int, nr int, FOREIGN KEY (org, nr) REFERENCES team);
        INSERT INTO member VALUES (1, 'old', 1, 2)`,
      post: `INSERT INTO team VALUES (2, 2, 'c'), (2, 3, 'theirs'); UPDATE member SET name = 'new', org = 2`,
      current: `INSERT INTO team VALUES (2, 3, 'ours'); UPDATE member SET name = 'since', nr = 3`,
      mode: "replay",
    });
    const plan = await makePlan(databases, { words: ["--granularity", "cell"] });
    expect(conflict(plan, "member", "1")).toMatchObject({
      kind: "update/update",
      columns: ["name"],
      cause: expect.stringMatching(/^its other cells are not written either: it refers to public.team/),
      causes: [
        { table: "public.team", key: { org: "2", nr: "3" }, outcome: "conflict", kind: "insert/insert" },
      ],
    });
    expect(readLines(plan.folder, "changes.jsonl")).toMatchObject([{ key: { org: "2", nr: "2" } }]);
  });

  it("is cut in the middle where it is longer than anybody reads", async () => {
    const config = "rules: [{ match: { tables: [task], where: post.id = 1 }, is: excluded }]";
    const plan = await replay(tasks, eight.replace("8", "2500"), "", config);
    const { causes } = skipped(plan, "task", "2500");
    expect(causes).toHaveLength(100);
    expect(causes.at(-1)).toMatchObject({ key: { id: "1" }, outcome: "excluded", omitted: 2399 });
    expect(skipped(plan, "task", "101").causes).toHaveLength(100);
    expect(skipped(plan, "task", "101").causes.at(-1)).not.toHaveProperty("omitted");
  });
});
