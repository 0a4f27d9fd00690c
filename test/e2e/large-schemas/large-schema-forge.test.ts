import { join } from "node:path";
import { expect, it } from "vitest";
import { forge } from "../../fuzz/schemas/forge.js";
import { playSchema } from "../../fuzz/schemas/run.js";
import { databaseUrl } from "../../support/database.js";
import { newFolder } from "../../support/folder.js";

it("a forge: much hangs on projects, remarks are about anything; damaged at random, recovered exactly", {
  timeout: 600_000,
}, async () => {
  const bench = {
    admin: databaseUrl("postgres"),
    url: (role: string) => databaseUrl(`forge_${role}`),
    folder: join(newFolder(), "plan"),
  };
  // To play it again, or others: npm run fuzz -- --schemas 1 --seed SEED
  const outcomes = await playSchema(bench, forge("1", 10), "1");
  expect(outcomes.flatMap(({ complaints }) => complaints)).toEqual([]);
  for (const { changes } of outcomes) expect(changes).toBeGreaterThan(100);
});
