import { join } from "node:path";
import { expect, it } from "vitest";
import { parseSettings } from "../../cli/settings/parse-settings.js";
import { noConfig } from "../../cli/settings/read-config.js";
import { plan } from "../../src/index.js";
import { newFolder } from "../support/folder.js";
import { play } from "../support/incident.js";

/** Rows that come by merging to have the same value, in a plan of many rows that are looked up a few at a time. */
async function withheldWith(constraint: string, chunkSize?: number): Promise<readonly string[]> {
  const { pre, post, current } = await play({
    pre: `CREATE TABLE seat (id int PRIMARY KEY, hall int, row int); ${constraint};
      INSERT INTO seat SELECT n, n, n FROM generate_series(1, 9) AS n`,
    post: "UPDATE seat SET hall = CASE WHEN id IN (1, 6, 9) THEN 50 ELSE 100 + id END",
    current: "UPDATE seat SET row = 60 WHERE id IN (1, 6, 9)",
    mode: "replay",
  });
  const flags = { pre, post, current, mode: "replay" };
  const store = await plan({
    settings: parseSettings({ flags, env: {}, file: noConfig, strategies: [] }),
    storeFile: join(newFolder(), "plan.duckdb"),
    toolVersion: "test",
    chunkSize,
  });
  const withheld: string[] = [];
  for await (const rows of store.rows({ outcomes: ["conflict"] }))
    withheld.push(...rows.map(({ key, conflict }) => `${key[0]} ${conflict?.kind}: ${conflict?.cause}`));
  await store.close();
  return withheld;
}

it.each([
  ["columns", "ALTER TABLE seat ADD UNIQUE (hall, row)", "unique"],
  ["an expression, in part", "CREATE UNIQUE INDEX ON seat (abs(hall), row) WHERE row > 0", "unique"],
  ["an exclusion", "ALTER TABLE seat ADD EXCLUDE USING gist (point(hall, row) WITH ~=)", "exclusion"],
])("rivals are found wherever they are in the plan: %s", async (_, constraint, kind) => {
  const whole = await withheldWith(constraint);
  expect(whole).toEqual(
    ["6", "9"].map((id) => expect.stringMatching(`^${id} ${kind}: public.seat \\{"id":"1"\\} `)),
  );
  expect(await withheldWith(constraint, 2)).toEqual(whole);
});
