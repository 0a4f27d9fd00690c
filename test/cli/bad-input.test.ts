import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { filesWith, listAll, newFolder } from "../support/folder.js";
import { type Databases, play } from "../support/incident.js";
import { pgmend, type Run } from "../support/program.js";

let databases: Databases;

beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE device (id integer PRIMARY KEY, name text, owner text);
      CREATE TABLE log_line (device integer, line text);
      CREATE VIEW named_device AS SELECT id, name FROM device;
      INSERT INTO device VALUES (1, 'kiosk', 'ann'), (2, 'door', 'bob')`,
    post: "UPDATE device SET owner = NULL",
  });
});

interface Asked extends Run {
  readonly cwd: string;
}

/** Asks for a plan of the three databases, unless the words say otherwise. */
async function plan(words: readonly string[], config?: string): Promise<Asked> {
  const cwd = newFolder();
  if (config !== undefined) writeFileSync(join(cwd, "pgmend.yaml"), config);
  const { pre, post, current } = databases;
  const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
  return { ...(await pgmend(["plan", "--quiet", ...words], { cwd, env })), cwd };
}

/** Asked wrongly: each mistake is a line, nothing is on stdout, no file is made. */
function expectMistakes({ cwd, ...run }: Asked, mistakes: readonly string[], hint?: string): void {
  const stderr = [
    ...mistakes.map((mistake) => `error: ${mistake}`),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ];
  expect(run).toEqual({ exitCode: 2, stdout: "", stderr: `${stderr.join("\n")}\n` });
  expect(listAll(cwd).filter((name) => name !== "pgmend.yaml")).toEqual([]);
}

const helpHint = "pgmend plan --help shows every flag with examples";

describe("words", () => {
  it("every unknown flag, word and value at once", async () => {
    const run = await plan([
      ..."--mod replay now --mode sideways --granularity table --triggers maybe".split(" "),
      ..."--damage update,upsert --strategy public.device=coin --strategy owner".split(" "),
    ]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr.trimEnd().split("\n")).toEqual([
      "error: --mod: there is no such flag; did you mean --mode?",
      "error: replay: is not expected here",
      "error: now: is not expected here",
      expect.stringMatching(
        /^error: --strategy public\.device=coin: there is no strategy "coin"; known are manual, /,
      ),
      "error: --strategy owner: expected schema.table.column=strategy",
      'error: --mode: "sideways" is none of undo, replay',
      'error: --damage: "upsert" is none of insert, update, delete',
      'error: --granularity: "table" is none of row, cell',
      'error: --triggers: "maybe" is none of fire, disable',
      `hint: ${helpHint}`,
    ]);
    expect(listAll(run.cwd)).toEqual([]);
  });

  it("no connection at all", async () => {
    const cwd = newFolder();
    const missing = (role: string) =>
      `--${role}: no connection; give --${role} URL, PGMEND_${role.toUpperCase()}, or connections.${role} in the config`;
    expectMistakes(
      { ...(await pgmend(["plan"], { cwd })), cwd },
      [missing("pre"), missing("current")],
      helpHint,
    );
  });

  it.each([
    [
      "no command, and no terminal for its screens",
      [],
      "there is no terminal for the screens that it opens alone: say what to do",
      "without one: pgmend plan makes the plan, pgmend resolve decides conflicts by filter or from conflicts.csv; ",
    ],
    ["an unknown command", ["mend"], 'there is no command "mend"', ""],
  ])("%s", async (_, words, what, instead) => {
    const cwd = newFolder();
    const run = await pgmend(words, { cwd });
    expectMistakes(
      { ...run, cwd },
      [
        `pgmend: ${what}; known are init, check, timeline, plan, rehearse, approve, apply, resolve, review, verify, demo`,
      ],
      `${instead}pgmend --help says more`,
    );
  });

  it("a flag without its value", async () => {
    const run = await plan(["--out"]);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toMatch(/^error: pgmend: option '--out <dir>' argument missing\nhint: .*--help/);
  });

  it.each([
    ["where a word is not expected", ["postgresql://ann:s3cret@db1/live"]],
    [
      "where a flag is not known",
      ["--prod", "postgresql://ann:s3cret@db1/live", "--prot=postgresql://ann:s3cret@db1/live"],
    ],
    ["where a value is", ["--mode", "postgresql://ann:s3cret@db1/live"]],
    ["where a file is", ["--config", "postgresql://ann:s3/cr3t@s3cret@db1/live"]],
    ["where a folder is", ["--out", "postgresql://ann:s3cret@db1/live?password=s3cret"]],
    ["that is not encoded", ["--pre", "postgresql://ann:cr@s3cret/x@db1/live"]],
    ["that is no URL", ["--pre", "host=db1 password=s3cret"]],
    ["of another product", ["--pre", "mysql://ann:s3cret@db1/live"]],
  ])("do not give away a password %s", async (_, words) => {
    const run = await plan(words);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).not.toContain("s3cret");
    expect(filesWith(run.cwd, ["s3cret"])).toEqual([]);
  });

  it("say how a password is written in a URL", async () => {
    const run = await plan(["--pre", "postgresql://ann:cr@s3cret/x@db1/live"]);
    expectMistakes(
      run,
      ["--pre: in a password, @ is written %40, / is %2F, ? is %3F and # is %23"],
      helpHint,
    );
  });
});

describe("the config", () => {
  it("broken YAML", async () => {
    const run = await plan([], "mode: undo\ntables: [public.device\nrules: []\n");
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toMatch(/^error: pgmend\.yaml:3:1: not valid YAML: /);
    expect(listAll(run.cwd)).toEqual(["pgmend.yaml"]);
  });

  it("a file that is not there, or is none", async () => {
    const missing = await plan(["--config", "mine.yaml"]);
    expectMistakes(missing, [`--config ${join(missing.cwd, "mine.yaml")}: there is no such file`]);
    const folder = await plan(["--config", "."]);
    expectMistakes(folder, [`--config ${folder.cwd}: is a folder, not a file`]);
  });

  it("every unknown table, column and expression at once, each with its place", async () => {
    const config = `mode: undo
excludeTables: [public.invoice]
keys:
  public.sensor: [id]
  public.log_line: [device, at]
groups:
  device: [[owner, renter]]
rules:
  - match: { tables: [public.devise], operations: [update] }
    is: damage
  - match: { tables: [public.device], columns: [ownr] }
    is: damage
  - match: { tables: ["*"], operations: [update], where: post.owner IS NUL }
    is: damage
  - match: { tables: [public.device], where: post.renter IS NULL }
    is: legitimate
strategies:
  - match: { tables: [public.devices] }
    use: keep-current
  - match: { columns: [renter] }
    use: keep-current
`;
    const run = await plan(["--tables", "public.device", "public.log_line", "dvice"], config);
    expectMistakes(run, [
      '--tables: no table matches "dvice"; did you mean "public.device"?',
      'pgmend.yaml:2:17 excludeTables[0]: no table matches "public.invoice"',
      'pgmend.yaml:4:18 keys.public.sensor: no table matches "public.sensor"',
      'pgmend.yaml:9:5 rules[0].match.tables: no table matches "public.devise"; did you mean "public.device"?',
      'pgmend.yaml:11:5 rules[1].match.columns: no matching table has a column "ownr"; did you mean "owner"?',
      'pgmend.yaml:18:5 strategies[0].match.tables: no table matches "public.devices"; did you mean "public.device"?',
      'pgmend.yaml:20:5 strategies[1].match.columns: no matching table has a column "renter"',
      'pgmend.yaml:13:5 rules[2].match.where: cannot be asked of public.device: post: syntax error at or near "NUL"',
      "pgmend.yaml:15:5 rules[3].match.where: cannot be asked of public.device: post: column post.renter does not exist",
      "pgmend.yaml:7:11 groups.device: has no column renter in all three databases",
      "pgmend.yaml:5:20 keys.public.log_line: has no column at in all three databases",
    ]);
  });
});

describe("the config and the words", () => {
  it("mistakes of both are one list", async () => {
    const config = `mode: undo
connections: { pre: 7 }
rules:
  - match: { tables: [device] }
    is: broken
strategies: [{ use: coin }]
tables: [device]
excludeTables: [device]
out: 7
`;
    const run = await plan(["--mod", "--granularity", "table"], config);
    expect(run.stderr.trimEnd().split("\n")).toEqual([
      "error: --mod: there is no such flag; did you mean --mode?",
      expect.stringMatching(/^error: pgmend\.yaml:2:21 connections\.pre: /),
      expect.stringMatching(/^error: pgmend\.yaml:5:9 rules\[0\]\.is: /),
      expect.stringMatching(/^error: pgmend\.yaml:9:6 out: /),
      expect.stringMatching(/^error: pgmend\.yaml:6:21 strategies\[0\]\.use: there is no strategy "coin"/),
      'error: --granularity: "table" is none of row, cell',
      'error: pgmend.yaml:8:17 excludeTables[0]: "device" is wanted by pgmend.yaml:7:10 tables[0], too; nothing of it would be compared',
      `hint: ${helpHint}`,
    ]);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
  });

  it("a config that cannot be read hides no flag, and no connection is missed that it may hold", async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, "pgmend.yaml"), "mode: [undo\n");
    for (const command of ["plan", "verify"]) {
      const run = await pgmend([command, "--wrong"], { cwd });
      expect(run).toMatchObject({ exitCode: 2, stdout: "" });
      const [flag, yaml, hint] = run.stderr.trimEnd().split("\n");
      expect(flag).toBe("error: --wrong: there is no such flag");
      expect(yaml).toMatch(/^error: pgmend\.yaml:2:1: not valid YAML: /);
      expect(hint).toBe(
        command === "plan" ? undefined : "hint: pgmend verify --help shows every flag with examples",
      );
    }
  });

  it("columns that an option of a strategy names, and touch columns", async () => {
    const ours = join(newFolder(), "ours.mjs");
    const check = "options: { by: () => undefined }, columnOptions: ['by']";
    writeFileSync(ours, `export default { name: "ours", summary: "ours", ${check}, resolve() {} };`);
    const config = `strategies:
  - match: { tables: [device] }
    use: newest
    column: ownr
  - { use: newest, column: name }
  - { use: ${ours}, by: lines }
touch: { columns: [seen_at, owner, device.owner, "dev*.name"] }
`;
    expectMistakes(await plan([], config), [
      'pgmend.yaml:2:5 strategies[0].column: no matching table has a column "ownr"; did you mean "owner"?',
      'pgmend.yaml:6:5 strategies[2].by: no matching table has a column "lines"; did you mean "line"?',
      'pgmend.yaml:7:20 touch.columns[0]: no table has a column "seen_at"',
      'pgmend.yaml:7:36 touch.columns[2]: no table has a column "device.owner"; did you mean "owner"?',
      'pgmend.yaml:7:50 touch.columns[3]: no table has a column "dev*.name"; did you mean "name"?',
    ]);
  });

  it("a column in two groups", async () => {
    expectMistakes(await plan([], "groups: { device: [[name, owner], [owner, id]] }\n"), [
      "pgmend.yaml:1:19 groups.device: names column owner more than once",
    ]);
  });
});

describe("databases", () => {
  it.each(["current", "post"] as const)("pre and %s are the same", async (role) => {
    const run = await plan([`--${role}`, databases.pre]);
    const { host, pathname } = new URL(databases.pre);
    expectMistakes(
      run,
      [`--pre and --${role}: are the same database (${pathname.slice(1)} on ${host})`],
      "pre is a snapshot from before the incident; restore it beside the live database and name that copy",
    );
  });

  it("are the same by any other name", async () => {
    const pre = databases.pre.replace("127.0.0.1", "localhost");
    expect(await plan(["--pre", pre, "--post", databases.pre])).toMatchObject({ exitCode: 2 });
  });
});
