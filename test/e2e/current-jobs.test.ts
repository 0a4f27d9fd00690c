import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it, vi } from "vitest";
import { lookUpOver } from "../../src/postgres/look-up.js";
import { Session } from "../../src/postgres/session/session.js";
import { connect } from "../../src/workflow/connect.js";
import { openLookUps } from "../../src/workflow/judging/open-look-ups.js";
import { lineUp } from "../../src/workflow/line-up.js";
import { query } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { type Databases, makePlan, play } from "../support/incident.js";
import { settingsOf } from "../support/methods.js";
import { pgmend } from "../support/program.js";

const rows = 1500;
let databases: Databases;
beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE public.note (id int PRIMARY KEY, body text); CREATE TABLE public.log (body text);
      INSERT INTO public.note SELECT n, 'note ' || n FROM generate_series(1, ${rows}) AS n;
      INSERT INTO public.log SELECT 'line ' || n % 40 FROM generate_series(1, 400) AS n`,
    post: "UPDATE public.note SET body = NULL; DELETE FROM public.log WHERE body = 'line 7'",
    current:
      "DELETE FROM public.note WHERE id % 7 = 0; UPDATE public.note SET body = 'new' WHERE id % 11 = 0",
  });
});

it("the plan is the same over how many connections current is looked up", async () => {
  const [one, three] = [
    await makePlan(databases),
    await makePlan(databases, { words: ["--current-jobs", "3"] }),
  ];
  expect(three.summary.totals).toEqual(one.summary.totals);
  expect(three.summary.totals.incoming).toBe(rows + 10);
  for (const name of ["changes.jsonl", "conflicts.jsonl", "conflicts.csv"])
    expect(readFileSync(join(three.folder, name), "utf8")).toBe(readFileSync(join(one.folder, name), "utf8"));
});

it("rows come in the order of their keys, each session is asked for a part, and all see one moment", async () => {
  const settings = { ...settingsOf(databases), currentJobs: 3 };
  const sessions = await connect(settings);
  const { aligned } = await lineUp(sessions, settings);
  const [log, note] = ["public.log", "public.note"].map((name) =>
    aligned.tables.find(({ label }) => label === name),
  );
  if (log === undefined || note === undefined) throw new Error("tables are missing");
  await sessions.current.snapshot();
  await sessions.current.query("SELECT 1");
  await query(databases.current, "UPDATE public.note SET body = 'later' WHERE id IN (1, 500, 1000)");
  const lookUps = await openLookUps(sessions.current, { settings, tell: () => undefined, signal: undefined });
  const asked = vi.spyOn(Session.prototype, "query");
  try {
    const keys = Array.from({ length: 1000 }, (_, at) => [String(1000 - at)]);
    const found = await lookUpOver(lookUps.sessions, note, keys);
    expect(found.map((row) => row?.[0])).toEqual(keys.map(([id]) => (Number(id) % 7 === 0 ? undefined : id)));
    expect(found.some((row) => row?.[1] === "later")).toBe(false);
    expect(new Set(asked.mock.contexts)).toEqual(new Set(lookUps.sessions));
    expect(lookUps.sessions).toHaveLength(3);
    asked.mockClear();
    await lookUpOver(lookUps.sessions, note, keys.slice(0, 100));
    await lookUpOver(lookUps.sessions, log, [["00".repeat(32), "1"]]);
    expect(new Set(asked.mock.contexts)).toEqual(new Set([sessions.current]));
  } finally {
    asked.mockRestore();
    await lookUps.close();
    await sessions.close();
    await query(databases.current, "UPDATE public.note SET body = NULL WHERE id IN (1, 500, 1000)");
  }
});

it("goes on with fewer connections where current lets no more in", async () => {
  await query(databases.current, "CREATE ROLE pgmend_single LOGIN PASSWORD 'x' CONNECTION LIMIT 1");
  try {
    await query(databases.current, "GRANT pg_read_all_data TO pgmend_single");
    const limited = new URL(databases.current);
    [limited.username, limited.password] = ["pgmend_single", "x"];
    const { stderr, summary } = await makePlan(
      { ...databases, current: limited.href },
      { words: ["--current-jobs", "3"] },
    );
    expect(stderr).toContain("looks up over 1 of 3 connections to current");
    expect(summary.totals.incoming).toBe(rows + 10);
  } finally {
    await query(databases.current, "REVOKE pg_read_all_data FROM pgmend_single; DROP ROLE pgmend_single");
  }
});

it("refuses a number of connections that is none", async () => {
  const { exitCode, stderr } = await pgmend(["plan", "--current-jobs", "0"], { cwd: newFolder() });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--current-jobs: "0" is no number from 1 to 99');
});
