import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { assetsFile, pageAssets } from "../../report-page/build.js";

it("the page in the report is made of report-page/ (`npm run page` makes it anew)", async () => {
  // Compared as one truth: a difference of two long lines would tell nobody anything.
  expect(readFileSync(assetsFile, "utf8") === (await pageAssets())).toBe(true);
});

it("the page is small", () => {
  expect(readFileSync(assetsFile, "utf8").length).toBeLessThan(100_000);
});
