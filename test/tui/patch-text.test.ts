import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { PatchText } from "../../cli/tui/desk/patch-text.js";
import { newFolder } from "../support/folder.js";

async function textOf(lines: readonly string[]): Promise<PatchText> {
  const file = join(newFolder(), "patch.sql");
  writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
  const text = await PatchText.open(file);
  onTestFinished(() => text.close());
  return text;
}

const numbered = Array.from({ length: 1234 }, (_, at) => `line ${at} ${at % 100 === 7 ? "Needle 日本" : ""}`);

describe("PatchText", () => {
  it.each([
    [0, 5],
    [95, 10],
    [99, 2],
    [100, 1],
    [1230, 20],
    [2000, 5],
  ])("page from %i, %i lines", async (from, count) => {
    const text = await textOf(numbered);
    expect(text.lines).toBe(1234);
    expect(await text.page(from, count)).toEqual(numbered.slice(from, from + count));
  });

  it("is read many times", async () => {
    const text = await textOf(numbered);
    const pages = await Promise.all(Array.from({ length: 20 }, (_, at) => text.page(at * 50, 3)));
    expect(pages.map(([first]) => first)).toEqual(Array.from({ length: 20 }, (_, at) => numbered[at * 50]));
  });

  it.each([
    ["the first", -1, false, 7],
    ["the next", 7, false, 107],
    ["none further on", 1207, false, undefined],
    ["the one before", 300, true, 207],
    ["none before", 7, true, undefined],
  ])("finds %s", async (_, after, backwards, at) => {
    expect(await (await textOf(numbered)).find("needle 日", after, backwards)).toBe(at);
  });

  it("may be empty", async () => {
    const text = await textOf([]);
    expect([text.lines, await text.page(0, 5)]).toEqual([0, []]);
  });
});
