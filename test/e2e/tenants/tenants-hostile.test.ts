import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compareDatabases } from "../../../sample-data/compare-databases.js";
import { hasHidden } from "../../../src/model/visible.js";
import { createDatabase } from "../../support/database.js";
import { type Databases, makePlan, type Planned, play, readLines } from "../../support/incident.js";
import { nameOf, runners, runPatch } from "../../support/recovery.js";

/** Names of tenants as nobody should choose them: each is somebody's. */
const names = [
  "../../etc",
  "x'; DROP TABLE item; --",
  "a\nb\n\\! echo gone",
  "\u001b[2J\u202eevil",
  '=HYPERLINK("http://x")',
  "",
  "con.sql/",
];
const literal = (text: string) =>
  `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("\n", "\\n")}'`;

let databases: Databases;
let plan: Planned;

beforeAll(async () => {
  const owners = names.map((name, at) => `(${at + 1}, ${literal(name)})`).join(", ");
  databases = await play({
    pre: `CREATE TABLE item ("te nant" text, id int PRIMARY KEY, code text UNIQUE, made_by text);
      INSERT INTO item ("te nant", id, code, made_by) SELECT owner, id, id::text, owner FROM (VALUES ${owners}) AS v (id, owner);`,
    // Each has lost its code to the next one.
    post: `ALTER TABLE item DROP CONSTRAINT item_code_key; UPDATE item SET code = (id % ${names.length} + 1)::text;
      ALTER TABLE item ADD UNIQUE (code);`,
    current: "UPDATE item SET code = 'taken' WHERE id = 5",
  });
  plan = await makePlan(databases, {
    config: "tenant: { column: te nant, patches: true }\nactor: { column: made_by }",
    words: ["--damage", "update"],
  });
});

describe("hostile names of tenants", () => {
  it("stay data in every file", () => {
    expect(plan.summary.tenants?.map(({ tenant }) => tenant).sort()).toEqual([...names].sort());
    const tenants = readLines(plan.folder, "changes.jsonl").map(({ tenant }) => tenant);
    expect(tenants).toEqual(names.filter((_, at) => at !== 4));
    for (const name of readdirSync(plan.folder, { recursive: true, encoding: "utf8" })) {
      if (!/\.(sql|md|html)$/.test(name)) continue;
      const lines = readFileSync(join(plan.folder, name), "utf8").split("\n");
      expect(lines.filter(hasHidden), name).toEqual([]);
    }
  });

  it("name no folder", () => {
    const folders = readdirSync(join(plan.folder, "tenants")).filter((name) => name !== "index.csv");
    for (const folder of folders) expect(folder).toMatch(/^\d+(-[a-z0-9]+)*$/);
    expect(new Set(folders).size).toBe(folders.length);
  });

  it.each(runners)("harm no database: %s", async (_, run) => {
    const patient = await createDatabase("patient", databases.current);
    const variables = { pgmend_database: nameOf(patient) };
    for (const folder of readdirSync(join(plan.folder, "tenants")).filter((name) => name !== "index.csv"))
      for (const file of ["patch.sql", "rollback.sql"])
        expect(
          await runPatch(join(plan.folder, "tenants", folder, file), patient, variables, run),
        ).toMatchObject({ exitCode: 0 });
    await runPatch(join(plan.folder, "rollback.sql"), patient, variables, run);
    expect(await compareDatabases(patient, databases.current)).toEqual([]);
  });
});
