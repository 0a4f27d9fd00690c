import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findConfig } from "../../../cli/settings/find-config.js";
import { noConfig, parseConfig, readConfig } from "../../../cli/settings/read-config.js";
import { UsageError } from "../../../src/index.js";

/** The mistakes of a config, each as `line:col place: what`. */
function mistakesOf(text: string): readonly string[] {
  try {
    parseConfig(text, "pgmend.yaml");
    return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.mistakes.map(({ where, what }) => `${where}: ${what}`);
  }
}

const full = `
mode: undo
connections: { pre: postgresql://db1/before, current: postgresql://db1/live }
tables: ["public.*"]
excludeTables: [public.audit_log]
keys:
  public.log: [line, at]
rules:
  - match:
      tables: [public.device]
      operations: [update]
      columns: [is_pinned_on__release]
      where: post.is_pinned_on__release IS NULL
      transactions: [812231, "812232"]
    is: damage
  - match: {}
    is: legitimate
damage: [update]
strategies:
  - match: { tables: [public.app], columns: [download_count], kinds: [update/update] }
    use: take-incoming
  - use: newest
    column: updated_at
touch: { columns: [updated_at], write: keep }
groups: { public.event: [[starts_at, ends_at]] }
granularity: cell
triggers: disable
invariants: [{ name: no negative price, sql: SELECT FROM invoice WHERE price < 0 }]
out: recovery
`;

it("reads everything there is", () => {
  const { config, where } = parseConfig(full, "pgmend.yaml");
  expect(config).toMatchObject({
    mode: "undo",
    rules: [
      { match: { transactions: [812231, "812232"] }, is: "damage" },
      { match: {}, is: "legitimate" },
    ],
    strategies: [{ use: "take-incoming" }, { use: "newest", column: "updated_at" }],
  });
  expect(where(["rules", 1])).toBe("pgmend.yaml:16:5 rules[1]");
  expect(where(["rules", 0, "match", "columns", 0])).toBe("pgmend.yaml:12:17 rules[0].match.columns[0]");
  // A place that is not there: the nearest above it that is.
  expect(where(["rules", 1, "match", "tables"])).toBe("pgmend.yaml:16:12 rules[1].match.tables");
});

it.each(["", "\n", "# mode: undo\n", "---\n", "{}"])("%j is an empty config", (text) => {
  expect(parseConfig(text, "pgmend.yaml").config).toEqual({});
});

it("lists every mistake at once, each with its line and column", () => {
  const text = `mode: sideways
tables: public.device
rules:
  - match: { tables: [], operations: [update, upsert], where: "  " }
    is: broken
  - match: { columns: [owner], operations: [insert] }
    is: damage
  - is: damage
touch: { write: sometimes }
colour: blue
`;
  const [first = "", ...more] = mistakesOf(text);
  expect(first).toMatch(/^pgmend\.yaml:1:7 mode: expected one of .*undo.*replay/);
  expect(more.map((mistake) => mistake.split(": ")[0])).toEqual([
    "pgmend.yaml:2:9 tables",
    "pgmend.yaml:4:22 rules[0].match.tables",
    "pgmend.yaml:4:47 rules[0].match.operations[1]",
    "pgmend.yaml:4:63 rules[0].match.where",
    "pgmend.yaml:5:9 rules[0].is",
    "pgmend.yaml:6:23 rules[1].match.columns",
    "pgmend.yaml:8:5 rules[2].match",
    "pgmend.yaml:9:17 touch.write",
    "pgmend.yaml:10:1 colour",
  ]);
  expect(more).toContain(
    "pgmend.yaml:6:23 rules[1].match.columns: columns mask cells of updates; a rule with columns can only have operations: [update]",
  );
});

describe("a setting that does not exist", () => {
  it.each([
    ["excluded_tables: [a]", ["1:1 excluded_tables"]],
    ["mode: undo\ncolours:\n  - blue\n", ["2:1 colours"]],
    ["rules: [{ match: {}, is: damage, note: x, why: y }]", ["1:34 rules[0].note", "1:43 rules[0].why"]],
    ["connections:\n  live: postgresql://db1/live\n", ["2:3 connections.live"]],
    ["invariants:\n  - name: total\n    sql: SELECT 1\n    query: SELECT 1\n", ["4:5 invariants[0].query"]],
    ["__proto__: 1\n", ["1:1 __proto__"]],
  ])("%j", (text, places) => {
    expect(mistakesOf(text)).toEqual(
      places.map((place) => `pgmend.yaml:${place}: there is no such setting here`),
    );
  });
});

describe("a value that cannot be", () => {
  it.each([
    ["rules:\n", "1:7 rules"],
    ["- mode\n", "1:1"],
    ["undo\n", "1:1"],
    ["keys: { public.device: id }", "1:24 keys.public.device"],
    ["keys: { public.device: [] }", "1:24 keys.public.device"],
    ["groups: { public.event: [[starts_at]] }", "1:26 groups.public.event[0]"],
    ["strategies: [{ match: {} }]", "1:14 strategies[0].use"],
    ["strategies: [{ use: manual, match: { kinds: [update] } }]", "1:46 strategies[0].match.kinds[0]"],
    ["rules: [{ match: { transactions: [812231, x] }, is: damage }]", "1:43 rules[0].match.transactions[1]"],
    ["rules: [{ match: { transactions: [-1] }, is: damage }]", "1:35 rules[0].match.transactions[0]"],
    ["connections: { pre: 5432 }", "1:21 connections.pre"],
    ["invariants: [{ name: total }]", "1:14 invariants[0].sql"],
    ["out: ''", "1:6 out"],
  ])("%j", (text, place) => {
    const mistakes = mistakesOf(text);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]?.startsWith(`pgmend.yaml:${place}: `)).toBe(true);
  });
});

describe("broken YAML", () => {
  it.each([
    ["tables: [public.device\nmode: undo\n", /^pgmend\.yaml:2:1: not valid YAML: ./],
    ["mode: undo\nmode: replay\n", /^pgmend\.yaml:2:1: not valid YAML: Map keys must be unique/],
    ["mode: undo\n\ttables: []\n", /^pgmend\.yaml:2:1: not valid YAML: Tabs/],
    ["mode: undo\n---\nmode: replay\n", /^pgmend\.yaml:2:1: not valid YAML: .*multiple documents/],
    ["tables: *\n", /^pgmend\.yaml:1:9: not valid YAML: ./],
    [
      "tables: [*.device]\n",
      /^pgmend\.yaml:1:10: .*"\.device".* a glob that begins with \* is written in quotes$/,
    ],
    ["rules:\n  - match: { tables: [*_log] }\n    is: damage\n", /^pgmend\.yaml:2:23: .*"_log"/],
  ])("%j", (text, expected) => {
    expect(mistakesOf(text)[0]).toMatch(expected);
  });

  it("all of it at once", () => {
    expect(mistakesOf("tables: [*.device, *.invoice]\n")).toHaveLength(2);
    expect(mistakesOf("mode: undo\nmode: undo\nout: a\nout: b\n")).toHaveLength(2);
  });
});

it("an anchor may be used again", () => {
  const text = "tables: &mine [public.device]\nexcludeTables: *mine\n";
  expect(parseConfig(text, "pgmend.yaml").config.excludeTables).toEqual(["public.device"]);
});

describe("files", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "pgmend-config-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("none asked for and none there is no config", async () => {
    expect(await findConfig(undefined, folder)).toBe(noConfig);
    expect(noConfig.where(["rules", 0, "is"])).toBe("rules[0].is");
  });

  it("one that was asked for must be there", async () => {
    const missing = findConfig("mine.yaml", folder);
    await expect(missing).rejects.toThrow(UsageError);
    await expect(missing).rejects.toThrow(/^--config .*mine\.yaml: there is no such file$/);
  });

  it("pgmend.yaml is found, and mistakes in it name it without its folder", async () => {
    await writeFile(join(folder, "pgmend.yaml"), "mode: sideways\n");
    await expect(findConfig(undefined, folder)).rejects.toThrow(/^pgmend\.yaml:1:7 mode: /);
    await writeFile(join(folder, "other.yaml"), "mode: replay\n");
    expect((await findConfig("other.yaml", folder)).config).toEqual({ mode: "replay" });
    expect((await readConfig(join(folder, "other.yaml"))).config).toEqual({ mode: "replay" });
  });
});
