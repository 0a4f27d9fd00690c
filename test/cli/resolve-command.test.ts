import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { query } from "../support/database.js";
import { copyOf, filesOf, resolve, resolved } from "../support/decide.js";
import { newFolder } from "../support/folder.js";
import { type Databases, makePlan, type Planned, play, readLines } from "../support/incident.js";
import { pgmend } from "../support/program.js";
import { cloneWith } from "../support/recovery.js";

let databases: Databases;
let planned: Planned;
let ids: readonly string[];

beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE device (id integer PRIMARY KEY, owner text NOT NULL, code varchar(4), flags bit(3));
      CREATE TABLE part (id integer PRIMARY KEY, owner text);
      INSERT INTO device VALUES (1, 'ada', 'a', '111'), (2, 'ada', 'b', '111'), (3, 'ada', 'c', '111');
      INSERT INTO part VALUES (1, 'ada')`,
    post: `UPDATE device SET owner = '', code = NULL, flags = NULL; UPDATE part SET owner = NULL`,
    current: `UPDATE device SET owner = 'bob ' || id, code = 'z', flags = '000'; UPDATE part SET owner = 'bob'`,
  });
  planned = await makePlan(databases);
  ids = readLines(planned.folder, "conflicts.jsonl").map(({ conflict }) => conflict as string);
});

const decidedIn = (plan: Planned) =>
  readLines(plan.folder, "conflicts.jsonl").flatMap(({ resolution }, at) =>
    resolution === null ? [] : [[at + 1, resolution]],
  );

describe("a filter", () => {
  test.each<[string, readonly string[], readonly number[]]>([
    ["by table", ["--table", "device"], [1, 2, 3]],
    ["by column", ["--column", "co*"], [1, 2, 3]],
    ["by kind", ["--kind", "update/update", "--table", "part"], [4]],
    ["by id", ["--conflict"], [2]],
    [
      "by an expression over the three rows",
      ["--table", "device", "--where", "pre.id = 2 OR current.owner = 'bob 3' AND post.code IS NULL"],
      [2, 3],
    ],
    ["that asks the tables of current", ["--where", "pre.id = (SELECT max(id) FROM public.device)"], [3]],
    ["that nothing meets", ["--kind", "delete/update"], []],
  ])("%s", async (_, words, expected) => {
    const plan = copyOf(planned);
    const all = words[0] === "--conflict" ? [...words, ids[1] as string] : words;
    await resolved(databases, plan, [...all, "--take", "incoming"]);
    expect(decidedIn(plan)).toEqual(expected.map((at) => [at, "incoming"]));
  });

  test("lists what it means: for people, and for programs", async () => {
    const text = await resolve(databases, planned, ["--list", "--table", "part"]);
    expect(text).toMatchObject({ exitCode: 3, stderr: "" });
    expect(text.stdout).toBe(`${ids[3]}  public.part {"id":"1"}  update/update owner  open\n`);
    const json = await resolve(databases, planned, [
      "--list",
      "--json",
      "--where",
      "pre.id < 3",
      "--table",
      "device",
    ]);
    const lines = readLines(planned.folder, "conflicts.jsonl").slice(0, 2);
    expect(json.stdout).toBe(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  });

  test("with --dry-run decides nothing, and says what it would", async () => {
    const plan = copyOf(planned);
    const env = { PGMEND_CURRENT: databases.current };
    const cwd = dirname(plan.folder);
    const run = await pgmend(["resolve", "--table", "*", "--take", "base", "--dry-run", "--json"], {
      cwd,
      env,
    });
    expect(run).toMatchObject({ exitCode: 3, stderr: "4 conflicts would be decided.\n" });
    expect(JSON.parse(run.stdout)).toEqual({ dryRun: true, decided: 4, unchanged: 0, withdrawn: 0 });
    expect(filesOf(plan)).toEqual(filesOf(planned));
    expect((await resolved(databases, plan, [])).totals).toEqual(planned.summary.totals);
  });
});

describe("what is asked wrongly is told at once, and nothing is decided", () => {
  const is = "is none of";
  test.each<[string, readonly string[], readonly string[]]>([
    [
      "words",
      ["--take", "theirs", "--kind", "conflict", "--table", "*", "--frob", "--by", ""],
      [
        "--frob: there is no such flag",
        `--take: "theirs" ${is} current, incoming, base; values go with --value`,
        `--kind: "conflict" ${is} update/update, update/delete, delete/update, insert/insert, foreign-key, unique, check, not-null, exclusion, suspected-damage`,
        "--by: says who decides: give a name",
      ],
    ],
    [
      "no filter",
      ["--take", "base"],
      [
        "--take: needs to know which conflicts: --where, --table, --column, --kind, --tenant, --conflict; --table '*' means all",
      ],
    ],
    [
      "nothing to do",
      ["--table", "device", "--reason", "why"],
      [
        "--table: says which conflicts, but not what becomes of them: --take, --value, --reopen or --list",
        "--reason: goes with --take, --value or --from",
      ],
    ],
    [
      "two things to do",
      ["--from", "x.csv", "--take", "base", "--table", "device"],
      ["--take: cannot go with --from: one thing at a time"],
    ],
    [
      "values",
      ["--table", "device", "--value", "owner=17", "owner", 'owner="x"', "owner=null"],
      [
        '--value owner=17: expected a JSON text or null behind the equals sign: owner="17", or owner=null',
        '--value owner: expected column="text", or column=null',
        "--value owner=null: there is a value for owner already",
      ],
    ],
    [
      "names that the plan does not have",
      ["--table", "devise", "--column", "colour", "--take", "base"],
      ['--table: the plan has no table "devise"; did you mean "public.device"?'],
    ],
    [
      "columns",
      ["--column", "colour", "--take", "base"],
      ['--column: no table that is meant has a column "colour"'],
    ],
    [
      "a tenant",
      ["--tenant", "acme", "--take", "base"],
      ["--tenant: the plan knows no tenants: its config named none"],
    ],
    [
      "ids",
      ["--conflict", "c0", "c1", "--take", "base"],
      [
        "--conflict c0: there is no such conflict in the plan",
        "--conflict c1: there is no such conflict in the plan",
      ],
    ],
    [
      "an expression",
      ["--where", "pre.serial = 1", "--take", "base", "--table", "part"],
      ["--where: cannot be asked of public.part: current: column pre.serial does not exist"],
    ],
    [
      "values that do not fit",
      ["--table", "device", "--value", "owner=null", 'code="abcde"', 'flags="01"', 'id="9"', 'colour="red"'],
      [
        '--value: "abcde" is no value for public.device.code: it does not fit into character varying(4)',
        '--value: "01" is no value for public.device.flags: it does not fit into bit(3)',
        "--value: public.device allows no NULL in owner",
      ],
    ],
    [
      "the key",
      ["--table", "device", "--value", 'id="9"'],
      ["--value: id is part of the key of public.device: with another it is another row"],
    ],
    ["a file that is not there", ["--from", "nowhere.csv"], ["--from nowhere.csv: there is no such file"]],
  ])("%s", async (_, words, told) => {
    const run = await resolve(databases, planned, words);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr.split("\n").filter((line) => line.startsWith("error: "))).toEqual(
      told.map((text) => `error: ${text}`),
    );
  });

  test("no plan, another database, a plan in use", async () => {
    const nowhere = await pgmend(["resolve", "--list"], { cwd: newFolder() });
    expect(nowhere).toMatchObject({ exitCode: 1, stdout: "" });
    expect(nowhere.stderr).toContain("there is no plan at");
    const other = { current: await cloneWith(databases.pre, "SELECT") };
    const wrong = await resolve(other, planned, ["--table", "*", "--take", "base"]);
    expect(wrong).toMatchObject({ exitCode: 2 });
    expect(wrong.stderr).toMatch(/^error: --current: is \S+ on \S+, and the plan was made for \S+ on \S+\n/);
    const plan = copyOf(planned);
    const child = await holder(join(plan.folder, "plan.duckdb"));
    const busy = await resolve(databases, plan, ["--table", "*", "--take", "base"]);
    expect(busy).toMatchObject({ exitCode: 1 });
    expect(busy.stderr).toContain(`is in use by another process (pid ${child})`);
  });

  test("a schema that has changed", async () => {
    const planOf = await makePlan(databases);
    const changed = await play({
      pre: "CREATE TABLE a (id integer PRIMARY KEY, b text); INSERT INTO a VALUES (1, 'x')",
      post: "UPDATE a SET b = 'y'",
      current: "UPDATE a SET b = 'z'",
    });
    const plan = await makePlan(changed);
    await query(changed.current, "ALTER TABLE a RENAME b TO c");
    const run = await resolve(changed, plan, ["--table", "*", "--take", "base"]);
    expect(run).toMatchObject({ exitCode: 1 });
    expect(run.stderr).toContain(
      "the schema has changed since the plan was made: public.a has no column b any more",
    );
    expect(planOf.exitCode).toBe(3);
  });
});

describe("two people", () => {
  const bob = ["--by", "bob"];

  test("cannot replace each other's decisions unknowingly", async () => {
    const plan = copyOf(planned);
    await resolved(databases, plan, ["--table", "*", "--take", "current", "--reason", "asked them"]);
    const before = filesOf(plan);
    const file = join(newFolder(), "conflicts.csv");
    writeFileSync(file, `conflict,resolution\n${ids[3]},base\n`);
    for (const words of [
      ["--conflict", ids[3] as string, "--take", "base"],
      ["--from", file],
      ["--table", "part", "--reopen"],
    ]) {
      const run = await resolve(databases, plan, [...words, ...bob]);
      expect(run).toMatchObject({ exitCode: 2 });
      expect(run.stderr).toMatch(
        new RegExp(
          `${ids[3]} was decided by ann at 20\\S+ \\(current: asked them\\); --replace decides anew`,
        ),
      );
      expect(filesOf(plan)).toEqual(before);
    }
    // A filter means what is open.
    const none = await resolved(databases, plan, ["--table", "*", "--take", "base", ...bob]);
    expect(none.totals.decided).toBe(4);
    expect(filesOf(plan)).toEqual(before);
    await resolved(databases, plan, ["--table", "*", "--take", "base", "--replace", ...bob]);
    expect(decidedIn(plan).map(([, resolution]) => resolution)).toEqual(["base", "base", "base", "base"]);
  });

  test("may agree, and one may think again", async () => {
    const plan = copyOf(planned);
    await resolved(databases, plan, ["--table", "part", "--take", "current"]);
    const named = ["--conflict", ids[3] as string];
    expect((await resolve(databases, plan, [...named, "--take", "current", ...bob])).exitCode).toBe(3);
    expect((await resolve(databases, plan, [...named, "--take", "base"])).exitCode).toBe(3);
    expect(decidedIn(plan)).toEqual([[4, "base"]]);
  });
});

test("says what it did, and leaves with 0 when nothing is open", async () => {
  const plan = copyOf(planned);
  const env = { PGMEND_CURRENT: databases.current };
  const cwd = dirname(plan.folder);
  const run = await pgmend(["resolve", "--table", "*", "--take", "incoming"], { cwd, env });
  expect(run.exitCode).toBe(0);
  expect(run.stderr).toContain("4 conflicts decided.\n");
  expect(run.stdout).toContain("4 conflicts were settled by a strategy or a decision.\n");
  expect(run.stdout).toContain("\nNothing is open.\n");
});

/** Another process that has a plan open, to write. @returns its pid */
async function holder(file: string): Promise<number> {
  const script = `
    const { DuckDBInstance } = await import("@duckdb/node-api");
    globalThis.held = await DuckDBInstance.create(process.argv[1], { access_mode: "READ_WRITE" });
    console.log("open");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, file]);
  onTestFinished(() => void child.kill());
  await once(child.stdout, "data");
  return child.pid ?? 0;
}
