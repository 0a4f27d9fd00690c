import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compareDatabases } from "../../../sample-data/compare-databases.js";
import { createDatabase, query } from "../../support/database.js";
import {
  type Databases,
  makePlan,
  type Planned,
  play,
  readLines,
  type Story,
} from "../../support/incident.js";
import { expectRecovery, nameOf, runPatch } from "../../support/recovery.js";

/**
 * Boards of several workspaces. Cards and notes name no workspace: it is told by foreign keys of two columns. People
 * belong to nobody, the log to no table at all. The night: a card is deleted with its notes, a workspace is founded,
 * and a person signs up who joins two workspaces.
 */
const story: Story = {
  mode: "replay",
  pre: `
    CREATE TABLE workspace (id text PRIMARY KEY, title text);
    CREATE TABLE person (id int PRIMARY KEY, name text);
    CREATE TABLE member (id int PRIMARY KEY, workspace_id text NOT NULL REFERENCES workspace ON DELETE CASCADE,
      person_id int NOT NULL REFERENCES person ON DELETE CASCADE, seat int UNIQUE DEFERRABLE);
    CREATE TABLE board (id int PRIMARY KEY, workspace_id text REFERENCES workspace, title text);
    CREATE TABLE card (board_id int REFERENCES board, no int, body text, created_by text, parent_no int,
      PRIMARY KEY (board_id, no), FOREIGN KEY (board_id, parent_no) REFERENCES card);
    CREATE TABLE note (id int PRIMARY KEY, board_id int, card_no int, said text, created_by text,
      FOREIGN KEY (board_id, card_no) REFERENCES card ON DELETE CASCADE);
    CREATE TABLE log (id int PRIMARY KEY, what text);
    INSERT INTO workspace VALUES ('a', 'Ants'), ('b', 'Bees');
    INSERT INTO person VALUES (1, 'ann');
    INSERT INTO member VALUES (1, 'a', 1, 1), (2, 'b', 1, 2);
    INSERT INTO board VALUES (1, 'a', 'one'), (2, 'b', 'two'), (3, NULL, 'nobody''s');
    INSERT INTO card SELECT b, n, 'card ' || n, 'ann' FROM generate_series(1, 3) b, generate_series(1, 4) n;
    INSERT INTO note SELECT b * 10 + n, b, n, 'note', 'ann' FROM generate_series(1, 2) b, generate_series(1, 4) n;
    INSERT INTO log VALUES (1, 'start');`,
  post: `
    INSERT INTO workspace VALUES ('c', 'Cats');
    UPDATE workspace SET title = 'Bumblebees' WHERE id = 'b';
    INSERT INTO person VALUES (2, 'bob');
    INSERT INTO member VALUES (3, 'a', 2, 3), (4, 'b', 2, 4), (5, 'c', 1, 5);
    INSERT INTO board VALUES (4, 'c', 'four');
    INSERT INTO card VALUES (4, 1, 'new', 'cid', NULL), (1, 9, 'nine', 'ann', NULL), (1, 10, 'ten', 'bob', 9);
    UPDATE card SET body = 'edited' WHERE no = 2;
    DELETE FROM note WHERE card_no = 3; DELETE FROM card WHERE no = 3 AND board_id < 3;
    INSERT INTO note VALUES (50, 4, 1, 'new', 'cid');
    INSERT INTO log VALUES (2, 'night');`,
  current: `UPDATE card SET body = 'mine' WHERE board_id = 2 AND no = 2;`,
};

const config = "tenant: { column: workspace_id, patches: true }\nactor: { column: created_by }\n";

let databases: Databases;
let plan: Planned;

beforeAll(async () => {
  databases = await play(story);
  plan = await makePlan(databases, { config });
});

const tenants = (of: Planned) => of.summary.tenants ?? [];

describe("tenants of rows", () => {
  it("are told by the column, by foreign keys, and by the table that the column refers to", () => {
    const changes = readLines(plan.folder, "changes.jsonl").map(({ table, key, tenant }) =>
      [String(table).replace("public.", ""), ...Object.values(key as object), tenant].join(" "),
    );
    expect(changes.sort()).toEqual(
      [
        ...["board 4 c", "card 1 10 a", "card 1 2 a", "card 1 3 a", "card 1 9 a", "card 2 3 b", "card 3 2 "],
        ...["card 4 1 c", "log 2 ", "member 3 a", "member 4 b", "member 5 c", "note 13 a", "note 23 b"],
        ...["note 50 c", "person 2 ", "workspace b b", "workspace c c"],
      ].sort(),
    );
  });

  it("are in the summary, with the share that is back", () => {
    const none = { already: 0, conflict: 0, kept: 0, excluded: 0, skipped: 0, conflicts: {}, recovered: 1 };
    expect(tenants(plan)).toEqual([
      { ...none, tenant: "a", incoming: 6, apply: 6 },
      {
        ...{ ...none, tenant: "b", incoming: 5, apply: 4, conflict: 1 },
        ...{ conflicts: { "update/update": 1 }, recovered: 0.8 },
      },
      { ...none, tenant: "c", incoming: 5, apply: 5 },
      { ...none, tenant: null, incoming: 3, apply: 3 },
    ]);
  });

  it("are in the files of conflicts, and in the head of the patch", () => {
    expect(readLines(plan.folder, "conflicts.jsonl")).toMatchObject([{ tenant: "b" }]);
    expect(readFileSync(join(plan.folder, "conflicts.csv"), "utf8").split("\r\n").join("\n")).toContain(
      ",b,",
    );
    const patch = readFileSync(join(plan.folder, "patch.sql"), "utf8");
    expect(patch).toContain(
      "-- Tenants:\n--   a: 6 rows\n--   c: 5 rows\n--   b: 4 rows\n--   (no tenant): 3 rows\n",
    );
  });

  it("are warned of where nobody can tell", () => {
    expect(plan.summary.warnings).toEqual([
      "rows of public.log, public.person belong to no tenant: no foreign key leads from there to a table with workspace_id",
    ]);
  });
});

it("affected.csv lists who is affected, the worst off first", () => {
  expect(readFileSync(join(plan.folder, "affected.csv"), "utf8").trim().split("\n")).toEqual([
    "actor,tenant,changes,recovered,apply,already,conflict,kept,excluded,skipped,tables",
    "ann,b,3,0.6666,2,0,1,0,0,0,public.card public.note",
    "ann,a,4,1,4,0,0,0,0,0,public.card public.note",
    ",c,3,1,3,0,0,0,0,0,public.workspace public.board public.member",
    "cid,c,2,1,2,0,0,0,0,0,public.card public.note",
    ",b,2,1,2,0,0,0,0,0,public.workspace public.member",
    ",,2,1,2,0,0,0,0,0,public.log public.person",
    "ann,,1,1,1,0,0,0,0,0,public.card",
    "bob,a,1,1,1,0,0,0,0,0,public.card",
    ",a,1,1,1,0,0,0,0,0,public.member",
  ]);
  expect(plan.summary.actors).toEqual({ column: "created_by", actors: 3, rowsWithout: 8 });
});

describe("--tenant", () => {
  it("leaves out the rows of all others, and skips what needs them", async () => {
    const only = await makePlan(databases, { config, words: ["--tenant", "a", "--tenant", "zebra"] });
    expect(tenants(only)).toMatchObject([
      { tenant: "a", apply: 5, skipped: 1, excluded: 0, recovered: 0.8333 },
      { tenant: "b", excluded: 5, recovered: null },
      { tenant: "c", excluded: 5 },
      { tenant: null, excluded: 3 },
    ]);
    expect(only.summary.totals.open).toBe(0);
    expect(only.summary.warnings).toContain("--tenant zebra: no row of the incident delta belongs to it");
    expect(readFileSync(join(only.folder, "report.html"), "utf8")).toContain(
      "that row is excluded (belongs to no tenant, and only a, zebra were asked for)",
    );
    await expectRecovery(databases, only, {
      truth: `INSERT INTO card VALUES (1, 9, 'nine', 'ann', NULL), (1, 10, 'ten', 'bob', 9);
        UPDATE card SET body = 'edited' WHERE board_id = 1 AND no = 2;
        DELETE FROM note WHERE id = 13; DELETE FROM card WHERE board_id = 1 AND no = 3`,
    });
  });

  const ofWorkspace = "tenant: { column: workspace_id";
  it.each([
    ["without a tenant in the config", "", "--tenant: the config must say whose a row is"],
    [
      "a column that nobody has",
      "mode: replay\ntenant: { column: worspace_id }",
      'pgmend.yaml:2:19 tenant.column: no table of pre and post has a column "worspace_id"; did you mean "workspace_id"?',
    ],
    [
      "a way by no foreign key",
      `${ofWorkspace}, path: { note: [bord_id] } }`,
      'pgmend.yaml:1:47 tenant.path.note: public.note has no foreign key "bord_id", nor one with such a column; it has',
    ],
    [
      "a way that ends nowhere",
      `${ofWorkspace}, path: { member: [person_id] } }`,
      'tenant.path.member: it leads to public.person, which has no column "workspace_id"',
    ],
    [
      "a way for no table",
      `${ofWorkspace}, path: { nota: [card_no] } }`,
      'tenant.path.nota: no table of pre and post matches "nota"; did you mean "public.note"?',
    ],
    [
      "an actor that nobody has",
      `${ofWorkspace} }\nactor: { column: created }`,
      'pgmend.yaml:2:18 actor.column: no table of pre and post has a column "created"',
    ],
  ])("%s is a mistake", async (_, text, said) => {
    const run = makePlan(databases, { config: text, words: ["--tenant", "a"] });
    await expect(run).rejects.toThrow(/exit code 2/);
    await expect(run).rejects.toThrow(said);
  });

  it("goes the way that was given", async () => {
    const given = "tenant: { column: workspace_id, path: { note: [card_no, card_board_id_fkey] } }";
    const other = await makePlan(databases, { config: given });
    expect(tenants(other)).toEqual(tenants(plan));
  });
});

describe("patches by tenant", () => {
  const folders = { a: "1-a", b: "3-b", c: "2-c", none: "0-no-tenant" };
  const all = Object.keys(folders) as (keyof typeof folders)[];
  const run = async (url: string, tenant: keyof typeof folders | "all", file: "patch" | "rollback") => {
    const folder = tenant === "all" ? plan.folder : join(plan.folder, "tenants", folders[tenant]);
    const said = await runPatch(join(folder, `${file}.sql`), url, { pgmend_database: nameOf(url) });
    expect(said, `${file} of ${tenant}`).toMatchObject({ exitCode: 0 });
    return said;
  };
  /** What this patch alone changes, by whole rows: as many as it writes. */
  const written = async (tenant: keyof typeof folders) => {
    const patient = await createDatabase("patient", databases.current);
    await run(patient, tenant, "patch");
    const found = await compareDatabases(patient, databases.current);
    return new Set(found.map(({ table, key }) => `${table} ${JSON.stringify(key)}`)).size;
  };

  it("are listed with the folder that each is in", () => {
    expect(
      readFileSync(join(plan.folder, "tenants", "index.csv"), "utf8")
        .trim()
        .split("\n"),
    ).toEqual([
      "folder,tenant,own_rows,needed_rows,left_by_rollback",
      "0-no-tenant,,3,0,1",
      "1-a,a,6,1,1",
      "2-c,c,5,0,0",
      "3-b,b,4,1,1",
    ]);
  });

  it("write a tenant's rows, and what these need of others", async () => {
    expect(await Promise.all(all.map(written))).toEqual([7, 5, 5, 3]);
    const text = readFileSync(join(plan.folder, "tenants", "1-a", "patch.sql"), "utf8");
    expect(text).toContain("-- pgmend patch of tenant a: puts the lost window back\n");
    expect(text).toContain("--   others: 1 rows, because rows of this tenant need them\n");
  });

  it.each([
    ["a", "b", "c", "none"],
    ["none", "c", "b", "a"],
    ["b", "none", "a", "c"],
  ] as const)("make the whole of it, one after the other: %s, %s, %s, %s", async (...order) => {
    const [patient, whole] = [
      await createDatabase("patient", databases.current),
      await createDatabase("whole", databases.current),
    ];
    await run(whole, "all", "patch");
    for (const tenant of order) await run(patient, tenant, "patch");
    expect(await compareDatabases(patient, whole)).toEqual([]);
    for (const tenant of order)
      expect((await run(patient, tenant, "patch")).stderr).toContain("nothing was written");
    for (const tenant of order) await run(patient, tenant, "rollback");
    // Bob alone is left: members of two workspaces need him. The whole rollback takes him back, too.
    const left = await compareDatabases(patient, databases.current);
    expect(left.map(({ table, key }) => [table, key])).toEqual([["public.person", { id: "2" }]]);
    await run(patient, "all", "rollback");
    expect(await compareDatabases(patient, databases.current)).toEqual([]);
  });

  it("taken back leave rows of others, though foreign keys would cascade", async () => {
    const [patient, alone] = [
      await createDatabase("patient", databases.current),
      await createDatabase("alone", databases.current),
    ];
    for (const tenant of ["a", "b"] as const) await run(patient, tenant, "patch");
    await run(patient, "a", "rollback");
    await run(alone, "b", "patch");
    expect(await compareDatabases(patient, alone)).toEqual([]);
    expect(await query(patient, "SELECT id FROM member WHERE person_id = 2")).toEqual([{ id: "4" }]);
  });

  it("taken back alone are exact where nobody else needs their rows", async () => {
    const patient = await createDatabase("patient", databases.current);
    await run(patient, "c", "patch");
    await run(patient, "c", "rollback");
    expect(await compareDatabases(patient, databases.current)).toEqual([]);
  });
});
