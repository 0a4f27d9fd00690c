import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { type LoadedStrategies, loadStrategies } from "../../cli/settings/load-strategy.js";
import { parseConfig } from "../../cli/settings/read-config.js";
import { builtInStrategies } from "../../merge-strategies/index.js";
import template from "../../merge-strategies/kit/_template.js";
import type { Strategy } from "../../src/index.js";
import { conflicts } from "../unit/merge/conflicts.js";
import { decide } from "../unit/strategies/cell-cases.js";
import { at, deviceTable } from "../unit/tables.js";
import { repository } from "./cruise.js";

const page = readFileSync(join(repository, "docs", "strategies.md"), "utf8");
const sections = new Map(
  page.split(/^## /m).map((text) => [text.slice(0, text.indexOf("\n")), text] as const),
);

describe.each(builtInStrategies)("docs/strategies.md on $name", ({ name, options = {} }) => {
  const section = sections.get(name) ?? "";

  it("has a section with an example, and says when it passes", () => {
    expect(section).toMatch(/^\|.*\|$|```yaml/m);
    expect(section).toMatch(/\b(P|p)asses\b/);
  });

  it("is in the table of all", () => {
    expect(page).toContain(`| [\`${name}\`](#${name}) |`);
  });

  it("names every option, and no other", () => {
    const named = [...section.matchAll(/^Option `(\w+)`/gm)].map(([, option]) => option);
    expect(named).toEqual(Object.keys(options));
  });
});

/** Types for the examples of those that ask for one. */
const types: Readonly<Record<string, string>> = {
  counter: "numeric",
  "set-union": "text[]",
  json: "jsonb",
  greatest: "date",
  least: "numeric",
  increment: "integer",
};

describe("the examples become what they say", () => {
  const examples = builtInStrategies.flatMap((strategy) =>
    rowsUnder(sections.get(strategy.name) ?? "").map((cells) => ({ strategy, name: strategy.name, cells })),
  );

  it.each(examples)(
    "$name: $cells",
    ({ strategy, cells: [base = null, current = null, incoming = null, becomes] }) => {
      expect(decide(strategy, types[strategy.name] ?? "text", { base, current, incoming })).toBe(becomes);
    },
  );

  it("of most strategies", () => {
    expect(new Set(examples.map(({ name }) => name)).size).toBe(builtInStrategies.length - 3);
  });
});

it("documents no strategy that is not there", () => {
  const documented = [...page.matchAll(/^\| \[`([\w-]+)`\]/gm)].map(([, name]) => name);
  expect(documented).toEqual(builtInStrategies.map(({ name }) => name));
});

it.each([...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? ""))(
  "is a config: %s",
  (text) => {
    expect(parseDocument(text).errors).toEqual([]);
    expect(parseConfig(text, "pgmend.yaml").config.strategies).not.toEqual([]);
  },
);

describe("the template", () => {
  let folder: string;
  let loaded: LoadedStrategies;

  beforeAll(async () => {
    mkdirSync(join(repository, ".scratch"), { recursive: true });
    folder = mkdtempSync(join(repository, ".scratch", "template-"));
    writeFileSync(join(folder, "furthest.mjs"), /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? "");
    const file = { ...parseConfig("strategies: [{ use: ./furthest.mjs }]", "pgmend.yaml"), folder };
    loaded = (await loadStrategies({ flags: {}, file, cwd: folder })).config;
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const context = { table: deviceTable, options: { order: ["lamp", "lantern", "torch", "bob", "eve"] } };

  it("loads as it stands in the docs, and decides like the one in TypeScript", () => {
    const documented = loaded.get("./furthest.mjs") as Strategy;
    expect(documented).toMatchObject({ name: template.name, summary: template.summary });
    for (const conflict of Object.values(conflicts)) {
      expect(documented.resolve(conflict, context)).toEqual(template.resolve(conflict, context));
    }
    for (const value of [undefined, "draft", ["draft"], [5]]) {
      expect(documented.options?.["order"]?.(value)).toEqual(template.options?.["order"]?.(value));
    }
  });

  it("takes what is further along, and passes where it does not know", () => {
    const answer = template.resolve(conflicts["update/update"], context);
    const [label, owner] = [at(deviceTable, "label"), at(deviceTable, "owner")];
    expect(answer).toMatchObject({
      values: new Map([
        [label, "torch"],
        [owner, "eve"],
      ]),
    });
    expect(
      template.resolve(conflicts["update/update"], { ...context, options: { order: ["lamp"] } }),
    ).toBeUndefined();
    expect(template.resolve(conflicts["update/delete"], context)).toBeUndefined();
  });
});

/** The cells of a section's table of examples; `⏎` stands for a line break, NULL for NULL. */
function rowsUnder(section: string): (string | null)[][] {
  const [, table = ""] =
    /^\| base \| current \| incoming \| becomes \|\n\|[-|]+\n((?:\|.*\n)+)/m.exec(section) ?? [];
  return table
    .split("\n")
    .filter((line) => line !== "")
    .map((line) =>
      line
        .slice(2, -2)
        .split(" | ")
        .map((cell) => (cell === "NULL" ? null : cell.replace(/^`|`$/g, "").replaceAll("⏎", "\n"))),
    );
}
