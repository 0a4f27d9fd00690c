import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, it } from "vitest";
import { NextFiles } from "../../cli/resolve/next-files.js";
import { deviceUnpinning } from "../../sample-data/device-unpinning/story.js";
import type { PlayedStory } from "../../sample-data/story.js";
import { type Decision, openPlanStore } from "../../src/index.js";
import { databaseUrl, query } from "../support/database.js";
import { copyOf, filesOf, resolve, resolved } from "../support/decide.js";
import { filesWith, listAll, newFolder } from "../support/folder.js";
import { makePlan, type Planned, play, readLines } from "../support/incident.js";
import { pgmend, type Run } from "../support/program.js";
import { applyTo, cloneWith } from "../support/recovery.js";

let played: PlayedStory;
let planned: Planned;

beforeAll(async () => {
  played = await deviceUnpinning.play({ url: databaseUrl, scale: 0.1, seed: 11 });
  planned = await makePlan({ ...played, mode: "undo" }, { config: deviceUnpinning.config });
}, 60_000);

/** Without a database: none is named. */
function report({ folder }: Pick<Planned, "folder">, ...words: string[]): Promise<Run> {
  return pgmend(["report", folder, ...words], { cwd: dirname(folder) });
}

const isPatch = (name: string) => name.endsWith(".sql");

/** What must not have been touched, not even by the same bytes. */
function untouched({ folder }: Planned) {
  return ["patch.sql", "rollback.sql", "plan.duckdb"].map((name) => {
    const { mtimeMs, ino } = statSync(join(folder, name));
    return [name, mtimeMs, ino, readFileSync(join(folder, name)).toString("base64")];
  });
}

describe("in the recovery folder", () => {
  it("brings back what was deleted or edited, byte by byte, and touches neither patch nor plan", async () => {
    const plan = copyOf(planned);
    const before = filesOf(plan);
    const reports = Object.keys(before).filter((name) => !isPatch(name));
    expect(reports).toEqual(expect.arrayContaining(["report.html", "summary.json", "conflicts.csv"]));
    reports.forEach((name, at) => {
      if (at % 2 === 0) rmSync(join(plan.folder, name));
      else writeFileSync(join(plan.folder, name), "edited", { flag: "a", mode: 0o644 });
    });
    const kept = untouched(plan);
    const run = await report(plan);
    expect(run).toMatchObject({ exitCode: 3, stdout: expect.stringContaining("open: see conflicts.csv") });
    for (const name of reports) expect(run.stderr).toContain(name);
    expect(filesOf(plan)).toEqual(before);
    expect(untouched(plan)).toEqual(kept);
    expect(listAll(plan.folder)).toEqual(listAll(planned.folder));
    for (const name of reports) expect(statSync(join(plan.folder, name)).mode & 0o777).toBe(0o600);
  });

  it("prints the summary with --json, and nothing else with --quiet", async () => {
    const run = await report(copyOf(planned), "--json", "--quiet");
    expect(run).toMatchObject({ exitCode: 3, stderr: "" });
    expect(JSON.parse(run.stdout)).toEqual(planned.summary);
  });

  it("tells what was decided; the exit code says that nothing is open", async () => {
    const plan = copyOf(planned);
    await resolved(played, plan, ["--table", "*", "--take", "current"]);
    const after = filesOf(plan);
    rmSync(join(plan.folder, "report.md"));
    expect(await report(plan)).toMatchObject({ exitCode: 0 });
    expect(filesOf(plan)).toEqual(after);
  });

  it("says that decisions are not in the patch yet, and so not in the reports", async () => {
    const plan = copyOf(planned);
    const before = filesOf(plan);
    const [line] = readLines(plan.folder, "conflicts.jsonl") as unknown as Decision[];
    const store = await openPlanStore(join(plan.folder, "plan.duckdb"));
    const { conflict = "", table = "", key = {}, kind = "update/update" } = line ?? {};
    const who = { by: "ann", at: new Date().toISOString(), reason: undefined, fingerprint: "" };
    await store.saveDecisions([{ conflict, table, key, kind, resolution: "current", ...who }]);
    await store.close();
    const run = await report(plan);
    expect(run.stderr).toContain(
      "1 decision not in the patch yet, and so not in the reports: pgmend resolve\n",
    );
    expect(filesOf(plan)).toEqual(before);
    expect((await report(planned)).stderr).not.toContain("not in the patch yet");
  });

  it("keeps an approval: it signs the patch", async () => {
    const plan = copyOf(planned);
    const cwd = dirname(plan.folder);
    expect(await pgmend(["approve", plan.folder, "--by", "ann"], { cwd })).toMatchObject({ exitCode: 0 });
    expect(await report(plan)).toMatchObject({ exitCode: 3 });
    const live = await cloneWith(played.current, "SELECT");
    expect(await applyTo(live, plan.folder, ["--require-approval"])).toMatchObject({ exitCode: 3 });
  });

  it("is written while others read the plan", async () => {
    const plan = copyOf(planned);
    const before = filesOf(plan);
    const holder = await holdOpen(join(plan.folder, "plan.duckdb"), true);
    rmSync(join(plan.folder, "summary.json"));
    expect(await report(plan)).toMatchObject({ exitCode: 3 });
    expect(filesOf(plan)).toEqual(before);
    await holder.end();
  });

  it("says who has the plan when somebody writes to it, and writes nothing", async () => {
    const plan = copyOf(planned);
    const holder = await holdOpen(join(plan.folder, "plan.duckdb"), false);
    rmSync(join(plan.folder, "summary.json"));
    const before = filesOf(plan);
    const run = await report(plan);
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain(`is in use by another process (pid ${holder.pid})`);
    expect(filesOf(plan)).toEqual(before);
    await holder.end();
  });
});

describe("where the plan may be replaced meanwhile", () => {
  /** New reports, made of the plan that was there. */
  async function begun(): Promise<{ plan: Planned; next: NextFiles; before: ReturnType<typeof filesOf> }> {
    const plan = copyOf(planned);
    const next = await NextFiles.createWithoutPlan(plan.folder);
    writeFileSync(join(next.path, "report.md"), "new");
    return { plan, next, before: filesOf(plan) };
  }

  it("reports are put beside the plan they tell of", async () => {
    const { plan, next, before } = await begun();
    expect(await next.commitBesidePlan(async () => true)).toBe(true);
    expect(filesOf(plan)).toEqual({ ...before, "report.md": "new" });
    expect(listAll(plan.folder)).toEqual(listAll(planned.folder));
  });

  it.each([[[false]], [[true, false]]])(
    "and not beside another (still there: %j)",
    async (answers: boolean[]) => {
      const { plan, next, before } = await begun();
      expect(await next.commitBesidePlan(async () => answers.shift() ?? true)).toBe(false);
      await next.discard();
      expect(filesOf(plan)).toEqual(before);
      expect(listAll(plan.folder)).toEqual(listAll(planned.folder));
    },
  );

  it.each([".ready", ".ready-1"])("nor while somebody else puts files in place (%s)", async (name) => {
    const { plan, next, before } = await begun();
    const seen = async () => {
      mkdirSync(join(plan.folder, name), { recursive: true });
      return true;
    };
    expect(await next.commitBesidePlan(seen)).toBe(false);
    expect(filesOf(plan)).toEqual(before);
    expect(existsSync(join(next.path, "report.md"))).toBe(true);
    await next.discard();
  });

  it("what somebody was killed putting there is put there", async () => {
    const { plan, next } = await begun();
    renameSync(next.path, join(plan.folder, `.ready-${await deadPid()}`));
    await next.discard();
    expect(await pgmend(["resolve", plan.folder, "--list"], { cwd: newFolder() })).toMatchObject({
      exitCode: 3,
    });
    expect(filesOf(plan)["report.md"]).toBe("new");
    expect(listAll(plan.folder)).toEqual(listAll(planned.folder));
  });
});

describe("a copy", () => {
  it("is the same files in a folder of the owner's own, without patches and plan", async () => {
    const out = join(newFolder(), "copy");
    const before = filesOf(planned);
    expect(await report(planned, "--out", out)).toMatchObject({ exitCode: 3 });
    const wanted = Object.entries(before).filter(([name]) => !isPatch(name));
    expect(filesOf({ folder: out })).toEqual(Object.fromEntries(wanted));
    expect(listAll(out)).toEqual(wanted.map(([name]) => name).sort());
    const modes = [out, ...listAll(out).map((name) => join(out, name))].map(
      (path) => statSync(path).mode & 0o777,
    );
    expect(new Set(modes)).toEqual(new Set([0o700, 0o600]));
    expect(filesOf(planned)).toEqual(before);
  });

  it("with --redact shows no value of these columns, and the original stays", async () => {
    const rows = await query(
      played.pre,
      "SELECT device_name AS name FROM device WHERE length(device_name) > 8",
    );
    const names = rows.map((row) => row["name"] ?? "").filter((name) => name !== "");
    const before = filesOf(planned);
    expect(filesWith(planned.folder, names)).toContain("report.html");
    const out = join(newFolder(), "copy");
    const run = await report(planned, "--json", "--out", out, "--redact", "device.device_name", "audit*.*");
    expect(run).toMatchObject({ exitCode: 3 });
    expect(filesWith(out, names)).toEqual([]);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("redacted:");
    expect(JSON.parse(run.stdout)).toMatchObject({
      redacted: expect.arrayContaining(["public.device.device_name"]),
    });
    expect(filesOf(planned)).toEqual(before);
  });

  it.each([
    ["a recovery folder", () => planned.folder, "the folder is not empty"],
    ["what is not empty", () => dirname(planned.folder), "the folder is not empty"],
    ["a file", () => join(planned.folder, "patch.sql"), "is a file, not a folder"],
    ["a folder that is nowhere", () => join(planned.folder, "a", "b"), "there is no folder"],
  ])("does not take the place of %s", async (_, place, told) => {
    const before = listAll(dirname(planned.folder));
    const run = await report(planned, "--out", place());
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toContain(`error: --out ${place()}: ${told}`);
    expect(run.stderr).not.toContain("--overwrite");
    expect(listAll(dirname(planned.folder))).toEqual(before);
  });
});

describe("asked wrongly", () => {
  it("all mistakes at once", async () => {
    const run = await report(planned, "more", "--formt", "--redact", "a.b");
    expect(run).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `error: more: is not expected here
error: --formt: there is no such flag
error: --redact: only for a copy: say where with --out; the files beside the plan hide what the plan hides
hint: pgmend report --help shows every flag with examples
`,
    });
  });

  it("columns that the plan has not: nothing is written", async () => {
    const out = join(newFolder(), "copy");
    const run = await report(planned, "--out", out, "--redact", "device.device_nam", "*.secret", "device.*");
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toContain(
      'error: --redact: no table has a column "device.device_nam"; did you mean "public.device.device_name"?\n' +
        'error: --redact: no table has a column "*.secret"',
    );
    expect(listAll(dirname(out))).toEqual([]);
  });

  it("a folder that is not there, and one that holds another format", async () => {
    const cwd = newFolder();
    const file = join(cwd, "recovery", "plan.duckdb");
    expect(await pgmend(["report"], { cwd })).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `error: there is no plan at ${file}\nhint: run \`pgmend plan\` first, or name its folder\n`,
    });
    const other = join(cwd, "plan.duckdb");
    const instance = await DuckDBInstance.create(other);
    const connection = await instance.connect();
    await connection.run("CREATE TABLE pgmend AS SELECT 'pgmend' AS tool, 99 AS format_version");
    connection.closeSync();
    instance.closeSync();
    const run = await pgmend(["report", "."], { cwd });
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain("has plan format 99; this pgmend reads format");
    expect(run.stderr).toContain("hint: use the version of pgmend that wrote it");
    expect(listAll(cwd)).toEqual(["plan.duckdb"]);
  });
});

it("replay and tenants: their files come back, and the patches of tenants stay", async () => {
  const databases = await play({
    pre: `CREATE TABLE note (id serial PRIMARY KEY, org text, body text);
      INSERT INTO note (org, body) SELECT 'org ' || n % 2, 'body ' || n FROM generate_series(1, 6) AS n`,
    post: "UPDATE note SET body = 'new' WHERE id < 5; INSERT INTO note (org, body) VALUES ('org 1', 'lost')",
    current:
      "UPDATE note SET body = 'mine' WHERE id = 1; INSERT INTO note (org, body) VALUES ('org 1', 'kept')",
    mode: "replay",
  });
  const plan = await makePlan(databases, {
    config: "tenant: { column: org, patches: true }\nactor: { column: org }\n",
  });
  const read = () =>
    listAll(plan.folder)
      .filter((name) => /\.(sql|csv|jsonl?|html|md)$/.test(name))
      .map((name) => [name, readFileSync(join(plan.folder, name), "utf8")]);
  const before = read();
  expect(before.map(([name]) => name)).toEqual(
    expect.arrayContaining(["rekeyed.csv", "affected.csv", "tenants/index.csv"]),
  );
  for (const name of ["rekeyed.csv", "affected.csv", "report.html", "conflicts.jsonl"])
    rmSync(join(plan.folder, name));
  expect(await report(plan)).toMatchObject({ exitCode: 3 });
  expect(read()).toEqual(before);
});

it("a redacted conflicts.csv is not taken for decisions: its marks never become values", async () => {
  const out = join(newFolder(), "copy");
  await report(planned, "--out", out, "--redact", "device.id", "device.is_pinned_on__release");
  const csv = readFileSync(join(out, "conflicts.csv"), "utf8");
  const plan = copyOf(planned);
  const before = filesOf(plan);
  const run = await resolve(played, plan, ["--from", "-"], csv.replaceAll(/,,,\n/g, ",incoming,,\n"));
  expect(run).toMatchObject({ exitCode: 2, stdout: "" });
  expect(filesOf(plan)).toEqual(before);
});

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await new Promise((ended) => child.once("close", ended));
  return child.pid ?? 0;
}

/** Another process that has the plan open. */
async function holdOpen(file: string, readOnly: boolean) {
  const options = readOnly ? `{ access_mode: "READ_ONLY" }` : "{}";
  const code = `import { DuckDBInstance } from "@duckdb/node-api";
    await DuckDBInstance.create(${JSON.stringify(file)}, ${options}); console.log("open"); process.stdin.resume();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    cwd: import.meta.dirname,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const gone = new Promise((ended) => child.once("close", ended));
  await new Promise((told) => child.stdout.once("data", told));
  return {
    pid: child.pid,
    async end() {
      child.stdin.end();
      child.kill();
      await gone;
    },
  };
}
