import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compareDatabases } from "../../sample-data/compare-databases.js";
import { filesWith, newFolder } from "../support/folder.js";
import { type Databases, makePlan, type Planned, play, readLines, type Story } from "../support/incident.js";
import { pgmend } from "../support/program.js";
import { cloneWith, expectRecovery, nameOf, runPatch } from "../support/recovery.js";

/** People are known by their address, which is a key, refers, is unique, names a tenant and is quoted by a strategy. */
const story: Story = {
  pre: `CREATE TABLE person (email text PRIMARY KEY, phone text UNIQUE, note text, org text);
    CREATE TABLE letter (id integer PRIMARY KEY, reader text NOT NULL REFERENCES person, body text, org text);
    INSERT INTO person SELECT 'secret' || n || '@example.org', 'tel-' || n, 'note ' || n, 'org-' || n % 2 FROM generate_series(1, 8) AS n;
    INSERT INTO letter SELECT n, 'secret' || n || '@example.org', 'body ' || n, 'org-' || n % 2 FROM generate_series(1, 8) AS n`,
  post: `UPDATE person SET phone = NULL, note = 'lost'; UPDATE letter SET body = NULL WHERE id <= 3;
    DELETE FROM letter WHERE id IN (4, 5); DELETE FROM person WHERE email LIKE 'secret4@%' OR email LIKE 'secret5@%'`,
  current: `UPDATE person SET phone = 'tel-99', note = 'found' WHERE email LIKE 'secret1@%';
    UPDATE person SET phone = 'tel-2' WHERE email LIKE 'secret6@%';
    INSERT INTO person VALUES ('other@example.org', 'tel-5', 'taken', 'org-1');
    UPDATE letter SET body = 'new' WHERE id = 1; UPDATE letter SET body = 'body 2' WHERE id = 2`,
};
const config = `
redact: [public.person.email, "person.pho*", letter.reader, org]
tenant: { column: org, patches: true }
actor: { column: org }
strategies:
  - match: { tables: [person], kinds: [update/update] }
    use: ./quoting.js
`;
/** What nobody may see: keys, values, tenants. */
const secrets = ["secret", "tel-", "org-0", "org-1"];

let databases: Databases;
let planned: Planned;
let ours: string;

beforeAll(async () => {
  databases = await play(story);
  const strategy = join(newFolder(), "quoting.mjs");
  writeFileSync(
    strategy,
    `export default { name: "quoting", summary: "quotes", resolve: ({ rows }) => ({ kind: "take", role: "current",
      reason: "quoting: it is " + rows.current[0] + " with " + rows.current[1] }) };`,
  );
  ours = config.replace("./quoting.js", strategy);
  planned = await makePlan(databases, { config: ours });
});

describe("with --redact", () => {
  it("no file but the patches and the plan itself holds a value", () => {
    const holding = filesWith(planned.folder, secrets).map((name) =>
      name.replace(/^tenants\/[^/]*\//, "tenants/N/"),
    );
    expect(
      [...new Set(holding)].filter(
        (name) => !/^(tenants\/N\/)?(patch|rollback)\.sql$|^plan\.duckdb$/.test(name),
      ),
    ).toEqual([]);
    expect(planned.stdout).not.toMatch(/secret|tel-|org-[01]/);
  });

  it("comments of a patch hold none, its statements do, and it says so", () => {
    const patch = readFileSync(join(planned.folder, "patch.sql"), "utf8");
    const comments = patch.split("\n").flatMap((line) => (/--.*$/.exec(line) ?? []) as string[]);
    expect(comments.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
    expect(comments.filter((text) => text.includes("redacted:")).length).toBeGreaterThan(3);
    expect(patch).toContain("Redacted in comments alone");
    expect(patch).toContain("public.person.email");
    expect(patch).toContain("secret4@example.org");
  });

  it("equal values have equal marks, in whatever file and column, and NULL is seen", () => {
    const changes = readLines(planned.folder, "changes.jsonl") as unknown as Change[];
    const people = changes.filter(({ table }) => table === "public.person");
    const letters = changes.filter(({ table }) => table === "public.letter");
    const marks = people.map(({ key }) => key["email"]);
    expect(new Set(marks).size).toBe(people.length);
    for (const mark of marks) expect(mark).toMatch(/^redacted:[0-9a-f]{16}$/);
    const restored = letters.filter(({ operation }) => operation === "insert");
    expect(restored.length).toBeGreaterThan(0);
    for (const { columns } of restored) expect(marks).toContain(columns["reader"]?.to);
    const updated = people.filter(({ operation, columns }) => operation === "update" && "phone" in columns);
    expect(updated.length).toBeGreaterThan(0);
    for (const { columns } of updated) expect(columns["phone"]?.from).toBe(null);
    const tenants = new Set(changes.map(({ tenant }) => tenant));
    expect([...tenants].every((tenant) => tenant?.startsWith("redacted:"))).toBe(true);
    expect(planned.summary.redacted).toEqual([
      "public.person.email",
      "public.person.phone",
      "public.person.org",
      "public.letter.reader",
      "public.letter.org",
    ]);
  });

  it("messages name rows by their marks", () => {
    const told = readFileSync(join(planned.folder, "conflicts.csv"), "utf8");
    expect(told).toMatch(/public\.person \{""email"":""redacted:[0-9a-f]{16}""\}/);
    expect(readFileSync(join(planned.folder, "conflicts.jsonl"), "utf8")).toMatch(
      /quoting: it is redacted:[0-9a-f]{16} with redacted:[0-9a-f]{16}/,
    );
  });

  it("the patch does what it does without, and can be taken back", async () => {
    const plain = await makePlan(databases, { config: ours.replace(/^redact:.*$/m, "") });
    const truth = await cloneWith(databases.current, "");
    await runPatch(join(plain.folder, "patch.sql"), truth, { pgmend_database: nameOf(truth) });
    expect((await compareDatabases(truth, databases.current)).length).toBeGreaterThan(0);
    await expectRecovery(databases, planned, { truth: new URL(truth) });
  });

  it("conflicts.csv can be handed back with its marks, and a mark is never taken for a value", async () => {
    const folder = join(newFolder(), "recovery");
    cpSync(planned.folder, folder, { recursive: true });
    const file = join(folder, "conflicts.csv");
    const csv = readFileSync(file, "utf8");
    const [heading = "", ...lines] = csv.trimEnd().split("\n");
    const open = lines.filter(
      (line) => /,update\/update,(phone|body),/.test(line) && !line.includes(",current,"),
    );
    const [first = ""] = open;
    const mark = /redacted:[0-9a-f]{16}/.exec(first)?.[0] ?? "";
    const resolve = async (decided: string) => {
      writeFileSync(file, `${heading}\n${decided}\n`);
      const { pre, post, current } = databases;
      const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
      return pgmend(["resolve", folder, "--from", file], { cwd: newFolder(), env });
    };
    const fill = (line: string, resolution: string, value: string) =>
      line.replace(/,([^,]*),,,([^,]*)$/, `,$1,${resolution},${value},$2`);
    expect(mark).not.toBe("");
    const strange = await resolve(fill(first, "value", '"""redacted:0123456789abcdef"""'));
    expect(strange).toMatchObject({ exitCode: 2 });
    expect(strange.stderr).toContain("has a value that is the mark of a redacted one");
    const run = await resolve(open.map((line) => fill(line, "incoming", "")).join("\n"));
    expect(run).toMatchObject({ exitCode: 3 });
    expect(readFileSync(join(folder, "conflicts.csv"), "utf8")).toContain(",incoming,");
    expect(
      filesWith(folder, secrets).filter((name) => !/(patch|rollback)\.sql$|^plan\.duckdb$/.test(name)),
    ).toEqual([]);
    const listed = await pgmend(["resolve", folder, "--list", "--json"], { cwd: newFolder() });
    expect(listed.stdout).not.toMatch(/secret|tel-/);
  });

  it("a copy of the reports of a plan that hides nothing holds no value either", async () => {
    const plain = await makePlan(databases, { config: ours.replace(/^redact:.*$/m, "") });
    expect(filesWith(plain.folder, secrets)).toContain("report.html");
    const columns = ["public.person.email", "person.pho*", "letter.reader", "org"];
    const run = await copyReports(plain.folder, columns);
    expect(run.stdout + run.stderr).not.toMatch(/secret|tel-|org-[01]/);
    expect(filesWith(run.out, secrets)).toEqual([]);
    expect(JSON.parse(run.stdout)).toMatchObject({ redacted: planned.summary.redacted });
    // Of that secret nothing is kept: nobody who has the plan can tell what its marks stand for.
    const again = await copyReports(plain.folder, columns);
    expect(readLines(again.out, "changes.jsonl")).not.toEqual(readLines(run.out, "changes.jsonl"));
  });

  it("a copy hides more than the plan does, under the marks of the plan", async () => {
    const own = await copyReports(planned.folder, []);
    const more = await copyReports(planned.folder, ["letter.body", "person.email"]);
    expect(filesWith(own.out, ["body 3"])).not.toEqual([]);
    expect(filesWith(more.out, ["body 3", ...secrets])).toEqual([]);
    const changes = (folder: string) => readLines(folder, "changes.jsonl") as unknown as Change[];
    expect(changes(own.out)).toEqual(changes(planned.folder));
    expect(changes(more.out).map(({ key }) => key)).toEqual(changes(planned.folder).map(({ key }) => key));
  });

  it("another plan makes other marks", async () => {
    const again = await makePlan(databases, { words: ["--redact", "person.email"] });
    const first = (folder: string) =>
      (readLines(folder, "changes.jsonl") as unknown as Change[])[0]?.key["email"];
    expect(first(again.folder)).toMatch(/^redacted:/);
    expect(first(again.folder)).not.toBe(first(planned.folder));
  });
});

it.each([
  [{ config: "mode: undo\nredact: [person.email, person.fone]\n", words: [] }, "pgmend.yaml:2:24 redact[1]"],
  [{ config: "", words: ["--redact", "person.fone"] }, "--redact"],
])("a column that is nowhere is a mistake, with its place: %j", async ({ config: text, words }, where) => {
  const cwd = newFolder();
  writeFileSync(join(cwd, "pgmend.yaml"), text);
  const { pre, post, current } = databases;
  const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
  const run = await pgmend(["plan", ...words], { cwd, env });
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(
    `error: ${where}: no table has a column "person.fone"; did you mean "public.person.phone"?`,
  );
});

async function copyReports(folder: string, redact: readonly string[]) {
  const out = join(newFolder(), "copy");
  const words = redact.length === 0 ? [] : ["--redact", ...redact];
  const run = await pgmend(["report", folder, "--json", "--out", out, ...words], { cwd: newFolder() });
  expect(run).toMatchObject({ exitCode: 3 });
  return { ...run, out };
}

interface Change {
  readonly table: string;
  readonly key: Readonly<Record<string, string | null>>;
  readonly operation: string;
  readonly columns: Readonly<Record<string, { readonly from?: string | null; readonly to?: string | null }>>;
  readonly tenant: string | null;
}
