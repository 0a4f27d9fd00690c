import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, query } from "../support/database.js";
import { listAll, newFolder } from "../support/folder.js";
import { pgmend } from "../support/program.js";

/** A value that must not become markup, in the section least of all. */
const hostile = "<script>alert(1)</script>";

let urls: readonly string[];

beforeAll(async () => {
  const first = await createDatabase("t0");
  await query(
    first,
    `CREATE TABLE person (id int PRIMARY KEY, name text, mail text);
    INSERT INTO person SELECT n, 'n' || n, 'm' || n FROM generate_series(1, 60) AS n`,
  );
  const second = await createDatabase("t1", first);
  await query(second, `UPDATE person SET name = '${hostile}', mail = 'ada@example.org'`);
  const third = await createDatabase("t2", second);
  await query(third, "UPDATE person SET mail = 'since' WHERE id = 1");
  urls = [first, second, third];
}, 60_000);

function run(cwd: string, ...words: readonly string[]) {
  const [pre = "", post = "", current = ""] = urls;
  const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
  return pgmend(words, { cwd, env });
}

const snapshots = () => urls.flatMap((url, at) => ["--snapshot", `22:0${at}=${url}`]);
const page = (cwd: string, folder = "recovery") => readFileSync(join(cwd, folder, "report.html"), "utf8");
const section = "Between the snapshots";

describe("a timeline beside a plan", () => {
  it("is put into the folder, and report.html has it from the next report on", async () => {
    const cwd = newFolder();
    await run(cwd, "plan");
    expect(page(cwd)).not.toContain(section);
    const made = await run(cwd, "timeline", ...snapshots(), "--out", "recovery");
    expect(made.stderr).toContain("pgmend report puts it into report.html");
    expect(listAll(join(cwd, "recovery")).filter((name) => name.startsWith("timeline"))).toEqual([
      "timeline.html",
      "timeline.json",
    ]);
    expect(listAll(join(cwd, "recovery")).filter((name) => name.startsWith("."))).toEqual([]);
    await run(cwd, "report");
    expect(page(cwd)).toContain(section);
    expect(page(cwd)).toContain("22:00 → 22:01: public.person: 60 updated");
    expect(page(cwd)).not.toContain(hostile);
    const again = await run(cwd, "timeline", ...snapshots(), "--out", "recovery");
    expect(again).toMatchObject({ exitCode: 2 });
    expect(again.stderr).toContain("a timeline is in this recovery folder already");
    const replaced = await run(cwd, "timeline", ...snapshots(), "--out", "recovery", "--overwrite");
    expect(replaced.exitCode).toBe(0);
  }, 60_000);

  it("made first, it is taken over by the plan, and by the next one in its place", async () => {
    const cwd = newFolder();
    await run(cwd, "timeline", ...snapshots(), "--out", "recovery");
    const told = readFileSync(join(cwd, "recovery", "timeline.json"), "utf8");
    for (const words of [["plan"], ["plan", "--overwrite"]]) {
      expect((await run(cwd, ...words)).stderr).not.toContain("error");
      expect(page(cwd)).toContain(section);
      expect(readFileSync(join(cwd, "recovery", "timeline.json"), "utf8")).toBe(told);
    }
    expect((await run(cwd, "plan")).stderr).toContain("a recovery folder is there already");
  }, 60_000);

  it("hides there what the plan or a copy of the report hides", async () => {
    const cwd = newFolder();
    await run(cwd, "timeline", ...snapshots(), "--out", "recovery");
    await run(cwd, "plan");
    expect(page(cwd)).toContain("ada@example.org");
    await run(cwd, "report", "--out", "copy", "--redact", "person.mail");
    expect(page(cwd, "copy")).toContain(section);
    expect(page(cwd, "copy")).not.toContain("ada@example.org");
  }, 60_000);

  it("that is none is refused, and nothing is written", async () => {
    const cwd = newFolder();
    await run(cwd, "plan");
    const before = page(cwd);
    for (const [text, what] of [
      ["{", "it cannot be read"],
      ["{}", "it is no timeline of this version"],
      [
        '{"formatVersion": 7, "intervals": [], "snapshots": []}',
        "it is no timeline of this version: formatVersion",
      ],
    ] as const) {
      writeFileSync(join(cwd, "recovery", "timeline.json"), text);
      const refused = await run(cwd, "report");
      expect(refused.exitCode).toBe(2);
      expect(refused.stderr).toContain(what);
      expect(page(cwd)).toBe(before);
    }
  }, 60_000);
});
