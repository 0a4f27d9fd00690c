import { describe, expect, it } from "vitest";
import { edit, entryOf } from "../../cli/tui/state/text-entry.js";
import { entrySpans } from "../../cli/tui/text/entry-spans.js";
import { markChanges } from "../../cli/tui/text/mark-changes.js";
import { maskUrl } from "../../cli/tui/text/mask-url.js";
import { clip, fitLeft, fitRight, shown, width, wrap } from "../../cli/tui/text/measure.js";
import { bar, duration } from "../../cli/tui/text/numbers.js";
import { valueText } from "../../cli/tui/text/value.js";

describe("width", () => {
  it.each([
    ["", 0],
    ["release", 7],
    ["日本語", 6],
    ["e\u0301", 1],
    ["🙂", 2],
    [shown("👩‍👩‍👧"), shown("👩‍👩‍👧").length],
    [shown("🇩🇪"), "\\u{1f1e9}\\u{1f1ea}".length],
  ])("%s", (text, columns) => expect(width(text)).toBe(columns));

  it.each(["plain", "日本語の長い値", "🙂🙂🙂🙂", "שלום עולם", "x".repeat(3000)])(
    "%s is cut and filled up to the column",
    (text) => {
      for (const columns of [1, 2, 5, 9, 40]) {
        expect(width(fitLeft(text, columns))).toBe(columns);
        expect(width(fitRight(text, columns))).toBe(columns);
        expect(width(clip(text, columns))).toBeLessThanOrEqual(columns);
      }
    },
  );
});

describe("shown", () => {
  it("looks at no more of a value than a line can hold", () => {
    expect(shown("x".repeat(10_000_000)).length).toBeLessThan(1100);
  });

  it("never cuts a character in two", () => {
    expect(shown(`${"x".repeat(999)}🙂 and more`)).not.toMatch(/\p{Surrogate}|\ufffd/u);
  });
});

describe("wrap", () => {
  it.each([
    ["one two three", 8, ["one two", "three"]],
    ["one", 8, ["one"]],
    ["abcdefghij", 4, ["abcd", "efgh", "ij"]],
    ["日本語", 3, ["日", "本", "語"]],
    ["exactly", 7, ["exactly"]],
  ])("%s", (text, columns, lines) => expect(wrap(text, columns)).toEqual(lines));
});

describe("valueText", () => {
  it.each([
    [null, "NULL"],
    ["NULL", '"NULL"'],
    ["", '""'],
    [" x ", '" x "'],
    ['"', '"""'],
    ["plain", "plain"],
  ])("%j", (value, text) => expect(valueText(value)).toBe(text));
});

describe("markChanges", () => {
  it.each([
    ["the same", "a b", "a b", "a b"],
    ["a word", "the old name", "the new name", "the «old» name"],
    ["two words", "a b c d e", "a x c y e", "a «b» c «d» e"],
    ["a number", "v1.2.3", "v1.3.3", "v1.«2».3"],
    ["added at the end", "note, and more", "note", "note«, and more»"],
    ["all of it", "apple", "pear", "apple"],
    ["against NULL", "apple", null, "apple"],
    ["NULL", null, "apple", "NULL"],
  ])("%s", (_, value, other, marked) => {
    expect(
      markChanges(value, other, false)
        .map(({ text }) => text)
        .join(""),
    ).toBe(marked);
  });

  it("is quick about large values", () => {
    const value = "word ".repeat(100_000);
    const started = performance.now();
    markChanges(value, `${value}x`, true);
    expect(performance.now() - started).toBeLessThan(100);
  });
});

describe("maskUrl", () => {
  it.each([
    ["postgresql://ann@db/app", "postgresql://ann@db/app"],
    ["postgresql://ann:geheim@db:5432/app", "postgresql://ann:******@db:5432/app"],
    ["postgresql://ann:a@b@db/app", "postgresql://ann:***@db/app"],
    ["postgresql://ann:half", "postgresql://ann:****"],
    ["postgresql://db:5432/app", "postgresql://db:5432/app"],
    [
      "postgresql://db/app?user=ann&password=geheim&sslmode=require",
      "postgresql://db/app?user=ann&password=******&sslmode=require",
    ],
  ])("%s", (url, masked) => {
    expect(maskUrl(url)).toBe(masked);
    expect(maskUrl(url)).toHaveLength(url.length);
  });
});

describe("a line of text", () => {
  it.each([
    ["insert", { kind: "insert", text: "x" } as const, "abx", 3],
    ["paste without line breaks", { kind: "insert", text: "x\ny\u001b" } as const, "abxy", 4],
    ["backspace", { kind: "backspace" } as const, "a", 1],
    ["clear", { kind: "clear" } as const, "", 0],
    ["left", { kind: "left" } as const, "ab", 1],
    ["start", { kind: "start" } as const, "ab", 0],
  ])("%s", (_, change, text, cursor) => expect(edit(entryOf("ab"), change)).toEqual({ text, cursor }));

  it("goes by characters as people see them", () => {
    expect(edit(entryOf("a👩‍👩‍👧"), { kind: "backspace" }).text).toBe("a");
    expect(edit({ text: "e\u0301x", cursor: 0 }, { kind: "delete" }).text).toBe("x");
    expect(edit(entryOf("one two "), { kind: "delete-word" }).text).toBe("one ");
  });

  it.each(["short", "x".repeat(500), "日本語".repeat(50), "a\nb"])(
    "%s stays within its room, cursor and all",
    (text) => {
      for (const cursor of [0, Math.floor(text.length / 2), text.length]) {
        const spans = entrySpans({ text, cursor }, 20);
        expect(spans.filter(({ tone }) => tone === "cursor")).toHaveLength(1);
        expect(spans.reduce((sum, span) => sum + width(span.text), 0)).toBeLessThanOrEqual(21);
      }
    },
  );
});

describe("numbers", () => {
  it.each([
    [3, "3 s"],
    [200, "3 min 20 s"],
    [7500, "2 h 5 min"],
  ])("%i seconds", (seconds, text) => expect(duration(seconds)).toBe(text));
  it.each([
    [0, "░░░░"],
    [0.5, "██░░"],
    [2, "████"],
  ])("a bar of %f", (share, text) => expect(bar(share, 4)).toBe(text));
});
