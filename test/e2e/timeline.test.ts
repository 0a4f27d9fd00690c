import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { playSeries, type SeriesSnapshot } from "../../sample-data/device-unpinning/series.js";
import type { Summary, TimelineSummary } from "../../src/index.js";
import { createDatabase, databaseUrl, query } from "../support/database.js";
import { listAll, newFolder } from "../support/folder.js";
import { pgmend } from "../support/program.js";

async function timeline(words: readonly string[]) {
  const cwd = newFolder();
  const run = await pgmend(["timeline", "--quiet", ...words], { cwd });
  return { ...run, cwd };
}

const flagsOf = (snapshots: readonly SeriesSnapshot[]) =>
  snapshots.flatMap(({ time, url }) => ["--snapshot", `${time}=${url}`]);

describe("the device story, every four minutes", () => {
  let snapshots: readonly SeriesSnapshot[];
  beforeAll(async () => {
    snapshots = await playSeries({ url: databaseUrl, scale: 0.2, seed: 3 });
  }, 60_000);

  it("names the interval of the migration and that of the rollback, and no other", async () => {
    const { exitCode, stdout, stderr } = await timeline([...flagsOf(snapshots), "--json"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const { intervals, suggestions } = JSON.parse(stdout) as TimelineSummary;
    const abnormal = intervals.filter((interval) => interval.abnormal);
    expect(abnormal.map(({ from, to }) => `${from} ${to}`)).toEqual(["22:12 22:16", "22:16 22:20"]);
    const [migration, rollback] = abnormal.map(({ findings }) => findings[0]);
    const pin = "is_pinned_on__release";
    expect(migration).toMatchObject({
      table: "public.device",
      operation: "update",
      columns: [{ name: pin, transition: "from-null" }],
    });
    expect(rollback).toMatchObject({ columns: [{ name: pin, transition: "to-null" }] });
    expect(suggestions.map(({ pre, post }) => [pre, post])).toEqual([["22:12", "22:20"]]);
    for (const { url } of snapshots) expect(stdout).not.toContain(new URL(url).password);
  });

  it("counts what PostgreSQL itself says has changed", async () => {
    const { stdout } = await timeline([...flagsOf(snapshots.slice(1, 4)), "--json", "--tables", "device"]);
    const { intervals } = JSON.parse(stdout) as TimelineSummary;
    const rows = await Promise.all(
      snapshots.slice(1, 4).map(async ({ url }) => {
        const all = await query(url, "SELECT id::text, d::text AS row FROM public.device AS d");
        return new Map(all.map(({ id, row }) => [id, row]));
      }),
    );
    for (const [at, interval] of intervals.entries()) {
      const [before, after] = [rows[at] ?? new Map(), rows[at + 1] ?? new Map()];
      const update = [...before].filter(([id, row]) => after.has(id) && after.get(id) !== row).length;
      const gone = [...before.keys()].filter((id) => !after.has(id)).length;
      const insert = [...after.keys()].filter((id) => !before.has(id)).length;
      expect(interval.counts).toEqual({ insert, update, delete: gone });
    }
  });

  it("the command it suggests is one that runs, with the password from elsewhere", async () => {
    const { stdout } = await timeline([...flagsOf(snapshots), "--json"]);
    const { suggestions } = JSON.parse(stdout) as TimelineSummary;
    const [command = ""] = suggestions.map((suggestion) => suggestion.command);
    const [, pre = "", post = ""] = /--pre '([^']+)' --post '([^']+)'/.exec(command) ?? [];
    expect([pre, post].map((url) => new URL(url).password)).toEqual(["", ""]);
    vi.stubEnv("PGPASSWORD", decodeURIComponent(new URL(databaseUrl("postgres")).password));
    const current = databaseUrl("fleet_series");
    const words = ["plan", "--pre", pre, "--post", post, "--current", current, "--json", "--quiet"];
    const planned = await pgmend(words, { cwd: newFolder() });
    vi.unstubAllEnvs();
    const { totals } = JSON.parse(planned.stdout) as Summary;
    expect(totals.apply).toBeGreaterThan(100);
  });

  it("a quiet evening has nothing abnormal", async () => {
    const quiet = snapshots.slice(3);
    const { stdout } = await timeline([...flagsOf(quiet), "--json"]);
    expect((JSON.parse(stdout) as TimelineSummary).abnormal).toBe(0);
  });

  it("several tables at a time come to the same", async () => {
    const one = await timeline([...flagsOf(snapshots), "--json"]);
    const three = await timeline([...flagsOf(snapshots), "--json", "--jobs", "3"]);
    const counted = ({ stdout }: { readonly stdout: string }) => {
      const { intervals, tables } = JSON.parse(stdout) as TimelineSummary;
      return { intervals, tables };
    };
    expect(counted(three)).toEqual(counted(one));
  });
});

describe("tables that come, go, are emptied or have no key", () => {
  const snapshots: string[] = [];
  const hostile = "<script>alert(1)</script>\u001b[2J";
  beforeAll(async () => {
    const [a, b, c] = [await createDatabase("a"), await createDatabase("b"), await createDatabase("c")];
    const common = `CREATE TABLE note (id int PRIMARY KEY, text text); INSERT INTO note SELECT n, 'n' || n FROM generate_series(1, 30) n;
      CREATE TABLE log_line (text text);`;
    await query(a, `${common} CREATE TABLE old (id int PRIMARY KEY); INSERT INTO old VALUES (1), (2);`);
    await query(b, `${common} TRUNCATE note; CREATE TABLE fresh (id int PRIMARY KEY, note text);`);
    await query(
      c,
      `${common} TRUNCATE note; ALTER TABLE note ADD more text;
      CREATE TABLE fresh (id int PRIMARY KEY, note text); INSERT INTO fresh SELECT n, '${hostile}' FROM generate_series(1, 2) n;`,
    );
    snapshots.push(
      ...[a, b, c].flatMap((url, at) => ["--snapshot", `${["one", "two", "three"][at]}=${url}`]),
    );
  });

  it("tells each by interval, and what was left out with exit code 3", async () => {
    const { exitCode, stdout } = await timeline([...snapshots, "--json"]);
    expect(exitCode).toBe(3);
    const { intervals, leftOut } = JSON.parse(stdout) as TimelineSummary;
    expect(leftOut).toMatchObject([{ table: "public.log_line", open: true }]);
    expect(
      intervals.map(({ findings }) => findings.map(({ table, reason, rows }) => [table, reason, rows])),
    ).toEqual([
      [
        ["public.note", "emptied", 30],
        ["public.old", "dropped", 2],
      ],
      [],
    ]);
    const schema = intervals.map(({ tables }) =>
      tables.flatMap((table) => table.schema.map((what) => `${table.table}: ${what}`)),
    );
    expect(schema).toEqual([
      ["public.fresh: table created", "public.old: table dropped"],
      ["public.note: column more added"],
    ]);
  });

  it("shows nothing hostile on the terminal and in the page, and the page asks nobody", async () => {
    const { stdout, cwd } = await timeline([...snapshots, "--out", "out"]);
    expect(stdout).not.toContain("\u001b");
    expect(listAll(cwd)).toEqual(["out", "out/timeline.html", "out/timeline.json"]);
    const page = readFileSync(join(cwd, "out", "timeline.html"), "utf8");
    expect(page).not.toMatch(/<script|https?:\/\//);
    expect(page).not.toContain("\u001b");
    expect(page).toContain("public.note: emptied, all 30 rows are gone");
  });

  it("a value that is redacted is nowhere", async () => {
    const [, b = "", , c = ""] = [0, 1, 2, 3].map((at) => snapshots[at + 2]);
    const secret = await createDatabase("secret", c.slice(c.indexOf("=") + 1));
    await query(secret, "UPDATE fresh SET note = 'hush'");
    const words = ["--snapshot", c, "--snapshot", `four=${secret}`, "--json"];
    expect((await timeline(words)).stdout).toContain("hush");
    expect((await timeline([...words, "--redact", "fresh.note"])).stdout).not.toContain("hush");
    expect(b).toContain("=");
  });
});
