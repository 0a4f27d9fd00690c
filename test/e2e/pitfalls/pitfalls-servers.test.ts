import { describe, expect, it } from "vitest";
import { makeCheck } from "../../support/checked.js";
import { databaseUrl, query } from "../../support/database.js";
import { newFolder } from "../../support/folder.js";
import { type Databases, makePlan } from "../../support/incident.js";
import { pgmend } from "../../support/program.js";
import { expectRecovery, nameOf } from "../../support/recovery.js";

/** Three databases that are no copies of each other, each made in its own way. */
async function playApart(
  ways: readonly [string, string, string],
  sql: readonly [string, string, string],
): Promise<Databases> {
  const names = ["pre", "post", "current"] as const;
  const urls = names.map((name, at) => databaseUrl(`${name} ${ways[at]} ${Math.random()}`));
  for (const [at, url] of urls.entries()) {
    await query(databaseUrl("postgres"), `CREATE DATABASE "${nameOf(url)}" TEMPLATE template0 ${ways[at]}`);
    await query(url, sql[at] as string);
  }
  const [pre = "", post = "", current = ""] = urls;
  return { pre, post, current, mode: "undo" };
}

/** Keys that sort in another order by nearly every rule: bytes, UTF-16, languages, punctuation last. */
const keys = [
  "1-1",
  "11",
  "1 1",
  "a",
  "B",
  "Z",
  "ä",
  "z",
  "\ufffd",
  "\u{1f600}",
  "",
  "A",
  "é",
  "e\u0301",
  "ch",
  "cz",
  "ll",
];
const values = keys.map((key) => `('${key}', 'note')`).join(", ");

describe("19 and 21: texts that the servers sort each in their own way", () => {
  it("pair up by their bytes: nothing is a delete and an insert of the same key", async () => {
    const table = (collation: string) =>
      `CREATE TABLE item (id text ${collation} PRIMARY KEY, note text); INSERT INTO item VALUES ${values};`;
    const databases = await playApart(
      [
        "ENCODING 'UTF8' LOCALE 'C'",
        "ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' LOCALE 'C'",
        "ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'es-u-co-trad' LOCALE 'C'",
      ],
      [
        table(""),
        `${table("")} UPDATE item SET note = NULL WHERE id IN ('11', 'ä', 'ch')`,
        `${table("")} UPDATE item SET note = NULL WHERE id IN ('11', 'ä', 'ch')`,
      ],
    );
    const plan = await makePlan(databases);
    expect(plan.summary.tables[0]).toMatchObject({
      rowsCompared: keys.length,
      incident: { insert: 0, update: 3, delete: 0 },
      apply: { insert: 0, update: 3, delete: 0 },
    });
    await expectRecovery(databases, plan, { truth: "UPDATE item SET note = 'note'" });
  });
});

describe("70: bytes that are no UTF-8", () => {
  const ascii = "ENCODING 'SQL_ASCII' LOCALE 'C'";
  const table = (byte: string) =>
    `CREATE TABLE item (id integer PRIMARY KEY, note text); INSERT INTO item VALUES (1, 'plain'), (2, convert_from('\\x${byte}', 'SQL_ASCII'))`;

  it("stop a plan: two of them must never be taken for one", async () => {
    const databases = await playApart([ascii, ascii, ascii], [table("e4"), table("f6"), table("f6")]);
    const env = { PGMEND_PRE: databases.pre, PGMEND_POST: databases.post, PGMEND_CURRENT: databases.current };
    const run = await pgmend(["plan", "--quiet"], { cwd: newFolder(), env });
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toMatch(/^error: (pre|post): invalid byte sequence for encoding "UTF8": 0x(e4|f6)/);
    expect(run.stderr).toMatch(/\nhint: a text there cannot be told in UTF-8: .*--exclude-tables\n$/);
    const { told } = await makeCheck(databases, { config: "rules: [{ match: {}, is: damage }]" });
    expect(told("warning")).toEqual([
      "pre, post, current: its encoding is SQL_ASCII: plan stops at the first text that is not UTF-8",
    ]);
  });

  it("UTF-8 in such a database is compared as anywhere", async () => {
    const databases = await playApart([ascii, ascii, ascii], [table("c3a4"), table("c3b6"), table("c3b6")]);
    const plan = await makePlan(databases);
    expect(plan.summary.totals).toMatchObject({ incoming: 1, apply: 1 });
    await expectRecovery(databases, plan, { truth: new URL(databases.pre) });
  });
});
