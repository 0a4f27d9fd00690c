import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { parseSettings } from "../../cli/settings/parse-settings.js";
import { noConfig } from "../../cli/settings/read-config.js";
import { plan as planRows } from "../../src/index.js";
import { createDatabase, query } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { type Databases, makePlan, type Planned, play, readLines } from "../support/incident.js";
import { pgmend } from "../support/program.js";
import { applyTo } from "../support/recovery.js";

/** A migration closed all orders of a shop; people closed two others, and noted something in some of them since. */
const story = {
  pre: `CREATE TABLE shop_order (id integer PRIMARY KEY, shop integer, state text, note text);
    INSERT INTO shop_order SELECT id, id % 2, 'open', NULL FROM generate_series(1, 40) AS id`,
  post: `UPDATE shop_order SET state = 'closed' WHERE shop = 0;
    UPDATE shop_order SET state = 'closed' WHERE id = 1; UPDATE shop_order SET state = 'closed' WHERE id = 3;
    UPDATE shop_order SET note = 'call back' WHERE id = 2; DELETE FROM shop_order WHERE id = 5`,
  current: "UPDATE shop_order SET note = 'paid' WHERE id = 4",
};

let databases: Databases;
let plain: Planned;

beforeAll(async () => {
  databases = await play({
    ...story,
    // Each statement a transaction of its own: several in one query are one.
    post: "",
    current: "",
  });
  for (const sql of story.post.split(";")) await query(databases.post, sql);
  const current = await createDatabase("current", databases.post);
  await query(current, story.current);
  databases = { ...databases, current };
  plain = await makePlan(databases);
}, 60_000);

function plan(...words: readonly string[]) {
  const { pre, post, current } = databases;
  const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
  return pgmend(["plan", ...words], { cwd: join(plain.folder, ".."), env });
}

const told = () => plain.summary.signatures.map(({ id, kind, rows, of }) => ({ id, kind, rows, of }));

it("a plan without rules names what there is", () => {
  expect(told()).toEqual([
    { id: "S1", kind: "bulk", rows: 19, of: null },
    { id: "S2", kind: "outliers", rows: 2, of: "S1" },
    { id: "S3", kind: "untold", rows: 1, of: null },
    { id: "S4", kind: "overlaid", rows: 1, of: "S1" },
  ]);
  expect(plain.summary.signatures[0]?.columns).toEqual([
    { column: "state", transition: "constant", value: "closed" },
  ]);
  expect(plain.summary.signatures[1]?.keys).toEqual([{ id: "1" }, { id: "3" }]);
});

it("the next one undoes just those that are named: of what lies beneath, only that", async () => {
  const { summary, folder } = await makePlan(databases, { words: ["--damage-signature", "S1,S4"] });
  expect(summary.totals).toMatchObject({ apply: 20, kept: 3, open: 0 });
  const changes = readLines(folder, "changes.jsonl");
  expect(changes.find(({ key }) => JSON.stringify(key) === '{"id":"2"}')).toMatchObject({
    columns: { state: { from: "closed", to: "open" } },
  });
  await applyTo(databases.current, folder);
  const rows = await query(databases.current, "SELECT id FROM shop_order WHERE state = 'closed' ORDER BY id");
  expect(rows.map(({ id }) => id)).toEqual(["1", "3"]);
  expect(
    await query(databases.current, "SELECT note FROM shop_order WHERE note IS NOT NULL ORDER BY id"),
  ).toEqual([{ note: "call back" }, { note: "paid" }]);
});

it("an id that is not there is refused, and nothing is written", async () => {
  const { exitCode, stdout, stderr } = await plan("--damage-signature", "S1,S9", "--out", "nowhere");
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("there is no signature S9; they are S1 to S4");
});

it("rules that name signatures are told of moving numbers where post is the live database", async () => {
  const { pre, current } = databases;
  const { stderr } = await pgmend(
    ["plan", "--pre", pre, "--current", current, "--damage-signature", "S1", "--out", "live"],
    { cwd: join(plain.folder, "..") },
  );
  expect(stderr).toContain("signatures are named although post is the live database");
});

it("planning a part of the rows again goes by the signatures of all", async () => {
  const { pre, post, current } = databases;
  const flags = { pre, post, current, damageSignature: "S4" };
  const settings = parseSettings({ flags, env: {}, file: noConfig, strategies: [] });
  const only = new Map([["public.shop_order", new Set(['["1"]', '["2"]'])]]);
  const storeFile = join(newFolder(), "plan.duckdb");
  const store = await planRows({ settings, storeFile, toolVersion: "0", only });
  try {
    const found: unknown[] = [];
    for await (const rows of store.rows()) for (const { key, rule } of rows) found.push([key, rule]);
    expect(found).toEqual([
      [["1"], undefined],
      [["2"], 1],
    ]);
  } finally {
    await store.close();
  }
});
