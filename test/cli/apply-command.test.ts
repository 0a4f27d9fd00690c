import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compareDatabases } from "../../sample-data/compare-databases.js";
import type { ApplyResult } from "../../src/index.js";
import { createDatabase, query } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { type Databases, makePlan, type Planned, play } from "../support/incident.js";
import { pgmend, type Run } from "../support/program.js";
import { applyTo, cloneWith } from "../support/recovery.js";

let databases: Databases;
let plan: Planned;

/** Accounts and their notes are lost, devices are blanked; one address went to another account. */
beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE account (id integer PRIMARY KEY, email text UNIQUE);
      CREATE TABLE note (id integer PRIMARY KEY, account integer NOT NULL REFERENCES account, reply_to integer REFERENCES note, text text);
      CREATE TABLE device (id integer PRIMARY KEY, owner text);
      INSERT INTO account SELECT n, n || '@example.org' FROM generate_series(1, 9) AS n;
      INSERT INTO note SELECT n, n, CASE WHEN n BETWEEN 4 AND 8 THEN n + 1 END, 'note ' || n FROM generate_series(1, 9) AS n;
      INSERT INTO device SELECT n, 'ann' FROM generate_series(1, 20) AS n`,
    post: `DELETE FROM note WHERE id > 3; DELETE FROM account WHERE id > 5; UPDATE device SET owner = NULL;
      UPDATE account SET email = CASE id WHEN 1 THEN NULL ELSE '1@example.org' END WHERE id < 3`,
  });
  plan = await makePlan(databases);
});

const clone = (sql = "SELECT 1") => cloneWith(databases.current, sql);
const told = ({ stdout }: Run) => JSON.parse(stdout) as ApplyResult;

async function apply(url: string, ...words: string[]): Promise<Run> {
  return applyTo(url, plan.folder, words);
}

describe("apply", () => {
  it("writes the plan, once, and takes it back", async () => {
    const url = await clone();
    const first = await apply(url);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(told(first)).toMatchObject({
      written: 32,
      already: 0,
      before: 0,
      moved: 0,
      waits: 0,
      stopped: false,
    });
    expect(await compareDatabases(url, databases.pre)).toEqual([]);
    expect(told(await apply(url))).toMatchObject({ written: 0, already: 0, before: 32, batches: 0 });
    const back = await apply(url, "--rollback");
    expect(back).toMatchObject({ exitCode: 0 });
    expect(told(back)).toMatchObject({ direction: "rollback", written: 32 });
    expect(await compareDatabases(url, databases.current)).toEqual([]);
    expect(told(await apply(url, "--rollback"))).toMatchObject({ written: 0 });
    expect(told(await apply(url))).toMatchObject({ written: 32 });
    expect(await compareDatabases(url, databases.pre)).toEqual([]);
  });

  it("takes back only what it wrote, and keeps what others changed since", async () => {
    const url = await clone("UPDATE device SET owner = 'ann' WHERE id = 4");
    expect(told(await apply(url))).toMatchObject({ written: 31, already: 1 });
    await query(
      url,
      "UPDATE device SET owner = 'bob' WHERE id = 5; UPDATE note SET text = 'mine' WHERE id = 9",
    );
    const back = await apply(url, "--rollback", "--on-drift", "skip");
    expect(back.exitCode).toBe(4);
    // Note 9 stays, and so must its account.
    expect(told(back).rows.map(({ table, key, state }) => [table, key["id"], state])).toEqual([
      ["public.account", "9", "waits"],
      ["public.device", "5", "moved"],
      ["public.note", "9", "moved"],
    ]);
    expect(await query(url, "SELECT id FROM note ORDER BY id")).toEqual(
      [1, 2, 3, 9].map((id) => ({ id: `${id}` })),
    );
    expect(await query(url, "SELECT id, owner FROM device WHERE owner IS NOT NULL ORDER BY id")).toEqual([
      { id: "4", owner: "ann" },
      { id: "5", owner: "bob" },
    ]);
  });

  it("does not touch again what was written before, whatever became of it", async () => {
    const url = await clone();
    await apply(url, "--tables", "device");
    await query(
      url,
      "UPDATE device SET owner = NULL WHERE id = 3; UPDATE device SET owner = 'eve' WHERE id = 4",
    );
    expect(told(await apply(url))).toMatchObject({ written: 12, before: 20, moved: 0 });
    expect(await query(url, "SELECT owner FROM device WHERE id IN (3, 4) ORDER BY id")).toEqual([
      { owner: null },
      { owner: "eve" },
    ]);
  });
});

describe("rows that have moved", () => {
  const moved = `UPDATE device SET owner = 'bob' WHERE id = 7; INSERT INTO account VALUES (8, 'new@example.org')`;

  it("stop it: nothing of their batch is written, they are named, and the same command goes on", async () => {
    const url = await clone(moved);
    const run = await apply(url, "--batch-rows", "5");
    expect(run.exitCode).toBe(4);
    expect(run.stderr).toContain("pgmend plan --only-drifted");
    expect(told(run)).toMatchObject({ written: 0, moved: 1, stopped: true });
    expect(told(run).rows).toEqual([
      {
        table: "public.account",
        key: { id: "8" },
        state: "moved",
        finding: "another row with this key is there: email is 'new@example.org', expected '8@example.org'",
      },
    ]);
    await query(url, "DELETE FROM account WHERE id = 8; UPDATE device SET owner = NULL WHERE id = 7");
    expect(await apply(url)).toMatchObject({ exitCode: 0 });
    expect(await compareDatabases(url, databases.pre)).toEqual([]);
  });

  it("are left, with what needs them, and the rest is written", async () => {
    const url = await clone(moved);
    const run = await apply(url, "--on-drift", "skip", "--batch-rows", "5");
    expect(run.exitCode).toBe(4);
    // Notes 4 to 7 reply to note 8 by way of each other, and note 8 is of account 8.
    const left = told(run).rows.map(({ table, key, state }) => [table, key["id"], state]);
    expect(left).toEqual([
      ["public.account", "8", "moved"],
      ["public.device", "7", "moved"],
      ...[4, 5, 6, 7, 8].map((id) => ["public.note", `${id}`, "waits"]),
    ]);
    expect(told(run).rows.at(-1)?.finding).toBe('needs public.account {"id":"8"}, which is not written');
    expect(told(run)).toMatchObject({ written: 25, moved: 2, waits: 5, stopped: false });
    expect(await query(url, "SELECT id FROM note WHERE id > 3")).toEqual([{ id: "9" }]);
  });

  it("a value that somebody took is one of them, by the row that wanted it", async () => {
    const url = await clone("INSERT INTO account VALUES (70, '7@example.org')");
    const run = await apply(url, "--on-drift", "skip");
    expect(run.exitCode).toBe(4);
    expect(told(run).rows[0]).toEqual({
      table: "public.account",
      key: { id: "7" },
      state: "moved",
      finding:
        'the server refuses it: duplicate key value violates unique constraint "account_email_key" (Key (email)=(7@example.org) already exists.)',
    });
    expect(told(run)).toMatchObject({ moved: 1, waits: 4, written: 27 });
  });
});

describe("rows that were left", () => {
  it("are planned again, and no others; what people did is their conflict", async () => {
    const own = await play({
      pre: "CREATE TABLE device (id integer PRIMARY KEY, owner text, note text); INSERT INTO device SELECT n, 'ann' FROM generate_series(1, 9) AS n",
      post: "UPDATE device SET owner = NULL",
    });
    const first = await makePlan(own);
    await query(own.current, "UPDATE device SET owner = 'bob' WHERE id = 3; DELETE FROM device WHERE id = 4");
    const again = () => makePlan(own, { words: ["--only-drifted", first.folder] });
    await expect(again()).rejects.toThrow("its journal names no rows that were left");
    expect(await applyTo(own.current, first.folder, ["--on-drift", "skip"])).toMatchObject({ exitCode: 4 });
    const second = await again();
    expect(second.summary.totals).toMatchObject({ incoming: 2, conflict: 2 });
    await query(own.current, "UPDATE device SET owner = NULL WHERE id = 3");
    const third = await again();
    expect(third.summary.totals).toMatchObject({ incoming: 2, apply: 1, conflict: 1 });
    expect(await applyTo(own.current, third.folder)).toMatchObject({ exitCode: 3 });
    expect(await query(own.current, "SELECT count(*) FROM device WHERE owner = 'ann'")).toEqual([
      { count: "8" },
    ]);
  });
});

describe("a part of the plan", () => {
  it("leaves what needs the rest, and says what it waits for; the whole finishes it", async () => {
    const url = await clone();
    const run = await apply(url, "--tables", "note", "device");
    expect(run.exitCode).toBe(4);
    expect(told(run)).toMatchObject({ written: 20, waits: 6, moved: 0 });
    expect(told(run).rows[0]?.finding).toMatch(
      /^needs public\.(account|note) \{"id":"\d"\}, which is not written$/,
    );
    expect(await apply(url)).toMatchObject({ exitCode: 0 });
    expect(await compareDatabases(url, databases.pre)).toEqual([]);
  });

  it("may be one tenant's", async () => {
    const own = await play({
      pre: `CREATE TABLE note (id integer PRIMARY KEY, workspace_id integer, text text);
        INSERT INTO note SELECT n, n % 3, 'note' FROM generate_series(1, 9) AS n`,
      post: "UPDATE note SET text = NULL",
    });
    const { folder } = await makePlan(own, { config: "tenant: { column: workspace_id }" });
    expect(await applyTo(own.current, folder, ["--tenant", "1"])).toMatchObject({ exitCode: 0 });
    expect(
      await query(own.current, "SELECT DISTINCT workspace_id AS of FROM note WHERE text = 'note'"),
    ).toEqual([{ of: "1" }]);
    expect(await apply(databases.current, "--tenant", "1")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("--tenant: the plan does not know whose a row is"),
    });
  });

  it("of a table that is not in the plan is a mistake", async () => {
    const { exitCode, stderr } = await apply(databases.current, "--tables", "devices");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--tables devices: names no table of the plan");
  });
});

describe("what it refuses", () => {
  it("another database than the plan's", async () => {
    const url = await clone();
    const words = ["apply", plan.folder, "--yes", "--current", url];
    const { exitCode, stderr } = await pgmend(words, { cwd: newFolder() });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/the plan was made for database current_\w+@\d+, and this is clone_\w+@\d+/);
    expect(await compareDatabases(url, databases.current)).toEqual([]);
  });

  it("to write where nobody can be asked and nobody said yes", async () => {
    const words = ["apply", plan.folder, "--current", databases.current];
    const { exitCode, stderr } = await pgmend(words, { cwd: newFolder() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--yes: nobody can be asked here");
  });

  it("a database that is set read-only", async () => {
    const url = await clone();
    const name = new URL(url).pathname.slice(1);
    await query(url, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const { exitCode, stderr } = await apply(url);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("current: this database is set read-only");
  });

  it("flags that mean nothing, all at once", async () => {
    const words = [
      "--on-drift",
      "maybe",
      "--batch-rows",
      "0",
      "--lock-timeout",
      "fast",
      "--max-active",
      "-1",
    ];
    const { exitCode, stderr } = await apply(databases.current, ...words);
    expect(exitCode).toBe(2);
    for (const flag of ["--on-drift", "--batch-rows", "--lock-timeout", "--max-active"])
      expect(stderr).toContain(`error: ${flag}`);
  });

  it("a role that may not write, in a sentence", async () => {
    const url = await clone();
    const role = `reader_${new URL(url).pathname.slice(1)}`;
    await query(
      url,
      `CREATE ROLE ${role} LOGIN PASSWORD 'secret'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`,
    );
    const asReader = Object.assign(new URL(url), { username: role, password: "secret" }).href;
    try {
      const { exitCode, stderr } = await apply(asReader);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^error: current: permission denied for table (account|note)$/m);
    } finally {
      await query(url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});

describe("--dry-run", () => {
  it("lists the batches and changes nothing", async () => {
    const url = await clone();
    const words = [
      "apply",
      plan.folder,
      "--dry-run",
      "--allow-other-database",
      "--current",
      url,
      "--batch-rows",
      "10",
    ];
    const { exitCode, stdout } = await pgmend(words, { cwd: newFolder() });
    expect(exitCode).toBe(0);
    expect(stdout.split("\n").slice(0, 2)).toEqual([
      "batch 1: insert 4 of public.account, insert 6 of public.note",
      expect.stringMatching(/^batch 2: update \d+ of public.device$/),
    ]);
    expect(await compareDatabases(url, databases.current)).toEqual([]);
  });
});

describe("sign-off", () => {
  it("is wanted, given, and void when the plan says something else", async () => {
    const url = await clone();
    const own = await makePlan(databases);
    const run = (...words: string[]) => pgmend(words, { cwd: newFolder() });
    const asked = () => applyTo(url, own.folder, ["--require-approval"]);
    expect(await asked()).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("nobody has approved"),
    });
    expect(await run("approve", own.folder)).toMatchObject({ exitCode: 2 });
    const signed = await run("approve", own.folder, "--by", "Ada", "--comment", "read it");
    expect(signed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("Approved by Ada") });
    expect(await asked()).toMatchObject({ exitCode: 0 });
  });

  it("is asked for by the config", async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, "pgmend.yaml"), "requireApproval: true");
    const words = [
      "apply",
      plan.folder,
      "--yes",
      "--current",
      await createDatabase("other", databases.current),
    ];
    expect(await pgmend(words, { cwd })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("nobody has approved this plan"),
    });
  });
});

describe("pauses", () => {
  it("waits while a file is there, and can be interrupted meanwhile", async () => {
    const url = await clone();
    const [file, interrupted] = [join(newFolder(), "hold"), new AbortController()];
    writeFileSync(file, "");
    const words = [
      "apply",
      plan.folder,
      "--yes",
      "--allow-other-database",
      "--current",
      url,
      "--pause-file",
      file,
    ];
    const run = await pgmend(words, {
      cwd: newFolder(),
      signal: interrupted.signal,
      onTalk: (text) => (text.includes("waiting:") ? interrupted.abort() : undefined),
    });
    expect(run).toMatchObject({ exitCode: 130, stderr: expect.stringContaining("(--pause-file)") });
    expect(run.stderr).toContain("run the same command again to go on");
    expect(await compareDatabases(url, databases.current)).toEqual([]);
  });
});
