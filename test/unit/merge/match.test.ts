import { describe, expect, it } from "vitest";
import { matchesColumns, matchesName, matchesTable } from "../../../src/merge/rules/match.js";

const labels = ["public.device", "public.device_log", "billing.device", "crm.invoice"];

describe("tables", () => {
  it.each<[string, readonly string[]]>([
    ["*", labels],
    ["**", labels],
    ["public.device", ["public.device"]],
    ["device", ["public.device"]],
    ["public.*", ["public.device", "public.device_log"]],
    ["device*", ["public.device", "public.device_log"]],
    ["*.device", ["public.device", "billing.device"]],
    ["*device", ["public.device", "billing.device"]],
    ["{billing,crm}.*", ["billing.device", "crm.invoice"]],
    ["crm.invoic?", ["crm.invoice"]],
    ["crm.[hij]nvoice", ["crm.invoice"]],
    ["crm.[!h]nvoice", ["crm.invoice"]],
    ["crm.[^i]nvoice", []],
    ["Public.Device", []],
    ["evic", []],
    ["publicxdevice", []],
    ["invoice", []],
    ["crm", []],
    ["", []],
    ["!public.device", []],
    ["!*", []],
    ["!(device)*", []],
  ])("%s", (pattern, meant) => {
    expect(labels.filter((label) => matchesTable([pattern], { label }))).toEqual(meant);
  });

  it("no patterns at all mean every table, an empty list none", () => {
    expect(matchesTable(undefined, { label: "public.device" })).toBe(true);
    expect(matchesTable([], { label: "public.device" })).toBe(false);
  });

  it("any one of several patterns is enough", () => {
    expect(labels.filter((label) => matchesTable(["billing.*", "crm.*"], { label }))).toEqual([
      "billing.device",
      "crm.invoice",
    ]);
  });

  it.each([
    ['public."Device Log"', 'public."Device Log"', true],
    ['"Device Log"', 'public."Device Log"', true],
    ['public."Dev*"', 'public."Device Log"', true],
    ['*."Dev*"', 'public."Device Log"', true],
    ["public.*", 'public."Device Log"', true],
    ["public.Device*", 'public."Device Log"', false],
    ['public."a""b"', 'public."a""b"', true],
    ['public."a""*"', 'public."a""b"', true],
    ['"My.Schema".*', '"My.Schema"."Device Log"', true],
    ["public.*", 'public."in/out"', true],
    ['public."in/*"', 'public."in/out"', true],
    ["public.*", 'public."line\nbreak"', true],
  ])("%s and the table %s: %s", (pattern, label, expected) => {
    expect(matchesTable([pattern], { label })).toBe(expected);
  });
});

describe("names that read like a pattern", () => {
  const hostile = [
    "a/b",
    "a.b",
    ".",
    "..",
    "./a",
    ".hidden",
    "data[1]",
    "[!a]",
    "set{1,2}",
    "{",
    "a{b",
    "a]b",
    'say "hi"',
    "it's",
    "back\\slash",
    "\\d",
    "end\\",
    "!important",
    "!",
    "a|b",
    "(old)",
    "!(old)",
    "+(a|b)",
    "@(a)",
    "a+",
    "what?",
    "5*",
    "*",
    "^a$",
    "#1",
    "~",
    "line\nbreak",
    "\n",
    "Größe",
    "😀",
    "constructor",
    " ",
  ];

  it.each(hostile)("%j means itself", (name) => {
    expect(matchesName(name, name)).toBe(true);
    expect(matchesColumns(["owner", name], name)).toBe(true);
  });

  it.each(hostile)("%j is met by *", (name) => {
    expect(matchesName("*", name)).toBe(true);
    expect(matchesName("*", `device ${name}`)).toBe(true);
  });

  it.each(hostile.filter((name) => !/[*?[{]/.test(name)))("%j means nothing else", (name) => {
    for (const other of [...hostile, "a", "b", "ab", "important", "old", "aa", ""]) {
      expect([other, matchesName(name, other)]).toEqual([other, other === name]);
    }
  });

  it.each([
    ["!important", "owner", false],
    ["!imp*", "!important", true],
    ["!imp*", "owner", false],
    ["back\\sl*", "back\\slash", true],
    ["\\d*", "7", false],
    ["\\d*", "\\door", true],
    ["a\\*", "a*", true],
    ["a\\*", "ab", false],
    ['"*"', '"quoted"', true],
    ['"*"', "quoted", false],
    ["(old)*", "(old) price", true],
    ["(old)*", "old price", false],
    ["a|b*", "a|bc", true],
    ["a|b*", "a", false],
    ["a+*", "a+b", true],
    ["a+*", "aab", false],
    ["*(old)", "price (old)", true],
    ["*(old)", "old", false],
    ["*/*", "in/out", true],
    ["*.*", "a.b", true],
    ["*.*", "ab", false],
    ["?", "/", true],
    ["?", "", false],
    ["*_at", "updated_at", true],
    ["*_at", "updated_at_night", false],
  ])("%s and %s: %s", (pattern, name, expected) => {
    expect(matchesName(pattern, name)).toBe(expected);
  });
});
