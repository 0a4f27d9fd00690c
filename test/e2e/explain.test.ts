import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { RowStory } from "../../src/index.js";
import { type Databases, makePlan, type Planned, play } from "../support/incident.js";
import { pgmend, type Run } from "../support/program.js";

const config = `
rules:
  - match: { tables: [public.device], operations: [update], columns: [release] }
    is: damage
  - match: { tables: ["*"] }
    is: legitimate
`;

let databases: Databases;
let planned: Planned;

beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE device (id integer PRIMARY KEY, release integer, note text);
      CREATE TABLE text (article integer, lang text, body text, PRIMARY KEY (article, lang));
      CREATE TABLE quiet (id integer PRIMARY KEY); CREATE TABLE line (said text);
      INSERT INTO quiet VALUES (1);
      INSERT INTO device SELECT id, id * 10, 'note' FROM generate_series(1, 20) AS id;
      INSERT INTO text VALUES (1, 'en', 'one'), (1, 'fr', 'un')`,
    post: `UPDATE device SET release = NULL WHERE id < 15; UPDATE device SET note = E'bell \\x07' WHERE id = 16;
      UPDATE text SET body = 'uno' WHERE lang = 'en'`,
    current: "UPDATE device SET release = 5 WHERE id = 2; UPDATE device SET note = 'later' WHERE id = 3",
  });
  planned = await makePlan(databases, { config });
}, 60_000);

function explain(...words: readonly string[]): Promise<Run> {
  return pgmend(["explain", ...words.slice(0, 2), planned.folder, ...words.slice(2)], {
    cwd: join(planned.folder, ".."),
  });
}

async function story(...words: readonly string[]): Promise<RowStory> {
  const { exitCode, stdout, stderr } = await explain(...words, "--json");
  expect([exitCode, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as RowStory;
}

describe("pgmend explain", () => {
  it("tells what happened to a row, which rule decided, and what the patch does", async () => {
    const told = await story("public.device", "1");
    expect(told).toMatchObject({
      key: { id: "1" },
      incident: "update",
      planned: {
        pre: { release: "10" },
        post: { release: null },
        current: { release: null },
      },
      now: {},
      differing: ["release"],
      signature: { id: "S1" },
      rule: { number: 1, is: "damage" },
      outcome: "apply",
      conflict: null,
      change: { operation: "update", columns: { release: { from: null, to: "10" } } },
      notes: [],
    });
    expect(told.transaction?.id).toMatch(/^\d+$/);
    expect(told.sql).toContain("UPDATE ONLY public.device AS t\nSET release = '10'");
  });

  it("tells of a conflict", async () => {
    const told = await story("device", "2");
    expect(told).toMatchObject({ outcome: "conflict", change: null, sql: null });
    expect(told.conflict).toMatchObject({ kind: "update/update", columns: ["release"], resolution: null });
    const { stdout } = await explain("device", "2");
    expect(stdout).toContain("changed on both sides, to different values");
    expect(stdout).toMatch(/^decision +open$/m);
  });

  it("tells of a row that was kept, with what a terminal would act on made visible", async () => {
    const { stdout } = await explain("device", "16");
    expect(stdout).toContain("kept: current stays as it is; rule 2 says legitimate");
    expect(stdout).toContain("* note");
    expect(stdout).not.toContain("\u0007");
  });

  it("takes composite keys in both spellings", async () => {
    const byText = await story("text", "1,en");
    expect(byText.key).toEqual({ article: "1", lang: "en" });
    expect(await story("public.text", '{"lang":"en","article":1}')).toEqual(byText);
  });

  it("looks into databases that are named, and says which could not be asked", async () => {
    const { current, post } = databases;
    const told = await story("device", "3", "--current", current, "--pre", post);
    expect(told.now).toEqual({ current: { id: "3", release: null, note: "later" } });
    expect(told.notes).toHaveLength(1);
    expect(told.notes[0]).toContain("pre could not be asked: it is post");
    expect(told.differing).toEqual(["release", "note"]);
    const quiet = await story("quiet", "1", "--current", current);
    expect(quiet).toMatchObject({ incident: null, outcome: null, planned: {} });
    expect(quiet.notes).toEqual(["the incident did not change it, and the plan does not touch it"]);
  });

  it.each<[readonly string[], string]>([
    [["devise", "1"], 'table: "devise" is no table of the plan; did you mean "public.device"?'],
    [["nowhere", "1"], "the plan compared public.device, public.line, public.quiet, public.text"],
    [["line", "a"], "key: public.line has no key: its rows are told apart by all that they say"],
    [["device", "999"], "key: the incident changed no row 999 of public.device"],
    [["text", "1"], "key: expected 2 values with commas between them (article,lang), got 1"],
    [["device", '{"nr":"1"}'], "key: the key is id; got nr"],
    [["device", '{"id":12345678901234567890}'], "id: expected a text in quotes"],
    [["device", "{id"], "it begins like a JSON object, and is none"],
    [["device"], "expected a table and a key"],
    [["device", "1", "--pre", "mysql://x"], "--pre: expected a URL"],
  ])("refuses %j", async (words, message) => {
    const { exitCode, stdout, stderr } = await (words.length === 1
      ? pgmend(["explain", ...words], { cwd: join(planned.folder, "..") })
      : explain(...words));
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });

  it("says what to do where there is no plan", async () => {
    const { exitCode, stderr } = await pgmend(["explain", "device", "1", "nowhere"], {
      cwd: join(planned.folder, ".."),
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("pgmend plan");
  });

  it("shows marks for what is redacted", async () => {
    const hidden = await makePlan(databases, {
      config,
      words: ["--redact", "device.note", "device.release"],
    });
    const { stdout } = await pgmend(["explain", "device", "1", hidden.folder], { cwd: hidden.folder });
    expect(stdout).toMatch(/\* release +"redacted:/);
    expect(stdout).not.toMatch(/"10"|SET release/);
  });
});
