import { expect, it } from "vitest";
import { createDatabase, databaseUrl, query } from "../support/database.js";

it("clones a template, so that what one test writes no other one sees", async () => {
  const template = await createDatabase("fleet");
  await query(template, "CREATE TABLE device (id integer PRIMARY KEY); INSERT INTO device VALUES (1), (2)");
  const [first, second] = [await createDatabase("fleet", template), await createDatabase("fleet", template)];
  await query(first, "DELETE FROM device WHERE id = $1", [1]);
  expect(await query(first, "SELECT id FROM device")).toEqual([{ id: "2" }]);
  expect(await query(second, "SELECT id FROM device ORDER BY id")).toEqual([{ id: "1" }, { id: "2" }]);
});

it("knows names of its own, and the one that is everybody's", async () => {
  expect(databaseUrl("story")).toBe(databaseUrl("story"));
  expect(databaseUrl("story")).not.toBe(databaseUrl("storybook"));
  expect(await query(databaseUrl("postgres"), "SELECT current_database() AS name")).toEqual([
    { name: "postgres" },
  ]);
});
