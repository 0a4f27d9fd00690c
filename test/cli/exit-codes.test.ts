import { beforeAll, expect, it } from "vitest";
import { newFolder } from "../support/folder.js";
import { type Databases, makePlan, play } from "../support/incident.js";
import { Program } from "../support/program.js";

const program = new Program();
let databases: Databases;
let folder: string;

beforeAll(async () => {
  databases = await play({
    pre: "CREATE TABLE device (id integer PRIMARY KEY, owner text); INSERT INTO device VALUES (1, 'ann'), (2, 'bob')",
    post: "UPDATE device SET owner = NULL",
    current: "UPDATE device SET owner = 'cy' WHERE id = 2",
  });
  ({ folder } = await makePlan(databases));
});

/** What scripts rely on; 130 is in interrupted.test.ts. */
it.each<[number, string, () => string[]]>([
  [0, "done, nothing open", () => ["plan", "--strategy", "*=keep-current"]],
  [1, "it failed", () => ["plan", "--pre", "postgresql://ann@127.0.0.1:1/fleet"]],
  [2, "asked wrongly", () => ["plan", "--mode", "sideways"]],
  [3, "done, but something is open", () => ["plan"]],
  [4, "rows are not as planned", () => ["verify", folder]],
])("%i: %s", async (code, _, words) => {
  const { pre, post, current } = databases;
  const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
  const { exitCode, stdout, stderr } = await program.run([...words(), "--quiet"], { cwd: newFolder(), env });
  expect(exitCode).toBe(code);
  // Results are told on stdout, what went wrong on stderr, and never both.
  expect([stdout === "", stderr === ""]).toEqual(code === 1 || code === 2 ? [true, false] : [false, true]);
});
