import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Summary } from "../../src/index.js";
import { newFolder } from "../support/folder.js";
import { type Databases, play } from "../support/incident.js";
import { pgmend, type Run } from "../support/program.js";

let databases: Databases;

beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE device (id integer PRIMARY KEY, owner text); INSERT INTO device VALUES (1, 'ann'), (2, 'bob');
      CREATE TABLE log_line (device integer NOT NULL, line integer NOT NULL, text text);
      INSERT INTO log_line VALUES (1, 1, 'on'), (1, 2, 'off'), (2, 1, 'on')`,
    post: "UPDATE device SET owner = NULL; UPDATE log_line SET text = NULL",
    current: "UPDATE device SET owner = 'cy' WHERE id = 2",
  });
});

interface Asked extends Run {
  readonly summary: Summary;
}

async function plan(words: readonly string[], config = "", env: Record<string, string> = {}): Promise<Asked> {
  const cwd = newFolder();
  writeFileSync(join(cwd, "pgmend.yaml"), config);
  const { pre, current } = databases;
  const connections = { PGMEND_PRE: pre, PGMEND_CURRENT: current };
  const run = await pgmend(["plan", ...words], { cwd, env: { ...connections, ...env } });
  return { ...run, summary: words.includes("--json") ? JSON.parse(run.stdout) : undefined };
}

const withPost = () => ["--post", databases.post];

describe("a table without a key", () => {
  it("is compared by whole rows, which are counted", async () => {
    const words = [
      ...withPost(),
      "--json",
      "--strategy",
      "*=keep-current",
      "--damage",
      "insert,update,delete",
    ];
    const { exitCode, summary } = await plan(words);
    expect(exitCode).toBe(0);
    expect(summary.leftOut).toEqual([]);
    expect(summary.tables.find(({ table }) => table === "public.log_line")).toMatchObject({
      ...{ key: [], method: "bag", rowsCompared: 6 },
      apply: { insert: 3, update: 0, delete: 3 },
    });
  });

  it("has no updates to be undone by default: they are a delete and an insert, and a warning says so", async () => {
    const { summary } = await plan([...withPost(), "--json", "--strategy", "*=keep-current"]);
    expect(summary.tables.find(({ table }) => table === "public.log_line")).toMatchObject({
      ...{
        incident: { insert: 3, update: 0, delete: 3 },
        apply: { insert: 3, update: 0, delete: 0 },
        kept: 3,
      },
    });
    expect(summary.warnings).toContainEqual(
      expect.stringContaining("the delete is taken back, and the row stands beside what it became"),
    );
  });

  it("is compared by the key that the config names", async () => {
    const config = "keys: { public.log_line: [device, line] }";
    const { exitCode, summary } = await plan(
      [...withPost(), "--json", "--strategy", "*=keep-current"],
      config,
    );
    expect(exitCode).toBe(0);
    expect(summary.tables.find(({ table }) => table === "public.log_line")).toMatchObject({
      key: ["device", "line"],
      rowsCompared: 3,
      apply: { insert: 0, update: 3, delete: 0 },
    });
  });

  it("is nobody's concern once it is left out", async () => {
    const words = [...withPost(), "--strategy", "*=keep-current", "--exclude-tables", "log_*"];
    const { exitCode, stdout } = await plan(words);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Nothing is open.\n");
    expect(stdout).not.toContain("log_line");
  });
});

it.each<[string, () => string[]]>([
  ["left out", () => []],
  ["current itself", () => ["--post", databases.current]],
])("warns when post is %s", async (_, words) => {
  const warning =
    "post was left out or is current itself: every difference between pre and current counts as the incident's";
  const { exitCode, stderr, summary } = await plan([...words(), "--json", "--tables", "device"]);
  expect(exitCode).toBe(0);
  expect(stderr).toContain(`warning: ${warning}\n`);
  expect(summary.warnings).toContain(warning);
  expect(summary.totals).toMatchObject({ incoming: 2, apply: 2 });
});

describe("what is said", () => {
  it("with --json, the summary on stdout and nothing else there", async () => {
    const { stdout, stderr, summary } = await plan([...withPost(), "--json"]);
    expect(stdout).toBe(`${JSON.stringify(summary, null, 2)}\n`);
    expect(stderr).toContain("Nothing was written to any database.\n");
  });

  it("with --quiet, nothing on stderr", async () => {
    const { stdout, stderr } = await plan([...withPost(), "--quiet"]);
    expect(stderr).toBe("");
    expect(stdout).toContain("1 open");
    expect((await plan([...withPost(), "--quiet", "--json"])).stderr).toBe("");
  });

  it.each<[string, string[], Record<string, string>]>([
    ["NO_COLOR", [], { NO_COLOR: "1", TERM: "xterm-256color" }],
    ["--no-color", ["--no-color"], { TERM: "xterm-256color" }],
    ["no terminal", [], { FORCE_COLOR: "1", TERM: "xterm-256color" }],
  ])("with %s, no colours and no moving cursor", async (_, words, env) => {
    const { stdout, stderr } = await plan([...withPost(), ...words], "", env);
    expect(stdout + stderr).not.toContain("\u001b");
    expect(stdout + stderr).not.toContain("\r");
  });

  it("--help and --version on stdout, whatever else is asked", async () => {
    const cwd = newFolder();
    for (const words of [["--help"], ["plan", "--help"], ["verify", "--help"], ["--version"]]) {
      const { exitCode, stdout, stderr } = await pgmend(words, { cwd });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).not.toBe("");
    }
  });
});
