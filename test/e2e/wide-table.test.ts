import { expect, it } from "vitest";
import { makePlan, play } from "../support/incident.js";
import { expectRecovery } from "../support/recovery.js";

/** A staged row holds what a row was and what it becomes: twice the columns that a table may have. */
it("a table of 1 600 columns, all of them changed, is recovered and taken back", {
  timeout: 120_000,
}, async () => {
  const names = Array.from({ length: 1599 }, (_, at) => `c${at}`);
  const databases = await play({
    pre: `CREATE TABLE wide (id integer PRIMARY KEY, ${names.map((name) => `${name} integer`).join(", ")});
      INSERT INTO wide SELECT id, ${names.map((_, at) => `id + ${at}`).join(", ")} FROM generate_series(1, 3) AS id`,
    post: `DELETE FROM wide WHERE id = 1; UPDATE wide SET ${names.map((name) => `${name} = NULL`).join(", ")}`,
  });
  const plan = await makePlan(databases);
  expect(plan.summary.totals).toMatchObject({ incoming: 3, apply: 3 });
  await expectRecovery(databases, plan, { truth: new URL(databases.pre) });
});

it("a row of many small values, twice as large as a page can hold", { timeout: 120_000 }, async () => {
  const names = Array.from({ length: 300 }, (_, at) => `c${at}`);
  const fill = (word: string) => names.map((_, at) => `repeat('${word}${at} ', id * 5)`).join(", ");
  const databases = await play({
    pre: `CREATE TABLE wide (id integer PRIMARY KEY, ${names.map((name) => `${name} text`).join(", ")});
      INSERT INTO wide SELECT id, ${fill("was")} FROM generate_series(1, 3) AS id`,
    post: `DELETE FROM wide WHERE id = 1; UPDATE wide SET (${names.join(", ")}) = (SELECT ${fill("is")})`,
  });
  const plan = await makePlan(databases);
  await expectRecovery(databases, plan, { truth: new URL(databases.pre) });
});
