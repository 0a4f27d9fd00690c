import { copyFileSync, cpSync, mkdirSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, query } from "../support/database.js";
import { listAll, newFolder } from "../support/folder.js";
import { type Databases, makePlan, type Planned, play } from "../support/incident.js";
import { pgmend, type Run } from "../support/program.js";
import { cloneWith, nameOf, runPatch } from "../support/recovery.js";

let databases: Databases;
let plan: Planned;

beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE device (id integer PRIMARY KEY, owner text, updated_at timestamptz DEFAULT '2024-01-24 04:47+00');
      CREATE TABLE note (id integer PRIMARY KEY, text text);
      INSERT INTO device SELECT n, 'ann' FROM generate_series(1, 3) AS n;
      INSERT INTO note VALUES (1, 'kept'), (2, 'lost')`,
    post: "UPDATE device SET owner = NULL; DELETE FROM note WHERE id = 2; INSERT INTO note VALUES (3, 'noise')",
  });
  plan = await makePlan(databases, { words: ["--damage", "insert,update,delete"] });
});

function verify(words: readonly string[], cwd = newFolder()): Promise<Run> {
  return pgmend(["verify", ...words], { cwd, env: { PGMEND_CURRENT: databases.current } });
}

/** A copy of current with the patch in it. */
async function patchedClone(sql = "SELECT 1"): Promise<string> {
  const url = await cloneWith(databases.current, "SELECT 1");
  const variables = { pgmend_database: nameOf(url) };
  expect(await runPatch(join(plan.folder, "patch.sql"), url, variables)).toMatchObject({ exitCode: 0 });
  await query(url, sql);
  return url;
}

describe("is current what the plan says", () => {
  it("not before the patch", async () => {
    const { exitCode, stdout, stderr } = await verify([plan.folder]);
    expect(exitCode).toBe(4);
    expect(stdout.split("\n").slice(0, 2)).toEqual([
      "0 of 5 planned rows are as planned.",
      "5 not written: still as the plan saw them.",
    ]);
    expect(stdout).toContain('  not written: public.device {"id":"2"}\n');
    expect(stderr).toContain("psql -X -v ON_ERROR_STOP=1 -f patch.sql");
  });

  it("after it, whatever else was written, and to touch columns", async () => {
    const url = await patchedClone(
      "INSERT INTO note VALUES (4, 'new'); UPDATE device SET updated_at = now() WHERE id = 1; DELETE FROM note WHERE id = 1",
    );
    expect(await verify([plan.folder, "--current", url])).toEqual({
      exitCode: 0,
      stdout: "5 of 5 planned rows are as planned.\n",
      stderr: "",
    });
  });

  it("not where somebody was faster, or came later", async () => {
    const url = await patchedClone(
      "UPDATE device SET owner = 'bob' WHERE id = 2; DELETE FROM device WHERE id = 3; INSERT INTO note VALUES (3, 'again')",
    );
    const { exitCode, stdout } = await verify([plan.folder, "--current", url, "--json"]);
    const [row] = await query(url, "SELECT xmin AS transaction FROM device WHERE id = 2");
    const transaction = row?.["transaction"];
    expect(exitCode).toBe(4);
    // This server keeps no times of commits; of one that does: test/cli/own-servers.test.ts.
    expect((await verify([plan.folder, "--current", url])).stdout).toContain(
      `  moved: public.device {"id":"2"}, written by transaction ${transaction}\n`,
    );
    expect(JSON.parse(stdout)).toEqual({
      planId: plan.summary.planId,
      asPlanned: 2,
      notWritten: 0,
      moved: 3,
      rows: [
        { table: "public.device", key: { id: "2" }, state: "moved", writtenBy: { transaction } },
        // Nothing is left of it that could tell.
        { table: "public.device", key: { id: "3" }, state: "moved" },
        { table: "public.note", key: { id: "3" }, state: "moved", writtenBy: { transaction } },
      ],
      invariants: [],
      sequences: [],
    });
  });

  it("and what apply has written is not open again where somebody changed it back", async () => {
    const url = await cloneWith(databases.current, "SELECT 1");
    const own = newFolder();
    cpSync(plan.folder, own, { recursive: true });
    const words = ["apply", own, "--yes", "--quiet", "--allow-other-database", "--current", url];
    expect(await pgmend(words, { cwd: own })).toMatchObject({ exitCode: 0 });
    await query(url, "UPDATE device SET owner = NULL WHERE id = 2; DELETE FROM note WHERE id = 2");
    const { stdout } = await verify([own, "--current", url]);
    const [row] = await query(url, "SELECT xmin AS transaction FROM device WHERE id = 2");
    expect(stdout.split("\n").slice(0, 4)).toEqual([
      "3 of 5 planned rows are as planned.",
      "2 moved: changed by somebody since the plan.",
      `  moved: public.device {"id":"2"}, written by transaction ${row?.["transaction"]}`,
      '  moved: public.note {"id":"2"}',
    ]);
  });

  it("and rows that only wait are told from rows that moved", async () => {
    const url = await cloneWith(
      databases.current,

      "UPDATE device SET owner = 'bob' WHERE id = 2; UPDATE device SET owner = 'ann' WHERE id = 3",
    );
    const { stdout } = await verify([plan.folder, "--current", url]);
    expect(stdout.split("\n").slice(0, 3)).toEqual([
      "1 of 5 planned rows is as planned.",
      "3 not written: still as the plan saw them.",
      "1 moved: changed by somebody since the plan.",
    ]);
  });
});

describe("a plan that is none", () => {
  const spoilt: Record<string, (file: string) => void | Promise<void>> = {
    "is a text": (file) => writeFileSync(file, "plan"),
    "is empty": (file) => writeFileSync(file, ""),
    "is somebody else's database": async (file) => {
      const instance = await DuckDBInstance.create(file);
      const connection = await instance.connect();
      await connection.run("CREATE TABLE invoice (id integer)");
      connection.closeSync();
      instance.closeSync();
    },
  };

  it.each(Object.entries(spoilt))("%s", async (_, write) => {
    const cwd = newFolder();
    const file = join(cwd, "plan.duckdb");
    await write(file);
    const before = listAll(cwd);
    expect(await verify(["."], cwd)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `error: ${file} is not a pgmend plan\nhint: name the folder of a plan, or run \`pgmend plan\` again\n`,
    });
    expect(listAll(cwd)).toEqual(before);
  });

  it.each([[[]], [["elsewhere"]]])("is not there (%j)", async (words: string[]) => {
    const cwd = newFolder();
    const file = join(cwd, words[0] ?? "recovery", "plan.duckdb");
    expect(await verify(words, cwd)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `error: there is no plan at ${file}\nhint: run \`pgmend plan\` first, or name its folder\n`,
    });
    expect(listAll(cwd)).toEqual([]);
  });

  it("was cut off", async () => {
    const cwd = newFolder();
    const file = join(cwd, "plan.duckdb");
    copyFileSync(join(plan.folder, "plan.duckdb"), file);
    truncateSync(file, statSync(file).size / 2);
    const run = await verify(["."], cwd);
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain(file);
    expect(run.stderr).not.toContain("bug in pgmend");
    expect(listAll(cwd)).toEqual(["plan.duckdb"]);
  });

  it("is a folder", async () => {
    const cwd = newFolder();
    mkdirSync(join(cwd, "plan.duckdb"));
    const run = await verify(["."], cwd);
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).not.toContain("bug in pgmend");
  });
});

it("a database that is not the plan's has not its tables", async () => {
  const run = await verify([plan.folder, "--current", await createDatabase("elsewhere")]);
  expect(run).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: `error: current: relation "public.device" does not exist
hint: the schema has changed since, or this is another database: check the URL, or plan again
`,
  });
});

it("asked wrongly, all at once", async () => {
  const run = await pgmend(["verify", plan.folder, "now", "--jsno"], { cwd: newFolder() });
  expect(run).toMatchObject({ exitCode: 2, stdout: "" });
  expect(run.stderr.trimEnd().split("\n")).toEqual([
    "error: now: is not expected here",
    "error: --jsno: there is no such flag",
    "error: --current: no connection; give --current URL, PGMEND_CURRENT, or connections.current in the config",
    "hint: pgmend verify --help shows every flag with examples",
  ]);
});

it("invariants and sequences are looked at, too", async () => {
  const own = await play({
    pre: `CREATE TABLE item (id serial PRIMARY KEY, name text);
      INSERT INTO item (name) SELECT 'item ' || n FROM generate_series(1, 3) AS n`,
    post: "DELETE FROM item WHERE id = 3; ALTER SEQUENCE item_id_seq RESTART WITH 3",
  });
  const config = "invariants: [{ name: items have names, sql: SELECT id FROM item WHERE name IS NULL }]";
  const { folder } = await makePlan(own, { config });
  const look = (url: string) => pgmend(["verify", folder, "--current", url], { cwd: newFolder() });
  expect(await look(own.current)).toMatchObject({
    exitCode: 4,
    stdout: expect.stringContaining(
      "sequence public.item_id_seq is at 3, and should be at 3\ninvariant holds: items have names",
    ),
  });
  const url = await cloneWith(
    own.current,
    "INSERT INTO item VALUES (3, 'item 3'); SELECT nextval('item_id_seq')",
  );
  expect(await look(url)).toMatchObject({ exitCode: 0 });
  await query(url, "INSERT INTO item VALUES (4, NULL)");
  expect(await look(url)).toMatchObject({
    exitCode: 4,
    stdout: expect.stringContaining('INVARIANT DOES NOT HOLD: items have names: 1 row\n    {"id":4}'),
  });
});
