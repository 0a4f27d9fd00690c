import { join } from "node:path";
import { expect, it } from "vitest";
import { compareDatabases } from "../../sample-data/compare-databases.js";
import { writtenKey } from "../../src/model/change.js";
import { rowStatement } from "../../src/sql/row-statement.js";
import { openPlanStore } from "../../src/store/plan-store.js";
import { query } from "../support/database.js";
import { makePlan, play, type Story } from "../support/incident.js";
import { config, story } from "../support/lost-releases.js";
import { cloneWith, nameOf, runPatch } from "../support/recovery.js";

const types: Story = {
  pre: `CREATE DOMAIN size AS numeric CHECK (VALUE > 0);
    CREATE TABLE public."Thing" (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "a b" char(5), data json, doc jsonb,
      price size, share float8, span interval, tags text[], blob bytea, note text, twice integer GENERATED ALWAYS AS (id * 2) STORED);
    INSERT INTO "Thing" ("a b", data, doc, price, share, span, tags, blob, note)
      SELECT 'x' || n, '{"b": 1,  "a": 2}', '{"a": 1.0}', 1.50, 0.1 + n, '1 day 02:00', '{a,"b c",NULL}', '\\x00ff', E'it''s \\\\ :''x''\\n*/ --'
      FROM generate_series(1, 6) AS n`,
  post: `UPDATE "Thing" SET "a b" = NULL, data = '[]', doc = NULL, price = NULL, share = -0.0, span = '26 hours', tags = '{}', blob = '', note = ''
      WHERE id <= 3; DELETE FROM "Thing" WHERE id = 4; INSERT INTO "Thing" (note) VALUES ('new')`,
};

it.each([
  ["updates and inserts", story, { config }],
  ["types, names, and deletes", types, { words: ["--damage", "insert,update,delete"] }],
])("row by row, the statements do what the patch does, once: %s", async (_, told, wishes) => {
  const databases = await play(told);
  const { folder } = await makePlan(databases, wishes);
  const patched = await cloneWith(databases.current, "");
  await runPatch(join(folder, "patch.sql"), patched, { pgmend_database: nameOf(patched) });
  const statements = await statementsOf(folder);
  expect(statements.length).toBeGreaterThan(3);
  const clone = await cloneWith(databases.current, "");
  for (const statement of [...statements, ...statements]) await query(clone, statement);
  expect(await compareDatabases(patched, clone)).toEqual([]);
});

it("leave a row alone that has moved", async () => {
  const databases = await play(types);
  const { folder } = await makePlan(databases, { words: ["--damage", "insert,update,delete"] });
  const moved = `UPDATE public."Thing" SET "a b" = 'y', data = '{}', note = 'other'; INSERT INTO public."Thing" (id) OVERRIDING SYSTEM VALUE VALUES (4)`;
  const [clone, same] = [
    await cloneWith(databases.current, moved),
    await cloneWith(databases.current, moved),
  ];
  for (const statement of await statementsOf(folder)) await query(clone, statement);
  expect(await compareDatabases(same, clone)).toEqual([]);
});

async function statementsOf(folder: string): Promise<readonly string[]> {
  const store = await openPlanStore(join(folder, "plan.duckdb"), { readOnly: true });
  try {
    const { tables, touchWrite } = await store.readHeader();
    const statements: string[] = [];
    for await (const rows of store.rows({ anyChange: true })) {
      for (const row of rows) {
        const table = tables[row.table];
        if (table === undefined || row.change === undefined) continue;
        statements.push(rowStatement(table, { key: writtenKey(table, row), change: row.change }, touchWrite));
      }
    }
    return statements;
  } finally {
    await store.close();
  }
}
