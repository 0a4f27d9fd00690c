import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compareDatabases } from "../../../sample-data/compare-databases.js";
import type { SqlFileResult } from "../../../sample-data/server/psql.js";
import { createDatabase, query } from "../../support/database.js";
import { type Databases, makePlan, type Planned, play } from "../../support/incident.js";
import { cloneWith, nameOf, runners, runPatch } from "../../support/recovery.js";

let databases: Databases;
let plan: Planned;

/** In the window, owners were lost, notes 4 to 6 deleted, and notes 7 to 9 made that should not be there. */
const truth = `UPDATE device SET owner = 'owner ' || id, modified_at = '2019-09-23 22:00+00' WHERE id <= 5;
  INSERT INTO note SELECT id, 'note ' || id FROM generate_series(4, 6) AS id ON CONFLICT DO NOTHING;
  DELETE FROM note WHERE id >= 7`;

beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE device (id integer PRIMARY KEY, owner text, name text, modified_at timestamptz);
      INSERT INTO device SELECT id, 'owner ' || id, 'device ' || id, '2019-09-23 22:00+00' FROM generate_series(1, 9) AS id;
      CREATE TABLE note (id integer PRIMARY KEY, text text);
      INSERT INTO note SELECT id, 'note ' || id FROM generate_series(1, 6) AS id`,
    post: `UPDATE device SET owner = NULL, modified_at = '2019-09-23 22:16+00' WHERE id <= 5;
      DELETE FROM note WHERE id >= 4; INSERT INTO note SELECT id, 'noise' FROM generate_series(7, 9) AS id`,
  });
  plan = await makePlan(databases, { words: ["--damage", "insert,update,delete"] });
  expect(plan.summary.totals).toMatchObject({ apply: 11, incoming: 11, open: 0 });
});

/** What somebody does after the plan was made, with what the patch has to say of it. */
const drifts: Record<string, readonly [sql: string, told: readonly string[]]> = {
  "a value": [
    "UPDATE device SET owner = 'bob' WHERE id = 2",
    [`public.device {"id" : "2"} (update): owner is 'bob', expected NULL`],
  ],
  "a row that is gone": [
    "DELETE FROM device WHERE id = 3",
    [`public.device {"id" : "3"} (update): the row is gone`],
  ],
  "another row under the key of a lost one": [
    "INSERT INTO note VALUES (5, 'mine')",
    [
      `public.note {"id" : "5"} (insert): another row with this key is there: text is 'mine', expected 'note 5'`,
    ],
  ],
  "a row that was to go": [
    "UPDATE note SET text = 'precious' WHERE id = 8",
    [`public.note {"id" : "8"} (delete): text is 'precious', expected 'noise'`],
  ],
  "several, of which all are told": [
    "UPDATE device SET owner = '' WHERE id IN (1, 4); UPDATE note SET text = NULL WHERE id = 9",
    [
      `public.device {"id" : "1"} (update): owner is '', expected NULL`,
      `public.device {"id" : "4"} (update): owner is '', expected NULL`,
      `public.note {"id" : "9"} (delete): text is NULL, expected 'noise'`,
    ],
  ],
  "what would drive a terminal": [
    "UPDATE device SET owner = E'\\u001b[2J\\u202e\\u0007\\nINFO:  all is well' WHERE id = 5",
    [
      String.raw`public.device {"id" : "5"} (update): owner is '\u001b[2J\u202e\u0007\u000aINFO:  all is well', expected NULL`,
    ],
  ],
  "a long text": [
    "UPDATE device SET owner = repeat('long ', 200000) WHERE id = 5",
    [`public.device {"id" : "5"} (update): owner is '${"long ".repeat(40)}', expected NULL`],
  ],
};

/** What it says line by line, the moved rows by themselves. */
function parts({ stderr }: SqlFileResult): { moved: readonly string[]; rest: readonly string[] } {
  const lines = stderr.trimEnd().split("\n");
  const isMoved = (line: string) => line.startsWith("INFO:  pgmend: moved: ");
  return {
    moved: lines.filter(isMoved).map((line) => line.replace("INFO:  pgmend: moved: ", "")),
    rest: lines.filter((line) => !isMoved(line) && !line.startsWith("CONTEXT:")),
  };
}

describe.each(runners)("rows that moved since the plan, with %s", (_, run) => {
  const apply = (file: "patch.sql" | "rollback.sql", url: string, more: Record<string, string> = {}) =>
    runPatch(join(plan.folder, file), url, { pgmend_database: nameOf(url), ...more }, run);

  it.each(Object.entries(drifts))(
    "%s: nothing is written, and all of it is told",
    async (__, [sql, told]) => {
      const patient = await cloneWith(databases.current, sql);
      const before = await createDatabase("before", patient);
      const result = await apply("patch.sql", patient);
      expect(result).toMatchObject({ exitCode: 3, stdout: "" });
      expect(parts(result)).toEqual({
        moved: told,
        rest: [
          `ERROR:  pgmend: ${told.length} rows are no longer as planned (listed above); nothing was written`,
          "HINT:  Plan again, or leave these rows as they are with -v pgmend_drift=skip.",
        ],
      });
      expect(await compareDatabases(patient, before)).toEqual([]);
    },
  );

  it("skipped, the others are written; the rollback leaves them, too", async () => {
    const sql = Object.values(drifts)
      .slice(0, 4)
      .map(([drift]) => drift)
      .join(";");
    const patient = await cloneWith(databases.current, sql);
    const before = await createDatabase("before", patient);
    const expected = await cloneWith(
      patient,
      `UPDATE device SET owner = 'owner ' || id, modified_at = '2019-09-23 22:00+00' WHERE id IN (1, 4, 5);
       INSERT INTO note VALUES (4, 'note 4'), (6, 'note 6'); DELETE FROM note WHERE id IN (7, 9)`,
    );
    const patched = await apply("patch.sql", patient, { pgmend_drift: "skip" });
    expect(patched.exitCode).toBe(0);
    expect(parts(patched).moved).toHaveLength(4);
    expect(parts(patched).rest).toEqual([
      "WARNING:  pgmend: 4 rows are no longer as planned (listed above) and were left as they are",
      "NOTICE:  pgmend: 7 rows written",
    ]);
    expect(await compareDatabases(patient, expected)).toEqual([]);

    const again = await apply("patch.sql", patient, { pgmend_drift: "skip" });
    expect(parts(again).rest.at(-1)).toMatch(/^NOTICE: {2}pgmend: nothing was written/);
    expect(await compareDatabases(patient, expected)).toEqual([]);

    expect(await apply("rollback.sql", patient)).toMatchObject({ exitCode: 3 });
    expect(await compareDatabases(patient, expected)).toEqual([]);
    expect(await apply("rollback.sql", patient, { pgmend_drift: "skip" })).toMatchObject({ exitCode: 0 });
    expect(await compareDatabases(patient, before)).toEqual([]);
  });

  it("another word than strict and skip is refused", async () => {
    const result = await apply("patch.sql", databases.current, { pgmend_drift: "Skip" });
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toContain('ERROR:  pgmend: pgmend_drift is "Skip", expected strict or skip\n');
  });
});

describe("what is no drift", () => {
  it.each([
    [
      "a touch column alone",
      "UPDATE device SET modified_at = now() WHERE id <= 3",
      "public.device.modified_at",
    ],
    ["a column the plan does not write", "UPDATE device SET name = 'renamed' WHERE id <= 5", ""],
    [
      "what is already as planned",
      "UPDATE device SET owner = 'owner 2' WHERE id = 2; INSERT INTO note VALUES (4, 'note 4'); DELETE FROM note WHERE id = 7",
      "public.device.modified_at",
    ],
    [
      "rows the plan does not name",
      "INSERT INTO device VALUES (10, 'eve', 'new', now()); UPDATE note SET text = 'mine' WHERE id = 1",
      "",
    ],
  ])("%s", async (_, sql, ignored) => {
    const patient = await cloneWith(databases.current, sql);
    const before = await createDatabase("before", patient);
    const truthful = await cloneWith(patient, truth);
    const variables = { pgmend_database: nameOf(patient) };
    expect(await runPatch(join(plan.folder, "patch.sql"), patient, variables)).toMatchObject({ exitCode: 0 });
    expect(await compareDatabases(patient, truthful, { ignore: [ignored] })).toEqual([]);
    expect(await compareDatabases(patient, before, { limit: 1 })).toHaveLength(1);
  });

  it("a touch column that moved since keeps what it has", async () => {
    const patient = await cloneWith(
      databases.current,
      "UPDATE device SET modified_at = '2030-01-01+00' WHERE id = 1",
    );
    await runPatch(join(plan.folder, "patch.sql"), patient, { pgmend_database: nameOf(patient) });
    const dates = await query(
      patient,
      "SET TimeZone = UTC; SELECT modified_at AS at FROM device WHERE id <= 2 ORDER BY id",
    );
    expect(dates).toEqual([{ at: "2030-01-01 00:00:00+00" }, { at: "2019-09-23 22:00:00+00" }]);
  });
});
