import { describe, expect, it } from "vitest";
import { glob, isGlob } from "../../../src/merge/rules/glob.js";

describe("glob", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["*", ["a", "a.b", "in/out", "line\nbreak", "\n", "."], []],
    ["dev*", ["dev", "device", "dev.ice"], ["a dev", "Device"]],
    ["**log**", ["log", "audit_log_2"], ["lo g"]],
    ["a*b*c", ["abc", "a.b.c", "abcbc"], ["ab", "acb"]],
    ["?", ["a", "é", "😀", "\n"], ["", "ab"]],
    ["device_?", ["device_1", "device_?"], ["device_", "device_10"]],
    ["[abc]", ["a", "c"], ["d", "ab", "[abc]"]],
    ["row_[0-9]", ["row_7"], ["row_x", "row_10"]],
    ["[!a-z]", ["A", "1", "\n"], ["a"]],
    ["[^a-z]", ["A", "^"], ["a"]],
    ["[!]", ["!"], ["a", "[!]"]],
    ["[a^]", ["a", "^"], ["b"]],
    ["[*?]", ["*", "?"], ["a"]],
    ["[\\]", ["\\"], ["a"]],
    ["[&~|]", ["&", "~", "|"], ["a"]],
    ["{billing,crm}.*", ["billing.a", "crm.b"], ["billing", "billing,crm.a"]],
    ["{a,b*,}x", ["ax", "bx", "b.x", "x"], ["cx", "a,x"]],
    ["a\\*", ["a*"], ["ab"]],
    ["\\[a\\]*", ["[a]b"], ["ab"]],
    ["\\\\*", ["\\x"], ["x"]],
    ["C:\\d*", ["C:\\data"], ["C:1", "C:d"]],
  ])("%s", (pattern, meant, others) => {
    const matches = glob(pattern);
    expect(meant.filter((name) => !matches(name))).toEqual([]);
    expect(others.filter(matches)).toEqual([]);
  });

  it.each([
    "[abc",
    "abc]",
    "[]",
    "{a,b",
    "a}",
    "{}",
    "{ab}",
    "[z-a]",
    "\\",
    "a\\b",
    "()+|^$.",
    "!a",
    "+(a|b)",
  ])("%s stands for itself: nothing in it is closed, or special", (pattern) => {
    expect(glob(pattern)(pattern)).toBe(true);
    expect(["a", "b", "ab", "abc", "z", ""].filter(glob(pattern))).toEqual([]);
  });

  it("takes no time over the longest names there are", () => {
    const longest = `${"a_".repeat(31)}a.${"a_".repeat(31)}a`;
    const started = performance.now();
    expect(glob("*_*_*_b")(longest)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

it.each([
  ["device", false],
  ["!device", false],
  ["a.b/c", false],
  ["+(a)", false],
  ["dev*", true],
  ["devic?", true],
  ["[a]", true],
  ["{a,b}", true],
])("%s is a glob: %s", (pattern, expected) => expect(isGlob(pattern)).toBe(expected));
