import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { parseSettings } from "../../cli/settings/parse-settings.js";
import { parseConfig } from "../../cli/settings/read-config.js";
import { builtInStrategies } from "../../merge-strategies/index.js";
import { plan, recoveryFiles, type Summary } from "../../src/index.js";
import { createDatabase, query } from "../support/database.js";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A table of comments that lost some of its rows in the window; the database was restored from before. */
async function replay(rows: number, lost: number, config = ""): Promise<Summary> {
  const pre = await createDatabase("guard_pre");
  await query(pre, "CREATE TABLE public.comment (id int PRIMARY KEY, body text)");
  await query(pre, `INSERT INTO public.comment SELECT n, 'text' FROM generate_series(1, ${rows}) AS n`);
  const current = await createDatabase("guard_current", pre);
  const post = await createDatabase("guard_post", pre);
  await query(post, `DELETE FROM public.comment WHERE id <= ${lost}`);
  const folder = await mkdtemp(join(tmpdir(), "pgmend-test-"));
  folders.push(folder);
  const store = await plan({
    settings: parseSettings({
      flags: { pre, post, current, mode: "replay" },
      env: {},
      file: parseConfig(config, "pgmend.yaml"),
      strategies: builtInStrategies,
    }),
    storeFile: join(folder, "plan.duckdb"),
    toolVersion: "test",
  });
  const { summary } = await recoveryFiles(store);
  await store.close();
  return summary;
}

describe("a table that lost most of its rows in a replay window", () => {
  it("sets its deletes aside: they are suspected damage, and open", async () => {
    const { totals, tables } = await replay(300, 200);
    expect(totals).toMatchObject({ incoming: 200, conflict: 200, apply: 0, open: 200 });
    expect(tables[0]?.conflicts).toEqual({ "suspected-damage": 200 });
  });

  it.each([
    ["half of its rows, not more", 300, 150],
    ["most of its rows, but only a hundred", 110, 100],
  ])("does not with %s", async (_, rows, lost) => {
    expect((await replay(rows, lost)).totals).toMatchObject({ apply: lost, conflict: 0 });
  });

  it.each([
    ["legitimate", { apply: 200, kept: 0 }],
    ["damage", { apply: 0, kept: 200 }],
  ])("does as a rule says that speaks of them: %s", async (is, expected) => {
    const config = `rules: [{ match: { tables: [comment], operations: [delete] }, is: ${is} }]`;
    expect((await replay(300, 200, config)).totals).toMatchObject({ conflict: 0, ...expected });
  });

  it("goes by the limits of the config", async () => {
    const config = "guard: { massDelete: { share: 0.1, rows: 5 } }";
    expect((await replay(50, 10, config)).totals).toMatchObject({ conflict: 10 });
  });
});
