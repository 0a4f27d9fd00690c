import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as library from "../../src/index.js";
import { query } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { play } from "../support/incident.js";
import { ended, Program } from "../support/program.js";

const program = new Program();
const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "library.md"), "utf8");
const [, example = ""] = /```js\n([\s\S]*?)```/.exec(page) ?? [];

describe("docs/library.md", () => {
  it("has an example that mends a database, just as it is printed", { timeout: 120_000 }, async () => {
    const { pre, post, current } = await play({
      pre: `CREATE TABLE device (id integer PRIMARY KEY, owner text, visits integer NOT NULL);
        INSERT INTO device VALUES (1, 'ann', 5), (2, 'bob', 5), (3, 'cy', 5), (4, 'dee', 5)`,
      post: "UPDATE device SET owner = NULL, visits = 0 WHERE id < 4; UPDATE device SET visits = 6 WHERE id = 4",
      current: "UPDATE device SET owner = 'eve' WHERE id = 2; UPDATE device SET visits = 2 WHERE id = 3",
    });
    // Beside package.json, so that "pgmend" is found by its exports, as where it is installed.
    const file = join(program.folder, "example.mjs");
    writeFileSync(file, example);
    const out = join(newFolder(), "recovery");
    const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current, OUT: out };
    const run = await ended(spawn(process.execPath, [file], { env, stdio: ["ignore", "pipe", "pipe"] }));
    expect(run).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: `2 rows to write, 1 open
public.device { id: '2' } update/update [ 'owner' ]
pre bob post null current eve
public.device { id: '3' } update/update [ 'visits' ]
pre 5 post 0 current 2
2 rows written
2 as planned, 0 not
`,
    });
    for (const name of ["plan.duckdb", "patch.sql", "rollback.sql", "report.html", "summary.json"])
      expect(existsSync(join(out, name)), name).toBe(true);
    expect(await query(current, "SELECT * FROM device ORDER BY id")).toEqual([
      { id: "1", owner: "ann", visits: "5" },
      { id: "2", owner: "eve", visits: "0" },
      { id: "3", owner: "cy", visits: "7" },
      { id: "4", owner: "dee", visits: "6" },
    ]);
  });

  it("names functions and errors that are there", () => {
    const [, list = ""] = page.split("## What there is");
    const named = [...list.matchAll(/`([a-z]\w+|[A-Z]\w*Error)`/g)].map(([, name = ""]) => name);
    const parts = ["hint", "mistakes", "only", "onProgress", "signal", "pgmend"];
    const missing = named.filter((name) => !Object.hasOwn(library, name) && !parts.includes(name));
    expect(missing).toEqual([]);
    expect(named.length).toBeGreaterThan(20);
  });
});

it("settings have the defaults of the command line", async () => {
  const connections = { pre: { url: "postgresql://a/b" }, current: { url: "postgresql://a/c" } };
  const { builtInStrategies } = await import("../../merge-strategies/index.js");
  const { parseSettings } = await import("../../cli/settings/parse-settings.js");
  const { noConfig } = await import("../../cli/settings/read-config.js");
  const flags = { pre: connections.pre.url, current: connections.current.url };
  const { placeOf: _, ...parsed } = parseSettings({
    flags,
    env: {},
    file: noConfig,
    strategies: builtInStrategies,
  });
  const given = Object.entries(parsed).filter(([, value]) => value !== undefined);
  expect(library.planSettings({ connections, redact: [], warnings: [] })).toEqual(Object.fromEntries(given));
});
