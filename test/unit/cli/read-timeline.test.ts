import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTimeline, timelineIn } from "../../../cli/timeline/read-timeline.js";
import { newFolder } from "../../support/folder.js";

const sound = { formatVersion: 1, abnormal: 0, suggestions: [] };
const interval = {
  ...{ from: "a", to: "b", minutes: null, abnormal: false, findings: [], tables: [] },
  counts: { insert: 0, update: 0, delete: 0 },
};

function file(text: string): string {
  const path = join(newFolder(), "timeline.json");
  writeFileSync(path, text);
  return path;
}

describe("timeline.json", () => {
  it("is found by its name, or by the folder", () => {
    const folder = newFolder();
    expect(timelineIn(folder)).toBeUndefined();
    expect(timelineIn(join(folder, "gone"))).toBeUndefined();
    mkdirSync(join(folder, "x"));
    writeFileSync(join(folder, "timeline.json"), "");
    expect(timelineIn(folder)).toBe(join(folder, "timeline.json"));
    expect(timelineIn(join(folder, "timeline.json"))).toBe(join(folder, "timeline.json"));
  });

  it("is read as it was written", async () => {
    const summary = { ...sound, intervals: [interval], more: "of a later version" };
    expect(await readTimeline(file(JSON.stringify(summary)))).toEqual(summary);
  });

  it.each([
    ["no JSON", "{", /cannot be read/],
    ["something else", "{}", /no timeline of this version: formatVersion/],
    [
      "of another version",
      JSON.stringify({ ...sound, formatVersion: 2, intervals: [interval] }),
      /formatVersion/,
    ],
    ["without an interval", JSON.stringify({ ...sound, intervals: [] }), /intervals/],
    [
      "with a hole",
      JSON.stringify({ ...sound, intervals: [{ ...interval, counts: {} }] }),
      /intervals\.0\.counts/,
    ],
  ])("%s is refused", async (_, text, why) => {
    await expect(readTimeline(file(text))).rejects.toMatchObject({
      mistakes: [{ what: expect.stringMatching(why) }],
    });
  });
});
