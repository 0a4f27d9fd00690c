import { join } from "node:path";
import { expect, it } from "vitest";
import { playSchema } from "../../fuzz/schemas/run.js";
import { shop } from "../../fuzz/schemas/shop.js";
import { databaseUrl } from "../../support/database.js";
import { newFolder } from "../../support/folder.js";

it("a shop: orders and what follows them live in partitions by month; damaged at random, recovered exactly", {
  timeout: 600_000,
}, async () => {
  const bench = {
    admin: databaseUrl("postgres"),
    url: (role: string) => databaseUrl(`shop_${role}`),
    folder: join(newFolder(), "plan"),
  };
  // To play it again, or others: npm run fuzz -- --schemas 1 --seed SEED
  const outcomes = await playSchema(bench, shop("1", 10), "1");
  expect(outcomes.flatMap(({ complaints }) => complaints)).toEqual([]);
  for (const { changes } of outcomes) expect(changes).toBeGreaterThan(100);
});
