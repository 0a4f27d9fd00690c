import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { parseSettings } from "../../cli/settings/parse-settings.js";
import { parseConfig } from "../../cli/settings/read-config.js";
import { builtInStrategies } from "../../merge-strategies/index.js";
import { compareDatabases } from "../../sample-data/compare-databases.js";
import { plan, recoveryFiles } from "../../src/index.js";
import { createDatabase, query } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { runPatch } from "../support/recovery.js";
import { expectedRows, tellRows } from "./rekeyed/tell.js";
import { generateRekeyWorld, type RekeyWorld } from "./rekeyed/world.js";

/** More by hand: PGMEND_REKEY_WORLDS=500 npx vitest run test/fuzz/rekey.test.ts */
const worlds = Number(process.env["PGMEND_REKEY_WORLDS"] ?? 12);
const config = `mode: replay
strategies: [{ match: { tables: ["*"], kinds: [insert/insert] }, use: rekey }]
`;

let databases: Record<"pre" | "post" | "current" | "before", string>;

beforeAll(async () => {
  databases = {
    pre: await createDatabase("rekey_pre"),
    post: await createDatabase("rekey_post"),
    current: await createDatabase("rekey_current"),
    before: await createDatabase("rekey_before"),
  };
});

it(`${worlds} worlds: every lost row is back, refers to what it referred to, and nothing else moved`, {
  timeout: 20_000 + worlds * 4000,
}, async () => {
  let rekeyed = 0;
  for (let seed = 1; seed <= worlds; seed += 1) {
    const complaints: string[] = [];
    rekeyed += await playWorld(generateRekeyWorld(seed), complaints);
    expect({ seed, complaints }).toEqual({ seed, complaints: [] });
  }
  expect(rekeyed).toBeGreaterThan(worlds);
});

async function build(url: string, { schema, pre }: RekeyWorld, later: readonly string[] = []): Promise<void> {
  await query(
    url,
    ["DROP SCHEMA public CASCADE; CREATE SCHEMA public;", schema, ...pre, ...later].join("\n"),
  );
}

/** @returns how many rows took a new key */
async function playWorld(world: RekeyWorld, complaints: string[]): Promise<number> {
  const { pre, post, current, before } = databases;
  // Played anew in each, so that nothing needs to be copied: the same statements hand out the same numbers.
  await build(pre, world);
  await build(post, world, world.post);
  for (const url of [current, before]) await build(url, world, world.current);
  const tell = (url: string) => tellRows((sql) => query(url, sql), world.tables);
  const expected = expectedRows(await tell(pre), await tell(post), await tell(current));
  const folder = newFolder();
  const settings = parseSettings({
    flags: { pre, post, current },
    env: {},
    file: parseConfig(config, "pgmend.yaml"),
    strategies: builtInStrategies,
  });
  const store = await plan({ settings, storeFile: join(folder, "plan.duckdb"), toolVersion: "fuzz" });
  const { summary, files } = await recoveryFiles(store);
  for (const { name, text } of files) {
    let whole = "";
    for await (const chunk of text) whole += chunk;
    writeFileSync(join(folder, name), whole);
  }
  await store.close();
  if (summary.totals.open > 0) complaints.push(`${summary.totals.open} rows are open`, ...summary.warnings);
  for (const file of ["patch.sql", "patch.sql", "rollback.sql"]) {
    const { exitCode, stderr } = await runPatch(join(folder, file), current);
    if (exitCode !== 0) complaints.push(`${file}: ${stderr}`);
    if (file === "patch.sql") complaints.push(...differences(await tell(current), expected));
  }
  complaints.push(...(await compareDatabases(current, before)).map((found) => JSON.stringify(found)));
  return summary.rekeyed;
}

function differences(found: readonly string[], expected: readonly string[]): readonly string[] {
  return [
    ...found.filter((line) => !expected.includes(line)).map((line) => `not expected: ${line}`),
    ...expected.filter((line) => !found.includes(line)).map((line) => `missing: ${line}`),
  ];
}
