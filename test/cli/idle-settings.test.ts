import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { newFolder } from "../support/folder.js";
import { type Databases, makePlan, play, readLines } from "../support/incident.js";

let databases: Databases;

beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE device (id integer PRIMARY KEY, name text, owner text, seen_at timestamptz);
      CREATE TABLE tag (id integer PRIMARY KEY, name text);
      INSERT INTO device VALUES (1, 'kiosk', 'ann'), (2, 'door', 'bob'); INSERT INTO tag VALUES (1, 'red')`,
    post: "UPDATE device SET owner = NULL",
    current: "UPDATE device SET owner = 'eve' WHERE id = 2",
  });
});

async function warningsOf(config: string, words: readonly string[] = []): Promise<readonly string[]> {
  return (await makePlan(databases, { config, words })).summary.warnings;
}

describe("rules without a say are named", () => {
  const rule = (match: string, is = "damage") => `  - match: ${match}\n    is: ${is}\n`;

  it("those that match no row, and those that come too late, each with its place", async () => {
    const config = `rules:\n${[
      rule("{ tables: [tag] }"),
      rule("{ tables: [device], operations: [update], where: post.owner IS NULL }"),
      rule("{ tables: [device], where: post.id > 0 }", "legitimate"),
      rule("{ tables: [device], where: post.id > 7 }", "legitimate"),
      rule("{ operations: [insert] }", "excluded"),
    ].join("")}`;
    expect(await warningsOf(config)).toEqual([
      "rule 1 (pgmend.yaml:2:5 rules[0]) matched no row of the incident delta",
      "rule 3 (pgmend.yaml:6:5 rules[2]) decided no row: every row it matches was taken by an earlier rule",
      "rule 4 (pgmend.yaml:8:5 rules[3]) matched no row of the incident delta",
      "rule 5 (pgmend.yaml:10:5 rules[4]) matched no row of the incident delta",
    ]);
  });

  it("those that can decide none, once", async () => {
    const config = `rules:\n${rule('{ tables: ["*"] }')}${rule("{ tables: [device] }", "legitimate")}`;
    expect(await warningsOf(config)).toEqual([
      "rule 2 (pgmend.yaml:4:5 rules[1]) can decide no row: rule 1 (pgmend.yaml:2:5 rules[0]) matches every row that it could",
    ]);
  });

  it("and no others: of two that share the rows, each has a say", async () => {
    const config = `rules:\n${rule("{ where: post.id = 1 }", "legitimate")}${rule("{ tables: [device] }")}`;
    expect(await warningsOf(config)).toEqual([]);
  });
});

const damage = "rules: [{ match: {}, is: damage }]\n";

it("touch columns that are none, since they are part of a key or a group", async () => {
  const config = `${damage}groups: { device: [[name, seen_at]] }\ntouch: { columns: [public.device.seen_at, id, owner] }\n`;
  const [group, key, ...others] = await warningsOf(config);
  expect(group).toMatch(
    /^pgmend\.yaml:3:20 touch\.columns\[0\]: "public\.device\.seen_at" is no touch column/,
  );
  expect(key).toMatch(
    /^pgmend\.yaml:3:43 touch\.columns\[1\]: "id" is no touch column anywhere: it is part of a key,/,
  );
  expect(others).toEqual([]);
});

it("--damage in mode replay", async () => {
  const plan = await makePlan({ ...databases, mode: "replay" }, { words: ["--damage", "delete"] });
  expect(plan.summary.warnings).toEqual([expect.stringMatching(/^--damage: has no effect in mode replay/)]);
});

describe("a strategy of the user's own", () => {
  const strategy = (name: string, resolve: string) =>
    `export default { name: "${name}", summary: "ours", resolve() { ${resolve} } };`;

  it.each([
    [
      "throws",
      'throw new Error("out of ideas")',
      /^strategy "ours" \(.*strategies\[0\]\) failed on public\.device: out of ideas$/,
    ],
    [
      "answers what it may not",
      'return { kind: "take", role: "everybody", reason: "why not" }',
      /^strategy "ours" \(.*strategies\[0\]\) answered what it may not on public\.device: /,
    ],
  ])("that %s is blamed by name, and the row stays open", async (_, resolve, blame) => {
    const file = join(newFolder(), "ours.mjs");
    writeFileSync(file, strategy("ours", resolve));
    const plan = await makePlan(databases, { config: `${damage}strategies: [{ use: ${file} }]` });
    expect(plan.exitCode).toBe(3);
    expect(plan.summary.warnings).toEqual([expect.stringMatching(blame)]);
    expect(plan.summary.totals).toMatchObject({ conflict: 1, decided: 0, apply: 1 });
    expect(readLines(plan.folder, "conflicts.jsonl")).toMatchObject([{ key: { id: "2" }, resolution: null }]);
  });
});
