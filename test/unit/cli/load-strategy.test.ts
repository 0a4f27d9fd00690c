import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { isStrategyPath, loadStrategies } from "../../../cli/settings/load-strategy.js";
import { type PlanFlags, parseSettings } from "../../../cli/settings/parse-settings.js";
import { noConfig, parseConfig } from "../../../cli/settings/read-config.js";
import { builtInStrategies } from "../../../merge-strategies/index.js";
import { UsageError } from "../../../src/index.js";
import { repository } from "../../meta/cruise.js";

const good = `export default {
  name: "mine", summary: "Takes what is incoming.",
  resolve: () => ({ kind: "take", role: "incoming", reason: "mine" }),
};`;

/** Modules of all sorts; a name that is used twice would be the module of before. */
const modules = {
  "good.mjs": good,
  "named.mjs": good.replace("export default", "export const strategy ="),
  "common.cjs": good.replace("export default", "module.exports ="),
  "with-options.mjs": good.replace(
    "name:",
    'options: { rate: (value) => (typeof value === "number" ? undefined : "expected a number") }, name:',
  ),
  "odd-check.mjs": good.replace("name:", 'options: { rate: () => { throw new Error("no idea"); } }, name:'),
  "throws.mjs": 'throw new Error("the moon is wrong");',
  "throws-text.mjs": 'throw "just so";',
  "broken.mjs": "export default {",
  "empty.mjs": "export const other = 1;",
  "nothing-right.mjs": 'export default { name: 5, summary: " ", options: ["rate"] };',
  "null.mjs": "export default null;",
  "null-options.mjs": good.replace("name:", "options: null, name:"),
  "other-columns.mjs": good.replace("name:", 'columnOptions: ["by"], name:'),
  "folder/good.mjs": good.replaceAll("mine", "another"),
};

let folder: string;

beforeAll(() => {
  mkdirSync(join(repository, ".scratch"), { recursive: true });
  folder = mkdtempSync(join(repository, ".scratch", "strategies-"));
  mkdirSync(join(folder, "folder"));
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const url = "postgresql://ada@db/shop";

/** The entries of the chain that these settings make; asks for them where the config's folder is. */
async function entries(strategies: readonly object[], flags: PlanFlags = {}, cwd = folder) {
  const file = { ...parseConfig(stringify({ strategies }), "pgmend.yaml"), folder };
  const modules = await loadStrategies({ flags, file, cwd });
  const all = { ...flags, pre: url, current: url };
  return parseSettings({ flags: all, env: {}, file, strategies: builtInStrategies, modules }).strategies;
}

async function mistakes(...asked: Parameters<typeof entries>) {
  const error = await entries(...asked).catch((reason: unknown) => reason);
  if (!(error instanceof UsageError)) throw new Error("these settings are right");
  return error.mistakes;
}

describe("a path", () => {
  it.each(["./mine.js", "../mine", "/srv/mine.mjs", "mine.js", "mine.mjs", "rules/mine.cjs"])(
    "%s is one",
    (use) => {
      expect(isStrategyPath(use)).toBe(true);
    },
  );

  it.each(builtInStrategies)("$name is none", ({ name }) => {
    expect(isStrategyPath(name)).toBe(false);
  });
});

describe("a strategy of one's own", () => {
  it.each(["./good.mjs", "named.mjs", "./common.cjs", "./folder/../good.mjs"])("%s", async (use) => {
    const [entry] = await entries([{ match: { tables: ["device"] }, use }]);
    expect(entry).toMatchObject({ match: { tables: ["device"] }, options: {}, strategy: { name: "mine" } });
    expect(entry?.where).toBe("pgmend.yaml:2:5 strategies[0]");
  });

  it("by its full path", async () => {
    const [entry] = await entries([{ use: join(folder, "good.mjs") }]);
    expect(entry?.strategy.name).toBe("mine");
  });

  it("stands among the others, in order", async () => {
    const chain = await entries([
      { use: "counter" },
      { use: "./good.mjs" },
      { use: "manual" },
      { use: "./good.mjs" },
    ]);
    expect(chain.map(({ strategy }) => strategy.name)).toEqual(["counter", "mine", "manual", "mine"]);
  });

  it("of a flag is beside whoever gives the command, of the config beside the config", async () => {
    const flags = { strategy: ["public.device.owner=./good.mjs"] };
    const chain = await entries([{ use: "./good.mjs" }], flags, join(folder, "folder"));
    expect(chain.map(({ strategy }) => strategy.name)).toEqual(["another", "mine"]);
  });

  it("of a flag needs no config", async () => {
    const flags = { strategy: ["*=./good.mjs", "nonsense"] };
    const modules = await loadStrategies({ flags, file: noConfig, cwd: folder });
    expect(modules.flags.get("./good.mjs")).toMatchObject({ name: "mine" });
  });

  it("gets its options, checked by itself", async () => {
    const [entry] = await entries([{ use: "./with-options.mjs", rate: 5 }]);
    expect(entry?.options).toEqual({ rate: 5 });
  });
});

describe("what is wrong with a file is said with its name and its place", () => {
  it.each([
    ["missing.mjs", /missing\.mjs: there is no such file/],
    ["throws.mjs", /throws\.mjs cannot be loaded: the moon is wrong/],
    ["throws-text.mjs", /throws-text\.mjs cannot be loaded: just so/],
    ["broken.mjs", /broken\.mjs cannot be loaded: ./],
    ["empty.mjs", /empty\.mjs exports no strategy: expected a default export, or one called strategy/],
    [
      "nothing-right.mjs",
      /is not a strategy: its name is not text, its summary is not text, it has no function resolve, its options/,
    ],
    ["null.mjs", /null\.mjs exports no strategy/],
    ["null-options.mjs", /null-options\.mjs is not a strategy: its options are not functions/],
    ["other-columns.mjs", /is not a strategy: its columnOptions are not a list of its options/],
    ["./folder", /folder cannot be loaded: ./],
  ])("%s", async (use, what) => {
    expect(await mistakes([{ use: use.startsWith(".") ? use : `./${use}` }])).toEqual([
      { where: "pgmend.yaml:2:10 strategies[0].use", what: expect.stringMatching(what) },
    ]);
    const flag = `device=./${use}`;
    expect(await mistakes([], { strategy: [flag] })).toEqual([
      { where: `--strategy ${flag}`, what: expect.stringMatching(what) },
    ]);
  });

  it("all at once, with mistakes of other sorts", async () => {
    const found = await mistakes([{ use: "./throws.mjs" }, { use: "conter" }, { use: "./missing.mjs" }], {
      mode: "redo",
    });
    expect(found.map(({ where }) => where)).toEqual([
      "pgmend.yaml:2:10 strategies[0].use",
      "pgmend.yaml:3:10 strategies[1].use",
      "pgmend.yaml:4:10 strategies[2].use",
      "--mode",
    ]);
    expect(found[1]?.what).toMatch(/^there is no strategy "conter"; known are manual, .*\.\/mine\.js/);
  });

  it("where nobody loaded it", () => {
    const file = parseConfig(stringify({ strategies: [{ use: "./good.mjs" }] }), "pgmend.yaml");
    const flags = { pre: url, current: url };
    expect(() => parseSettings({ flags, env: {}, file, strategies: builtInStrategies })).toThrow(
      /not loaded here/,
    );
  });
});

describe("options", () => {
  it("are handed on", async () => {
    const [entry] = await entries([{ match: { tables: ["page"] }, use: "newest", column: "written_at" }]);
    expect(entry?.options).toEqual({ column: "written_at" });
  });

  it.each<[string, object, string, RegExp]>([
    [
      "one that is missing",
      { use: "newest" },
      "2:5 strategies[0].column",
      /^option column of newest: expected/,
    ],
    [
      "one of another sort",
      { use: "newest", column: 3 },
      "3:13 strategies[0].column",
      /^option column of newest/,
    ],
    [
      "one it does not have",
      { use: "counter", colum: "x" },
      "3:12 strategies[0].colum",
      /^counter has no such option; it takes none$/,
    ],
    [
      "one every object has",
      { use: "counter", toString: "x" },
      "3:15 strategies[0].toString",
      /^counter has no such option/,
    ],
    [
      "one's own",
      { use: "./with-options.mjs" },
      "2:5 strategies[0].rate",
      /^option rate of mine: expected a number$/,
    ],
    [
      "one's own that is none",
      { use: "./good.mjs", rate: 5 },
      "3:11 strategies[0].rate",
      /^mine has no such option/,
    ],
    [
      "a check that fails",
      { use: "./odd-check.mjs" },
      "2:5 strategies[0].rate",
      /it cannot be checked: no idea$/,
    ],
  ])("%s", async (_, entry, place, what) => {
    expect(await mistakes([entry])).toEqual([
      { where: `pgmend.yaml:${place}`, what: expect.stringMatching(what) },
    ]);
  });

  it("a misspelled one is both there and missing", async () => {
    const found = await mistakes([{ use: "newest", colum: "written_at" }]);
    expect(found.map(({ what }) => what)).toEqual([
      "newest has no such option; it takes column",
      expect.stringMatching(/^option column of newest/),
    ]);
  });

  it("cannot be given with a flag", async () => {
    expect(await mistakes([], { strategy: ["page=newest"] })).toEqual([
      {
        where: "--strategy page=newest",
        what: expect.stringMatching(/column.*only the config can give options/),
      },
    ]);
  });
});
