import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { query } from "../../support/database.js";
import { makePlan, play, readLines } from "../../support/incident.js";
import { cloneWith, expectRecovery, nameOf, runPatch } from "../../support/recovery.js";

const everything = { words: ["--damage", "insert,update,delete"] };

/** Undone completely, with nobody at work since, current is as it was before: cell by cell, generated ones, too. */
async function expectUndone(pre: string, post: string): Promise<string> {
  const databases = await play({ pre, post });
  const plan = await makePlan(databases, everything);
  expect({ exitCode: plan.exitCode, leftOut: plan.summary.leftOut }).toEqual({ exitCode: 0, leftOut: [] });
  await expectRecovery(databases, plan, { truth: new URL(databases.pre) });
  return readFileSync(join(plan.folder, "patch.sql"), "utf8");
}

/** `insert 2 rows of public.account`, step by step. */
function stepsOf(patch: string): readonly string[] {
  return [...patch.matchAll(/^-- Step \d+ of \d+: (.*)$/gm)].map(([, title = ""]) => title);
}

describe("foreign keys", () => {
  it("parents come before children, and children go before parents", async () => {
    const patch = await expectUndone(
      `CREATE TABLE account (id integer PRIMARY KEY, email text);
       CREATE TABLE board (account integer REFERENCES account ON DELETE CASCADE, number integer, title text, PRIMARY KEY (account, number));
       CREATE TABLE a_card (id bigint PRIMARY KEY, account integer, board integer, text text,
         FOREIGN KEY (account, board) REFERENCES board ON DELETE CASCADE);
       INSERT INTO account SELECT id, id || '@example.org' FROM generate_series(1, 4) AS id;
       INSERT INTO board SELECT account, number, 'board' FROM generate_series(1, 4) AS account, generate_series(1, 3) AS number;
       INSERT INTO a_card SELECT 9000000000000000000 + 100 * account + number, account, number, 'card' FROM board`,
      `DELETE FROM account WHERE id IN (2, 3);
       UPDATE a_card SET board = 3 WHERE account = 1;
       INSERT INTO account VALUES (9, 'noise'); INSERT INTO board VALUES (9, 1, 'noise'); INSERT INTO a_card VALUES (1, 9, 1, 'noise')`,
    );
    expect(stepsOf(patch)).toEqual([
      "insert 2 rows of public.account",
      "insert 6 rows of public.board",
      "insert 6 rows of public.a_card",
      "update 2 rows of public.a_card (board)",
      "delete 1 row of public.a_card",
      "delete 1 row of public.board",
      "delete 1 row of public.account",
    ]);
  });

  it("children that were moved come back before the parent they were moved to goes", async () => {
    await expectUndone(
      `CREATE TABLE shelf (id integer PRIMARY KEY); CREATE TABLE book (id integer PRIMARY KEY, shelf integer NOT NULL REFERENCES shelf);
       INSERT INTO shelf VALUES (1), (2); INSERT INTO book SELECT id, 1 + id % 2 FROM generate_series(1, 6) AS id`,
      "INSERT INTO shelf VALUES (3); UPDATE book SET shelf = 3; DELETE FROM shelf WHERE id < 3",
    );
  });

  it("rows that point to each other, in one table and in two", async () => {
    await expectUndone(
      `CREATE TABLE person (id integer PRIMARY KEY, boss integer REFERENCES person, team integer);
       CREATE TABLE team (id integer PRIMARY KEY, lead integer REFERENCES person);
       ALTER TABLE person ADD FOREIGN KEY (team) REFERENCES team;
       INSERT INTO person VALUES (1, 1, NULL), (2, 3, NULL), (3, 2, NULL), (4, 1, NULL);
       INSERT INTO team VALUES (1, 2), (2, 4); UPDATE person SET team = 1 + id % 2`,
      "UPDATE person SET team = NULL; UPDATE team SET lead = NULL; DELETE FROM person WHERE id IN (2, 3); DELETE FROM team WHERE id = 1",
    );
  });
});

it("a value that others want is given up with all columns of its reference, where that is MATCH FULL", async () => {
  await expectUndone(
    `CREATE TABLE spot (floor integer, room integer, PRIMARY KEY (floor, room));
     CREATE TABLE desk (id integer PRIMARY KEY, floor integer, room integer UNIQUE,
       FOREIGN KEY (floor, room) REFERENCES spot MATCH FULL);
     INSERT INTO spot VALUES (1, 1), (2, 2); INSERT INTO desk VALUES (1, 1, 1), (2, 2, 2)`,
    `UPDATE desk SET floor = NULL, room = NULL WHERE id = 1; UPDATE desk SET floor = 1, room = 1 WHERE id = 2;
     UPDATE desk SET floor = 2, room = 2 WHERE id = 1`,
  );
});

describe("a ring of foreign keys that cannot be opened where the tables' order would have it", () => {
  // By name a_page comes first, and its reference may be NULL: but for the check.
  const pre = `CREATE TABLE issue (id integer PRIMARY KEY, title text, page integer);
    CREATE TABLE a_page (id integer PRIMARY KEY, issue integer UNIQUE REFERENCES issue, project integer,
      CHECK (num_nonnulls(issue, project) = 1));
    ALTER TABLE issue ADD FOREIGN KEY (page) REFERENCES a_page;
    CREATE TABLE remark (id integer PRIMARY KEY, issue integer NOT NULL REFERENCES issue, page integer REFERENCES a_page);
    INSERT INTO issue SELECT id, 'issue ' || id FROM generate_series(1, 4) AS id;
    INSERT INTO a_page SELECT id + 10, id FROM generate_series(1, 4) AS id; UPDATE issue SET page = id + 10;
    INSERT INTO remark SELECT id, id, id + 10 FROM generate_series(1, 4) AS id`;

  it("is opened on the other side", async () => {
    const gone =
      "DELETE FROM remark WHERE id > 2; UPDATE issue SET page = NULL WHERE id > 2; DELETE FROM a_page WHERE id > 12; DELETE FROM issue WHERE id > 2";
    const patch = await expectUndone(pre, gone);
    // Nothing steps aside that only hangs on the ring.
    expect(stepsOf(patch)).toEqual([
      "insert 2 rows of public.issue",
      "insert 2 rows of public.a_page",
      "insert 2 rows of public.remark",
      expect.stringMatching(/2 rows of public.issue/),
    ]);
  });

  it("is opened to take it away, too", async () => {
    await expectUndone(
      pre,
      `INSERT INTO issue VALUES (5, 'noise', NULL); INSERT INTO a_page VALUES (15, 5); UPDATE issue SET page = 15 WHERE id = 5;
       INSERT INTO remark VALUES (5, 5, 15)`,
    );
  });
});

it("unique values are swapped back, by two and in a ring", async () => {
  await expectUndone(
    `CREATE TABLE racer (id integer PRIMARY KEY, place integer NOT NULL UNIQUE, name text UNIQUE);
     INSERT INTO racer SELECT id, id, 'racer ' || id FROM generate_series(1, 5) AS id`,
    `UPDATE racer SET place = place + 100; UPDATE racer SET place = 1 + (place - 99) % 3 WHERE id <= 3;
     UPDATE racer SET place = 109 - place WHERE id > 3; UPDATE racer SET name = NULL WHERE id IN (4, 5);
     UPDATE racer SET name = 'racer ' || (9 - id) WHERE id IN (4, 5); UPDATE racer SET place = place % 100 WHERE id > 3`,
  );
});

describe("columns that PostgreSQL fills", () => {
  it("identity, always and by default, and generated ones", async () => {
    const patch = await expectUndone(
      `CREATE TABLE invoice (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, net numeric NOT NULL,
         gross numeric GENERATED ALWAYS AS (round(net * 1.2, 2)) STORED, label text GENERATED ALWAYS AS ('net ' || net::int) STORED);
       CREATE TABLE item (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, code serial, note text DEFAULT 'none');
       INSERT INTO invoice (net) SELECT n * 1.5 FROM generate_series(1, 5) AS n;
       INSERT INTO item (note) SELECT NULL FROM generate_series(1, 5)`,
      "DELETE FROM invoice WHERE id > 3; UPDATE invoice SET net = 0 WHERE id = 1; DELETE FROM item WHERE id < 3; UPDATE item SET code = 99 WHERE id = 3",
    );
    expect(patch).toContain("INSERT INTO public.invoice AS t (id, net) OVERRIDING SYSTEM VALUE\n");
    expect(patch).not.toMatch(/\bgross\b|\blabel\b/);
  });

  it("sequences are left beyond every number that came back", async () => {
    const databases = await play({
      pre: `CREATE TABLE ticket (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text);
        INSERT INTO ticket (text) SELECT 'ticket' FROM generate_series(1, 5)`,
      post: "DELETE FROM ticket WHERE id > 3; ALTER TABLE ticket ALTER id RESTART WITH 4",
    });
    const { folder } = await makePlan(databases);
    await expectRecovery(databases, { folder }, { truth: new URL(databases.pre) });
    const patient = await cloneWith(databases.current, "SELECT 1");
    await runPatch(join(folder, "patch.sql"), patient, { pgmend_database: nameOf(patient) });
    expect(await query(patient, "INSERT INTO ticket (text) VALUES ('new') RETURNING id")).toEqual([
      { id: "6" },
    ]);
  });
});

describe("tables of tables", () => {
  it("a partitioned one is read and written at its root, also where rows change partitions", async () => {
    const pre = `CREATE TABLE reading (id integer, taken date, value integer, PRIMARY KEY (id, taken)) PARTITION BY RANGE (taken);
      CREATE TABLE reading_2023 PARTITION OF reading FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
      CREATE TABLE reading_2024 PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (id);
      CREATE TABLE reading_2024_odd PARTITION OF reading_2024 FOR VALUES IN (1, 3, 5);
      CREATE TABLE reading_2024_rest PARTITION OF reading_2024 DEFAULT;
      INSERT INTO reading SELECT id, '2023-06-30'::date + 184 * (id % 2), id FROM generate_series(1, 6) AS id`;
    const post = `UPDATE reading SET taken = taken + 366 WHERE id = 2; UPDATE reading SET value = -value WHERE id > 3;
      DELETE FROM reading WHERE id = 1; INSERT INTO reading VALUES (7, '2023-01-01', 7)`;
    const patch = await expectUndone(pre, post);
    expect(patch).not.toMatch(/reading_20/);
    const databases = await play({ pre, post });
    const { folder, summary } = await makePlan(databases, everything);
    expect(summary.tables.map(({ table }) => table)).toEqual(["public.reading"]);
    expect(readLines(folder, "changes.jsonl")).toHaveLength(7);
  });

  it("by a key of the config, an update moves a row between partitions", async () => {
    const databases = await play({
      pre: `CREATE TABLE job (id integer NOT NULL, state text) PARTITION BY LIST (state);
        CREATE TABLE job_open PARTITION OF job FOR VALUES IN ('open'); CREATE TABLE job_done PARTITION OF job FOR VALUES IN ('done');
        INSERT INTO job SELECT id, CASE WHEN id < 4 THEN 'open' ELSE 'done' END FROM generate_series(1, 6) AS id`,
      post: "UPDATE job SET state = CASE state WHEN 'open' THEN 'done' ELSE 'open' END",
    });
    const plan = await makePlan(databases, { config: "keys: { job: [id] }" });
    await expectRecovery(databases, plan, { truth: new URL(databases.pre) });
  });

  it("one that others inherit from is not these", async () => {
    const patch = await expectUndone(
      `CREATE TABLE vehicle (id integer PRIMARY KEY, plate text); CREATE TABLE truck (load integer, PRIMARY KEY (id)) INHERITS (vehicle);
       INSERT INTO vehicle VALUES (1, 'one'), (2, 'two'); INSERT INTO truck VALUES (1, 'truck one', 10), (3, 'truck three', 30)`,
      "UPDATE vehicle SET plate = NULL; DELETE FROM vehicle WHERE id = 3",
    );
    expect(stepsOf(patch)).toEqual([
      "insert 1 row of public.truck",
      "update 1 row of public.truck (plate)",
      "update 2 rows of public.vehicle (plate)",
    ]);
  });
});
