import { join } from "node:path";
import { expect, it } from "vitest";
import { playSchema } from "../../fuzz/schemas/run.js";
import { tracker } from "../../fuzz/schemas/tracker.js";
import { databaseUrl } from "../../support/database.js";
import { newFolder } from "../../support/folder.js";

it("a tracker: the workspace is part of every key; damaged at random, recovered exactly", {
  timeout: 600_000,
}, async () => {
  const bench = {
    admin: databaseUrl("postgres"),
    url: (role: string) => databaseUrl(`tracker_${role}`),
    folder: join(newFolder(), "plan"),
  };
  // To play it again, or others: npm run fuzz -- --schemas 1 --seed SEED
  const outcomes = await playSchema(bench, tracker("1", 10), "1");
  expect(outcomes.flatMap(({ complaints }) => complaints)).toEqual([]);
  for (const { changes } of outcomes) expect(changes).toBeGreaterThan(100);
});
