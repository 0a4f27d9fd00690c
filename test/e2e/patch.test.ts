import { join } from "node:path";
import { expect, it } from "vitest";
import { makePlan, play, runPatch } from "../support/incident.js";

it("try", async () => {
  const databases = await play({
    pre: `CREATE TABLE device (id integer PRIMARY KEY, name text, release integer, modified_at timestamptz DEFAULT '2020-01-01+00');
      INSERT INTO device SELECT n, 'd' || n, n * 10 FROM generate_series(1, 10) n`,
    post: "UPDATE device SET release = NULL",
    current: "UPDATE device SET release = 7 WHERE id = 3",
  });
  const plan = await makePlan(databases);
  console.log(plan);
  console.log(await runPatch(join(plan.folder, "patch.sql"), databases.current));
  expect(1).toBe(1);
});
