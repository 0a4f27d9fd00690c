import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { PlanHeader } from "../../../src/model/plan.js";
import { reportHtml } from "../../../src/report/html/report-html.js";
import { reportMarkdown } from "../../../src/report/report-markdown.js";
import { type Owners, summarize } from "../../../src/report/summary.js";
import { number, plural, summaryText } from "../../../src/report/text.js";
import { device, deviceTable, tableOf } from "../tables.js";
import { headerOf, hostileTexts, inBatches, joined, rowOf, tally } from "./plans.js";

/** A plan in which every text a database or a config can bring along is this one. */
function hostilePlan(text: string): PlanHeader {
  const quoted = `"${text.replaceAll('"', '""')}"`;
  const table = tableOf(text, ["id", text], { label: `${quoted}.${quoted}` });
  const connection = headerOf().connections.pre;
  const named = { ...connection, database: text, server: text };
  return headerOf({
    tables: [table],
    connections: { pre: named, post: named, current: named },
    triggers: [{ table: table.label, name: text, enabled: "O", timing: "after update for each row" }],
    sequences: [
      { sequence: `${quoted}.${quoted}`, columns: [`${table.label}.${quoted}`], from: "1", to: "2" },
    ],
    leftOut: [{ table: table.label, what: text, open: true }],
    warnings: [text],
    tenant: { column: text, only: [], patches: false, ways: { [table.label]: text, [quoted]: null } },
  });
}

/** Nobody owns more than this one. */
const ownedBy = (tenant: string): Owners => ({
  tenants: [{ tenant, outcome: "skipped", conflictKind: undefined, rows: 2, written: 0 }],
});

function rowsOf(header: PlanHeader, text: string) {
  const [table] = header.tables as [PlanHeader["tables"][number]];
  const versions = { table, pre: [text, text], post: [text, null], current: [text, `${text}.`] };
  return inBatches(
    rowOf({ ...versions, conflict: { columns: [1], reason: text, cause: text } }),
    rowOf({ table, pre: [text, text], post: [text, null], conflict: { kind: "delete/update" } }),
  );
}

const tallies = [tally(0, "update", "conflict", { conflictKind: "update/update", rows: 2 })];
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const hidden = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e]/;

describe("report.html", () => {
  const page = async (text: string) => {
    const header = hostilePlan(text);
    return joined(reportHtml(header, summarize(header, tallies, ownedBy(text)), rowsOf(header, text)));
  };
  const script = /<script type="application\/json" class="([\w-]+)">(.*?)<\/script>/gs;

  it.each(hostileTexts)("%j stays text", async (text) => {
    const html = await page(text);
    const safe = await page("lamp");
    const tags = (from: string) => from.match(/<[^>]*>/g);
    // The very same tags and attributes, whatever the values say: only text between them differs.
    expect(tags(html)).toEqual(tags(safe));
    const between = html.replace(/<(style|script)[^>]*>.*?<\/\1>/gs, "").replace(/<[^>]*>/g, "");
    expect(between.match(/["'<>]|&(?!amp;|lt;|gt;|quot;|#39;)/g)).toBeNull();
    expect(between).not.toMatch(hidden);
  });

  it.each(hostileTexts)("%j comes to the page as it is", async (text) => {
    const blocks = [...(await page(text)).matchAll(script)].map(([, name, json = ""]) => {
      expect(json).not.toContain("<");
      return [name, JSON.parse(json)] as const;
    });
    expect(blocks.map(([name]) => name)).toEqual(["pgmend-plan", "pgmend-rows", "pgmend-end"]);
    const [first, second] = blocks[1]?.[1] ?? [];
    expect(first.versions).toEqual({
      columns: [0, 1],
      pre: [text, text],
      post: [text, null],
      current: [text, `${text}.`],
    });
    expect([first.conflict.cause, first.conflict.reason]).toEqual([text, text]);
    expect(second.versions.current).toBe(null);
  });

  it("is one page that asks nobody for anything, and runs one script, by its hash", async () => {
    const html = await page("lamp");
    expect(html.startsWith("<!doctype html>\n")).toBe(true);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    const [ours = ""] = html.match(/(?<=<script>).*?(?=<\/script>)/gs) ?? [];
    const [style = ""] = html.match(/(?<=<style>).*?(?=<\/style>)/gs) ?? [];
    expect(policy).toBe(
      `default-src 'none'; script-src '${hashOf(ours)}'; style-src '${hashOf(style)}'; base-uri 'none'; form-action 'none'`,
    );
    expect(html.replace(ours, "").replace(style, "")).not.toMatch(
      /<(img|link|iframe|object|embed|form)\b|https?:|\son\w+=|\sstyle=/,
    );
    expect(style).not.toMatch(/url\(|@import/);
    expect(html.endsWith("</script>\n</body></html>\n")).toBe(true);
  });

  it("shows the beginning of a long value, and how long it is", async () => {
    const long = "x".repeat(1_000_000);
    const rows = inBatches(
      rowOf({ pre: device({ owner: long }), post: device({ owner: null }), conflict: {} }),
    );
    const header = headerOf();
    const html = await joined(reportHtml(header, summarize(header, tallies), rows));
    expect(html.length).toBeLessThan(200_000);
    expect(html).toContain(`{"start":"${"x".repeat(2000)}","length":1000000}`);
  });

  it("cuts rows into blocks, and says when there are too many for a page", async () => {
    const header = headerOf();
    const one = rowOf({ pre: device(), post: device({ owner: null }), outcome: "kept" });
    async function* many() {
      for (let batch = 0; batch < 201; batch += 1) yield Array.from({ length: 1000 }, () => one);
    }
    const html = await joined(
      reportHtml(header, summarize(header, [tally(0, "update", "kept", { rows: 201_000 })]), many()),
    );
    const blocks = [...html.matchAll(script)].filter(([, name]) => name === "pgmend-rows");
    expect(Math.max(...blocks.map(([, , json = ""]) => json.length))).toBeLessThan(300_000);
    expect(html).toContain('{"rows":200000,"of":201000}');
  });
});

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

describe("report.md", () => {
  const report = async (text: string) => {
    const header = hostilePlan(text);
    return joined(reportMarkdown(header, summarize(header, tallies, ownedBy(text))));
  };

  it.each(hostileTexts)("%j stays text", async (text) => {
    const [markdown, safe] = [await report(text), await report("lamp")];
    expect(markdown.split("\n")).toHaveLength(safe.split("\n").length);
    expect(markdown).not.toMatch(hidden);
    const active = (from: string) => from.replace(/\\./g, "").match(/[`*_[\]<>|#]/g);
    expect(active(markdown)).toEqual(active(safe));
  });
});

it("report.md has no links: an address in a name is none", async () => {
  const header = hostilePlan("https://evil.example www.evil.example");
  const markdown = await joined(reportMarkdown(header, summarize(header, tallies)));
  expect(markdown).toContain("https:\\/\\/evil.example www\\.evil.example");
  expect(markdown).not.toMatch(/:\/\/|www\.|\]\(/);
});

describe("the summary on a terminal", () => {
  it.each(hostileTexts)("%j drives no terminal and adds no line", (text) => {
    const header = hostilePlan(text);
    const lines = (of: PlanHeader) => summaryText(summarize(of, tallies)).split("\n");
    expect(lines(header)).toHaveLength(lines(hostilePlan("lamp")).length);
    expect(lines(header).join("\n")).not.toMatch(hidden);
  });

  it("fits one screen and ends with what is open", () => {
    const header = headerOf({
      tables: [deviceTable, tableOf("seat", ["id"])],
      rowsCompared: { "public.device": 1_234_567 },
    });
    const all = [...tallies, tally(0, "update", "apply", { change: "update", rows: 1894 })];
    expect(summaryText(summarize(header, all))).toBe(
      [
        "1 234 567 rows compared in 2 tables; the incident delta has 1 896:",
        "",
        "table          insert  update  delete  already  conflict  kept  excluded  skipped",
        "public.device       0   1 894       0        0         2     0         0        0",
        "",
        "Once the patch is applied, 99.8 % of the damage is mended (1 894 of 1 896 rows). The others, and why:",
        "  2 update/update: changed on both sides, to different values",
        "2 open: see conflicts.csv and report.html.",
        "",
      ].join("\n"),
    );
  });

  it("names the first sequences that are moved in one line", () => {
    const sequences = ["a", "b", "c", "d"].map((name, at) => ({
      ...{ sequence: `public.${name}`, columns: [] },
      ...{ from: String(at), to: "9007199254740993" },
    }));
    const lineOf = (count: number) => {
      const header = headerOf({ sequences: sequences.slice(0, count) });
      return summaryText(summarize(header, []))
        .split("\n")
        .filter((line) => line.includes("sequence"));
    };
    expect(lineOf(0)).toEqual([]);
    expect(lineOf(1)).toEqual(["sequence moved up: public.a from 0 to 9007199254740993"]);
    expect(lineOf(4)).toEqual([
      "sequences moved up: public.a from 0 to 9007199254740993, public.b from 1 to 9007199254740993, public.c from 2 to 9007199254740993, and 1 more: see summary.json",
    ]);
  });

  it.each([
    [0, "0"],
    [999, "999"],
    [1000, "1 000"],
    [12_345_678, "12 345 678"],
  ])("%i is written %s", (value, text) => expect(number(value)).toBe(text));

  it("one table, two tables", () => {
    expect([plural(0, "table"), plural(1, "table"), plural(2, "table")]).toEqual([
      "tables",
      "table",
      "tables",
    ]);
  });
});
