import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, query } from "../support/database.js";
import { listAll, newFolder } from "../support/folder.js";
import { readLines } from "../support/incident.js";
import { pgmend } from "../support/program.js";

let pre: string;
let current: string;

beforeAll(async () => {
  pre = await createDatabase("pre");
  await query(
    pre,
    `CREATE EXTENSION IF NOT EXISTS citext;
     CREATE TABLE note (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text, price numeric(6,2), at timestamptz,
       doubled numeric GENERATED ALWAYS AS (price * 2) STORED);
     CREATE TABLE tag (name citext PRIMARY KEY, color text);
     CREATE TABLE log_line (text text);
     INSERT INTO note (title, price, at) SELECT 'n' || n, n, '2024-01-24 05:00+00' FROM generate_series(1, 12) n;
     INSERT INTO tag VALUES ('Bug', 'red');`,
  );
  current = await createDatabase("current", pre);
});

async function plan(lines: readonly (object | string)[], words: readonly string[] = []) {
  const cwd = newFolder();
  const text = lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`);
  writeFileSync(join(cwd, "actions.jsonl"), text.join(""));
  const flags = ["--pre", pre, "--current", current, "--post-log", "actions.jsonl", "--json", "--quiet"];
  const run = await pgmend(["plan", "--mode", "replay", ...flags, ...words], { cwd });
  return { ...run, cwd, folder: join(cwd, "recovery") };
}

const update = (sequence: number, id: string, after: object, before: object = {}) => ({
  ...{
    sequence,
    time: "2024-01-24T06:00:00Z",
    actor: "ada",
    table: "note",
    key: { id },
    operation: "update",
  },
  ...{ after, before },
});

describe("a change log", () => {
  it("spellings make no difference: PostgreSQL reads and prints the values", async () => {
    const lines = [
      update(
        1,
        "1",
        { price: "1", at: "2024-01-24T10:30:00+05:30" },
        { price: "1.0", at: "Jan 24 2024 05:00 UTC" },
      ),
      update(2, "02", { price: "2.5", doubled: "5" }),
      {
        sequence: 3,
        table: "public.tag",
        key: { name: "BUG" },
        operation: "update",
        after: { color: "blue" },
      },
      "",
    ];
    const { exitCode, stderr, folder } = await plan(lines);
    // The table without a key is open.
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: "" });
    expect(readLines(folder, "log-problems.jsonl")).toEqual([]);
    expect(readLines(folder, "changes.jsonl").map(({ key, columns }) => [key, columns])).toEqual([
      [{ id: "2" }, { price: { from: "2.00", to: "2.50" } }],
      [{ name: "Bug" }, { color: { from: "red", to: "blue" } }],
    ]);
  });

  it("a changed key is a delete and an insert; numbers that were handed out stay so", async () => {
    const row = { id: "40", title: "moved", price: null, at: null };
    const lines = [
      update(1, "3", { ...row }),
      { sequence: 2, table: "note", key: { id: "50" }, operation: "insert", after: { ...row, id: "50" } },
      { sequence: 3, table: "note", key: { id: "50" }, operation: "delete" },
    ];
    const { folder, stdout } = await plan(lines);
    expect(readLines(folder, "changes.jsonl").map(({ key, operation }) => [key, operation])).toEqual([
      [{ id: "3" }, "delete"],
      [{ id: "40" }, "insert"],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ sequences: [{ sequence: "public.note_id_seq", to: "50" }] });
  });

  it("what does not fit is told, with counts and a file", async () => {
    const lines = [
      update(1, "99", { title: "x" }),
      update(2, "4", { title: "new" }, { title: "old" }),
      {
        sequence: 3,
        table: "note",
        key: { id: "5" },
        operation: "insert",
        after: { id: "5", title: "z", price: null, at: null },
      },
      { sequence: 4, table: "log_line", key: { id: "5" }, operation: "delete" },
    ];
    const { folder, stdout } = await plan(lines);
    expect(readLines(folder, "log-problems.jsonl")).toMatchObject([
      {
        problem: "contradiction",
        replayed: true,
        line: 2,
        actor: "ada",
        columns: { title: { log: "old", found: "n4" } },
      },
      { problem: "exists", replayed: false, line: 3, sequence: "3", key: { id: "5" } },
      {
        problem: "missing",
        replayed: false,
        line: 1,
        table: "public.note",
        key: { id: "99" },
        operation: "update",
      },
    ]);
    const { warnings, connections } = JSON.parse(stdout) as { warnings: string[]; connections: object };
    expect(warnings.map((text) => /^actions\.jsonl: 1 (?:of its )?actions? (\w+)/.exec(text)?.[1])).toEqual([
      "speak",
      "insert",
      "found",
      "are",
    ]);
    expect(connections).toMatchObject({
      post: { database: "actions.jsonl", snapshotAt: "2024-01-24T06:00:00Z" },
    });
  });

  it("redacted values are not shown in it either", async () => {
    const { folder } = await plan(
      [update(1, "4", { title: "new" }, { title: "hush" })],
      ["--redact", "note.title"],
    );
    const text = JSON.stringify(readLines(folder, "log-problems.jsonl"));
    expect(text).toContain("redacted:");
    expect(text).not.toContain("hush");
  });

  it("every bad line is named, and none half-taken", async () => {
    const lines = [
      "no json",
      update(2, "1", { price: "1000000", at: "yesterday-ish" }),
      update(2, "1", { titel: "x" }),
      { sequence: 4, table: "nte", key: { id: "1" }, operation: "delete" },
      { sequence: 5, table: "note", key: { no: "1" }, operation: "delete" },
      { sequence: 6, table: "note", key: { id: "77" }, operation: "insert", after: { id: "78", title: "x" } },
    ];
    const { exitCode, stdout, stderr, cwd } = await plan(lines);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(listAll(cwd)).toEqual(["actions.jsonl"]);
    expect(stderr.split("\n").slice(0, -1)).toEqual([
      "error: actions.jsonl:1: is not JSON: expected one object a line",
      'error: actions.jsonl:2: after: price: numeric field overflow (A field with precision 6, scale 2 must round to an absolute value less than 10^4.); after: at: invalid input syntax for type timestamp with time zone: "yesterday-ish"',
      'error: actions.jsonl:3: sequence: 2 does not come after 2, which stands before it; after: public.note has no column "titel"',
      'error: actions.jsonl:4: table: there is no table "nte"; did you mean "public.note"?',
      "error: actions.jsonl:5: key: expected exactly id, here is no",
      "error: actions.jsonl:6: after: an insert names every column; here price, at is not there",
      "hint: nothing of the log was taken; docs/post-log.md says what a line is",
    ]);
  });

  it("flags that make no sense with it, and a file that is not there", async () => {
    const cwd = newFolder();
    const run = await pgmend(
      ["plan", "--pre", pre, "--current", current, "--post", current, "--post-log", "none.jsonl"],
      { cwd },
    );
    expect(run.exitCode).toBe(2);
    expect(run.stderr.split("\n").filter((line) => line.startsWith("error"))).toEqual([
      "error: --post-log none.jsonl: there is no such file",
      "error: --post-log: stands in the place of --post: give one of them",
      "error: --post-log: only mode replay goes by a change log; in mode undo leave --post out, and current is read",
    ]);
  });
});
