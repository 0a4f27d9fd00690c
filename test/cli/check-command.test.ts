import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { listAll, newFolder } from "../support/folder.js";
import { type Databases, play } from "../support/incident.js";
import { pgmend } from "../support/program.js";

let databases: Databases;

const hostile = `"; \u001b[2J\nDROP TABLE device; -- ${"very long ".repeat(3)}`;

beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE device (id integer PRIMARY KEY, updated_at timestamptz); CREATE TABLE log_line (text text);
      CREATE TABLE "${hostile.replaceAll('"', '""')}" ("${"k".repeat(60)}" text PRIMARY KEY);
      INSERT INTO device VALUES (1, '2019-09-23 22:00+00')`,
    post: "UPDATE device SET updated_at = '2019-09-23 22:16+00'; DROP TABLE log_line",
  });
});

async function check(words: readonly string[], config = "") {
  const cwd = newFolder();
  writeFileSync(join(cwd, "pgmend.yaml"), config);
  const { pre, post, current } = databases;
  const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
  const run = await pgmend(["check", ...words], { cwd, env });
  expect(listAll(cwd)).toEqual(["pgmend.yaml"]);
  return run;
}

it("fits 80 columns, tells problems first, and shows nothing hostile", async () => {
  const { exitCode, stdout, stderr } = await check([]);
  expect(exitCode).toBe(3);
  expect(stderr).toBe(
    "connecting…\nreading the catalogs…\nlooking for the newest rows and the largest values…\n",
  );
  const lines = stdout.split("\n");
  // A name is never cut, so a line may be longer where one word is.
  expect(lines.filter((line) => line.length > 80 && line.trim().includes(" "))).toEqual([]);
  expect(lines).toContain("Ready to plan, but 1 table would stay open: 0 errors, 2 warnings.");
  const levels = lines.flatMap((line) => /^(ERROR|warning|note|ok)\b/.exec(line)?.[1] ?? []);
  expect([...new Set(levels)]).toEqual(["warning", "note", "ok"]);
  expect(stdout).not.toContain("\u001b");
  expect(stdout).toMatch(/^ {2}public\.device +\?? *\d* +\S+ \w+ +id$/m);
});

it("--json is the summary and nothing else", async () => {
  const { stdout, stderr, exitCode } = await check(["--json", "--quiet", "--exclude-tables", "log_line"]);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  expect(JSON.parse(stdout)).toMatchObject({
    formatVersion: 1,
    ready: true,
    leftOut: [{ table: "public.log_line", reason: "excluded by --exclude-tables", open: false }],
  });
  for (const url of Object.values(databases))
    expect(stdout).not.toContain(new URL(url, "x:/").password || "\0");
});

it("mistakes are told all at once, before anything is looked at", async () => {
  const config = "tables: [devise]\nkeys: { device: [no_such] }";
  expect(await check(["--quiet"], config)).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: 'error: pgmend.yaml:1:10 tables[0]: no table matches "devise"; did you mean "public.device"?\n',
  });
  const run = await check(["--mode", "sideways", "--such", "word"]);
  expect(run.exitCode).toBe(2);
  expect(run.stderr.match(/^error: [^:]+/gm)).toEqual(["error: --such", "error: word", "error: --mode"]);
});

it("what cannot be reached is told as plan tells it", async () => {
  const run = await check(["--quiet", "--pre", "postgresql://ann:secret@127.0.0.1:1/fleet"]);
  expect(run).toMatchObject({ exitCode: 1, stdout: "" });
  expect(run.stderr).toBe(
    "error: pre: nothing listens on 127.0.0.1:1\nhint: check host and port, and that the server is up\n",
  );
});
