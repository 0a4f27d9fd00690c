import { expect, it } from "vitest";
import { makePlan, type Planned, play, readLines, type Story } from "../support/incident.js";
import { expectRecovery } from "../support/recovery.js";

/** Replays, and shows that the patch applies and can be taken back. */
async function replay(story: Story, truth: string): Promise<Planned> {
  const databases = await play({ ...story, mode: "replay" });
  const plan = await makePlan(databases);
  await expectRecovery(databases, plan, { truth });
  return plan;
}

const conflicts = ({ folder }: Planned) =>
  readLines(folder, "conflicts.jsonl").map(({ table, key, kind, columns, causes }) => ({
    ...{ table, key, kind, columns, causes },
  }));

it("a child that comes by merging to refer to a parent that is to go is withheld", async () => {
  const plan = await replay(
    {
      pre: `CREATE TABLE shelf (hall int, number int, PRIMARY KEY (hall, number));
        CREATE TABLE book (id int PRIMARY KEY, hall int, number int, FOREIGN KEY (hall, number) REFERENCES shelf);
        INSERT INTO shelf VALUES (1, 1), (1, 2), (2, 1), (2, 2); INSERT INTO book VALUES (1, 1, 1)`,
      post: "UPDATE book SET hall = 2; DELETE FROM shelf WHERE hall = 2 AND number = 2",
      current: "UPDATE book SET number = 2",
    },
    "DELETE FROM shelf WHERE hall = 2 AND number = 2",
  );
  expect(conflicts(plan)).toEqual([
    {
      table: "public.book",
      key: { id: "1" },
      kind: "foreign-key",
      columns: ["hall", "number"],
      causes: [
        { table: "public.shelf", key: { hall: "2", number: "2" }, operation: "delete", outcome: "apply" },
      ],
    },
  ]);
});

const teams = `CREATE TABLE team (id int PRIMARY KEY, a int, b int, UNIQUE (a, b));
  CREATE TABLE member (id int PRIMARY KEY, a int, b int, FOREIGN KEY (a, b) REFERENCES team (a, b))`;
const waitsFor = (id: string) => ({
  table: "public.member",
  key: { id: "1" },
  kind: "foreign-key",
  columns: ["a", "b"],
  causes: [
    { table: "public.team", key: { id }, operation: "update", outcome: "conflict", kind: "update/update" },
  ],
});

it("what refers to a row in conflict does not end up with another that comes by merging to have its values", async () => {
  // Team 1 becomes (9, 9) by merging; the member joined team 2, which was to be (9, 9) and is in conflict.
  const plan = await replay(
    {
      pre: `${teams}; INSERT INTO team VALUES (1, 1, 1), (2, 2, 2)`,
      post: "UPDATE team SET a = 9 WHERE id = 1; UPDATE team SET a = 9, b = 9 WHERE id = 2; INSERT INTO member VALUES (1, 9, 9)",
      current: "UPDATE team SET b = 9 WHERE id = 1; UPDATE team SET a = 5 WHERE id = 2",
    },
    "UPDATE team SET a = 9 WHERE id = 1",
  );
  expect(conflicts(plan)).toContainEqual(waitsFor("2"));
});

it("nor with one of current that took them since", async () => {
  const plan = await replay(
    {
      pre: `${teams}; INSERT INTO team VALUES (1, 1, 1), (2, 2, 2)`,
      post: "UPDATE team SET a = 9, b = 9 WHERE id = 2; INSERT INTO member VALUES (1, 9, 9)",
      current: "UPDATE team SET a = 9, b = 9 WHERE id = 1; UPDATE team SET a = 5 WHERE id = 2",
    },
    "SELECT 1",
  );
  expect(conflicts(plan)).toContainEqual(waitsFor("2"));
});

it("but with that row where it has them already, though it is in conflict elsewhere", async () => {
  const databases = await play({
    pre: `${teams.replace("b int,", "b int, name text,")}; INSERT INTO team VALUES (2, 2, 2, 'two')`,
    post: "UPDATE team SET a = 9, name = 'their' WHERE id = 2; INSERT INTO member VALUES (1, 9, 2)",
    current: "UPDATE team SET a = 9, name = 'our' WHERE id = 2",
    mode: "replay",
  });
  const plan = await makePlan(databases);
  expect(conflicts(plan)).toMatchObject([{ table: "public.team", kind: "update/update" }]);
  await expectRecovery(databases, plan, { truth: "INSERT INTO member VALUES (1, 9, 2)" });
});
