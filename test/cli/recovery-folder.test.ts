import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { filesWith, listAll, newFolder } from "../support/folder.js";
import { type Databases, play } from "../support/incident.js";
import { Program, pgmend, type Run } from "../support/program.js";

const program = new Program();
let databases: Databases;

beforeAll(async () => {
  databases = await play({
    pre: "CREATE TABLE device (id integer PRIMARY KEY, owner text); INSERT INTO device VALUES (1, 'ann')",
    post: "UPDATE device SET owner = NULL",
  });
});

const recoveryFiles = [
  "changes.jsonl",
  "conflicts.csv",
  "conflicts.jsonl",
  "patch.sql",
  "plan.duckdb",
  "report.html",
  "report.md",
  "rollback.sql",
  "skipped.jsonl",
  "summary.json",
];

function environment(): Record<string, string> {
  const { pre, post, current } = databases;
  return { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
}

function plan(cwd: string, ...words: string[]): Promise<Run> {
  return pgmend(["plan", "--quiet", ...words], { cwd, env: environment() });
}

it("is for its owner only, and holds no password", async () => {
  const cwd = newFolder();
  const { exitCode, stdout, stderr } = await program.run(["plan"], { cwd, env: environment() });
  expect(exitCode).toBe(0);
  expect(listAll(cwd)).toEqual(["recovery", ...recoveryFiles.map((name) => join("recovery", name))]);
  const modes = listAll(cwd).map((name) => (statSync(join(cwd, name)).mode & 0o777).toString(8));
  expect(modes).toEqual(["700", ...recoveryFiles.map(() => "600")]);
  const passwords = [new URL(databases.pre).password, decodeURIComponent(new URL(databases.pre).password)];
  expect(filesWith(cwd, passwords)).toEqual([]);
  for (const password of passwords) expect(stdout + stderr).not.toContain(password);
});

it("may be an empty one, and is named in the config where no flag does", async () => {
  const cwd = newFolder();
  mkdirSync(join(cwd, "night"));
  writeFileSync(join(cwd, "pgmend.yaml"), "out: night\n");
  expect(await plan(cwd)).toMatchObject({ exitCode: 0 });
  expect(listAll(join(cwd, "night"))).toEqual(recoveryFiles);
  expect(await plan(cwd, "--out", "morning")).toMatchObject({ exitCode: 0 });
  expect(listAll(join(cwd, "morning"))).toEqual(recoveryFiles);
});

describe("a place that is taken", () => {
  it.each<[string, (cwd: string) => void, string]>([
    ["by a file", (cwd) => writeFileSync(join(cwd, "recovery"), "mine"), "is a file, not a folder"],
    [
      "by other things",
      (cwd) => {
        mkdirSync(join(cwd, "recovery"));
        writeFileSync(join(cwd, "recovery", "notes.txt"), "mine");
      },
      "the folder is not empty\nhint: choose another with --out",
    ],
  ])("%s stays as it is, also with --overwrite", async (_, prepare, told) => {
    const cwd = newFolder();
    prepare(cwd);
    const before = listAll(cwd);
    for (const words of [[], ["--overwrite"]]) {
      const run = await plan(cwd, ...words);
      expect(run).toEqual({ exitCode: 2, stdout: "", stderr: `error: --out recovery: ${told}\n` });
      expect(listAll(cwd)).toEqual(before);
    }
  });

  it("by an earlier plan is left alone, or replaced with --overwrite", async () => {
    const cwd = newFolder();
    const planId = () =>
      JSON.parse(readFileSync(join(cwd, "recovery", "summary.json"), "utf8")).planId as string;
    await plan(cwd);
    const first = planId();
    expect(await plan(cwd)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "error: --out recovery: a recovery folder is there already\n" +
        "hint: choose another with --out, or replace it with --overwrite\n",
    });
    expect(planId()).toBe(first);
    expect(await plan(cwd, "--overwrite")).toMatchObject({ exitCode: 0 });
    expect(planId()).not.toBe(first);
    expect(listAll(cwd)).toEqual(["recovery", ...recoveryFiles.map((name) => join("recovery", name))]);
  });

  it("keeps the earlier plan when the new one fails", async () => {
    const cwd = newFolder();
    await plan(cwd);
    const before = listAll(cwd).map((name) => [name, statSync(join(cwd, name)).mtimeMs]);
    const failed = await plan(cwd, "--overwrite", "--pre", "postgresql://ann:secret@127.0.0.1:1/fleet");
    expect(failed).toMatchObject({ exitCode: 1, stdout: "" });
    expect(listAll(cwd).map((name) => [name, statSync(join(cwd, name)).mtimeMs])).toEqual(before);
  });
});

describe("a place that cannot be", () => {
  const rooms: string[] = [];

  afterEach(() => {
    for (const room of rooms.splice(0)) {
      chmodSync(room, 0o700);
      rmSync(room, { recursive: true });
    }
  });

  /** Nobody may write into it, and root is somebody else meanwhile. */
  async function inClosedRoom(mode: number, work: (room: string) => Promise<void>): Promise<void> {
    const room = mkdtempSync(join(tmpdir(), "pgmend-closed-"));
    rooms.push(room);
    chmodSync(room, mode);
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65_534);
    try {
      await work(room);
    } finally {
      if (root) process.seteuid?.(0);
    }
  }

  it.each([
    ["written", 0o555],
    ["entered", 0o000],
  ])("as its parent may not be %s", async (_, mode) => {
    await inClosedRoom(mode, async (room) => {
      const out = join(room, "recovery");
      const run = await plan(tmpdir(), "--out", out);
      const stderr = `error: ${out}: permission denied\nhint: choose another folder with --out\n`;
      expect(run).toEqual({ exitCode: 1, stdout: "", stderr });
    });
    expect(listAll(rooms[0] ?? "")).toEqual([]);
  });

  it("as its parent is not there, and is not made", async () => {
    const cwd = newFolder();
    const parent = join(cwd, "incidents");
    const stderr = `error: --out incidents/recovery: there is no folder ${parent}\nhint: make it first: mkdir -p ${parent}\n`;
    expect(await plan(cwd, "--out", "incidents/recovery")).toEqual({ exitCode: 2, stdout: "", stderr });
    expect(listAll(cwd)).toEqual([]);
  });

  it("as its parent is a file", async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, "incidents"), "");
    const run = await plan(cwd, "--out", "incidents/recovery");
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toMatch(/^error: --out incidents\/recovery: /);
    expect(listAll(cwd)).toEqual(["incidents"]);
  });
});
