import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { ConfigDraft } from "../../src/index.js";
import { listAll, newFolder } from "../support/folder.js";
import { type Databases, makePlan, play } from "../support/incident.js";
import { pgmend } from "../support/program.js";

const hostile = 'x"; \u001b[2J\n#: mode: replay\n\u2028- null: \u0085';
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** A tracker: workspaces are tenants, people act, and some tables are nothing to recover. */
const tracker = `CREATE TABLE workspace (id integer PRIMARY KEY, name text, updated_at timestamptz);
  CREATE TABLE person (id integer PRIMARY KEY, workspace_id integer REFERENCES workspace, "modifiedAt" timestamp);
  CREATE TABLE issue (id serial PRIMARY KEY, workspace_id integer REFERENCES workspace, author_id integer REFERENCES person,
    body text, vote_count integer, labels text[], meta jsonb, lock_version integer, updated_at timestamptz, last_seen_at timestamptz);
  CREATE TABLE comment (id bigserial PRIMARY KEY, workspace_id integer REFERENCES workspace, author_id integer REFERENCES person,
    issue_id integer REFERENCES issue, body text, vote_count integer, updated_at text);
  CREATE TABLE reaction (id integer PRIMARY KEY, author_id integer REFERENCES person, comment_id bigint REFERENCES comment);
  CREATE TABLE legacy (workspace_id integer, code text UNIQUE); CREATE TABLE import_row (text text);
  CREATE TABLE user_session (token text PRIMARY KEY); CREATE TABLE delivery_queue (id integer PRIMARY KEY);
  CREATE TABLE schema_migrations (version text PRIMARY KEY); CREATE TABLE audit_log (id integer PRIMARY KEY);
  CREATE UNLOGGED TABLE yes (id integer PRIMARY KEY);
  CREATE TABLE ${quoted(hostile)} (${quoted(hostile)} text, id uuid, "null" integer); CREATE TABLE "null" (id integer PRIMARY KEY, "no_count" integer);
  INSERT INTO workspace VALUES (1, 'one'); INSERT INTO issue (id, workspace_id) VALUES (1, 1)`;

let databases: Databases;

beforeAll(async () => {
  databases = await play({ pre: tracker, post: "UPDATE issue SET workspace_id = NULL" });
});

async function init(words: readonly string[], cwd = newFolder()) {
  const { pre, post, current } = databases;
  const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
  const run = await pgmend(["init", ...words], { cwd, env });
  return { ...run, cwd, file: join(cwd, "pgmend.yaml") };
}

describe("the file", () => {
  it("is accepted by plan as it is, hostile names and all", async () => {
    const { exitCode, stdout, stderr, cwd, file } = await init([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(stderr).toContain("pgmend.yaml is written. Read it, then: pgmend check\n");
    expect(listAll(cwd)).toEqual(["pgmend.yaml"]);
    const plan = await makePlan(databases, { config: readFileSync(file, "utf8") });
    expect(plan.summary.totals).toMatchObject({ incoming: 1, apply: 1, open: 0 });
  });

  it("is accepted with every suggestion taken, too", async () => {
    const { stdout } = await init(["--stdout", "--quiet"]);
    const taken = stdout.replaceAll(/^#: /gm, "");
    expect(taken).not.toBe(stdout);
    const plan = await makePlan(databases, { config: taken });
    expect(plan.exitCode).toBe(0);
    expect(plan.stderr.match(/^warning: .*/gm)).toEqual([
      "warning: no rule says what is damage: people's own updates and deletes in the window are being undone too",
    ]);
    expect(plan.summary.leftOut.filter(({ open }) => open)).toEqual([]);
    expect(plan.summary.tables.map(({ table }) => table).toSorted()).toEqual(
      [
        '"null"',
        quoted(hostile),
        "audit_log",
        "comment",
        "import_row",
        "issue",
        "legacy",
        "person",
        "reaction",
        "workspace",
      ].map((name) => `public.${name}`),
    );
  });

  it("holds no password, and nothing that is invisible", async () => {
    const { stdout } = await init(["--stdout", "--quiet"]);
    const { username, host, password } = new URL(databases.pre);
    expect(stdout).toContain(`export PGMEND_PRE='postgresql://${username}@${host}/`);
    expect(password).not.toBe("");
    expect(stdout).not.toContain(password);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028]/);
    expect(stdout.split("\n").every((line) => /^(#|mode: undo$|touch: |$)/.test(line))).toBe(true);
  });
});

describe("what it suggests", () => {
  let draft: ConfigDraft;

  beforeAll(async () => {
    draft = JSON.parse((await init(["--json", "--quiet", "--mode", "replay"])).stdout) as ConfigDraft;
  });

  it("touch columns: as plan finds them, and dates that may be some", () => {
    // updated_at is text in one table, so it is named with its tables.
    const columns = ["modifiedAt", "public.issue.updated_at", "public.workspace.updated_at"];
    expect(draft.touch).toEqual({ columns, maybe: ["last_seen_at"] });
  });

  it("tenants and actors: columns by which several tables refer to one", () => {
    expect(draft.tenants).toEqual([
      { column: "workspace_id", parent: "public.workspace", references: 3, others: 1 },
    ]);
    expect(draft.actors).toEqual([
      { column: "author_id", parent: "public.person", references: 3, others: 0 },
    ]);
  });

  it("keys: of tables that have none", () => {
    expect(draft.keyless).toEqual([
      { table: `public.${quoted(hostile)}`, key: ["id"], why: "by its name: right if it is unique" },
      { table: "public.import_row", key: undefined, why: "nothing tells its rows apart" },
      {
        table: "public.legacy",
        key: ["code"],
        why: "unique index legacy_code_key: right if none of them is NULL",
      },
    ]);
  });

  it("tables to leave alone, but none that tells what people did", () => {
    expect(draft.exclusions.map(({ table }) => table)).toEqual([
      "public.delivery_queue",
      "public.schema_migrations",
      "public.user_session",
      "public.yes",
    ]);
  });

  it("strategies by names and types", () => {
    const told = draft.strategies.map(({ use, column, tables }) => `${use} ${tables.join(" ")} ${column}`);
    expect(told).toEqual([
      "increment public.issue lock_version",
      'counter public."null" no_count',
      "counter public.comment public.issue vote_count",
      "set-union public.issue labels",
      "json public.issue meta",
      "text public.comment public.issue body",
    ]);
  });

  it("the mode that was asked for", () => {
    expect(draft.mode).toBe("replay");
  });
});

describe("a file that is there already", () => {
  it("stays as it is, and nobody is connected to", async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, "pgmend.yaml"), "mode: replay\n");
    const run = await init(["--pre", "postgresql://ann@127.0.0.1:1/fleet", "--such"], cwd);
    expect(run).toMatchObject({
      exitCode: 2,
      stderr:
        "error: --such: there is no such flag\n" +
        "error: --out pgmend.yaml: exists already; --force replaces it, --stdout prints instead, --out FILE writes another\n",
    });
    expect(readFileSync(run.file, "utf8")).toBe("mode: replay\n");
  });

  it("is replaced with --force, or left alone with --out", async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, "pgmend.yaml"), "not: [valid");
    expect((await init(["--out", "other.yaml", "--quiet"], cwd)).exitCode).toBe(0);
    expect(readFileSync(join(cwd, "pgmend.yaml"), "utf8")).toBe("not: [valid");
    expect(await init(["--force", "--quiet"], cwd)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(readFileSync(join(cwd, "pgmend.yaml"), "utf8")).toMatch(/^# Settings of pgmend, drafted by/);
    expect(listAll(cwd)).toEqual(["other.yaml", "pgmend.yaml"]);
  });

  it("a folder that is not there is told, and nothing is left behind", async () => {
    const run = await init(["--quiet", "--out", "no/such/file.yaml"]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(/^error: .*no\/such\/file\.yaml: no such file or folder\n/);
    expect(listAll(run.cwd)).toEqual([]);
  });
});
