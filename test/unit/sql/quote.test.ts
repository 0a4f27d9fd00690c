import { describe, expect, it } from "vitest";
import { isKeyword } from "../../../src/model/keywords.js";
import { comment, identifier, literal, qualified } from "../../../src/sql/quote.js";
import { codeOf, readLiteral } from "./read-sql.js";

describe("literal", () => {
  it.each<[string | null, string]>([
    [null, "NULL"],
    ["", "''"],
    ["NULL", "'NULL'"],
    ["lamp", "'lamp'"],
    ["it's", "'it''s'"],
    ["''", "''''''"],
    ["-- none; DROP TABLE device", "'-- none; DROP TABLE device'"],
    ["$$ :x :'y' %I", "'$$ :x :''y'' %I'"],
    ["Größe 😀", "'Größe 😀'"],
    ["\\", "E'\\\\'"],
    ["\\'", "E'\\\\'''"],
    ["\\x00ff", "E'\\\\x00ff'"],
    ["two\nlines", "E'two\\nlines'"],
    ["\r\n\t", "E'\\r\\n\\t'"],
    ["\n\\! rm -rf /", "E'\\n\\\\! rm -rf /'"],
    ["\u001b[2J", "E'\\u001b[2J'"],
    ["a\u202eb", "E'a\\u202eb'"],
    ["zero\u200bwidth", "E'zero\\u200bwidth'"],
    ["\u2028", "E'\\u2028'"],
    ["\\u0041", "E'\\\\u0041'"],
  ])("%j", (value, sql) => {
    expect(literal(value)).toBe(sql);
    expect(readLiteral(sql)).toBe(value);
  });

  it("stands on one line, whatever it holds, and is nothing but a literal", () => {
    const hostile = "x'); DROP TABLE device; --\n\\! echo pwned\r\n\u2029'||(SELECT 1)||'\\'; SELECT 'pwned";
    expect(literal(hostile)).not.toMatch(/[\n\r\u2028\u2029]/);
    expect(readLiteral(literal(hostile))).toBe(hostile);
    expect(codeOf(`SELECT ${literal(hostile)};`)).toBe("SELECT  … ;");
  });
});

describe("comment", () => {
  it.each([
    ["device 7: lamp → torch", "device 7: lamp → torch"],
    ["ends\n; DROP TABLE device;", "ends\\n; DROP TABLE device;"],
    ["ends\r; DROP TABLE device;", "ends\\r; DROP TABLE device;"],
    ["\u0085\u2028\u2029", "\\u0085\\u2028\\u2029"],
    ["\u001b]0;title\u0007", "\\u001b]0;title\\u0007"],
    ["*/ DROP TABLE device; /*", "*/ DROP TABLE device; /*"],
  ])("%j", (text, safe) => {
    expect(comment(text)).toBe(safe);
  });
});

describe("identifier", () => {
  it.each([
    ["device", "device"],
    ["device_2", "device_2"],
    ["_id", "_id"],
    ["is_pinned_on__release", "is_pinned_on__release"],
    ["Device", '"Device"'],
    ["deviceName", '"deviceName"'],
    ["two words", '"two words"'],
    ["2nd", '"2nd"'],
    ["größe", '"größe"'],
    ["price$", '"price$"'],
    ["a.b", '"a.b"'],
    ['say "hi"', '"say ""hi"""'],
    ["", '""'],
    ["user", '"user"'],
    ["order", '"order"'],
    ["timestamp", '"timestamp"'],
    ["name", "name"],
    ["value", "value"],
    ["constructor", "constructor"],
  ])("%s as %s", (name, quoted) => {
    expect(identifier(name)).toBe(quoted);
  });

  it("a table is its schema and its name, each quoted where needed", () => {
    expect(qualified("public", "device")).toBe("public.device");
    expect(qualified("My Schema", "order")).toBe('"My Schema"."order"');
    expect(qualified("a.b", "c")).toBe('"a.b".c');
  });
});

describe("keywords", () => {
  it.each([
    "select",
    "table",
    "user",
    "system_user",
    "left",
    "values",
    "xmltable",
    "json_table",
    "merge_action",
  ])("%s is quoted: reserved, or not allowed everywhere", (word) => expect(isKeyword(word)).toBe(true));

  it.each(["name", "value", "key", "type", "status", "data", "date", "id", "", "toString", "SELECT"])(
    "%j is not",
    (word) => expect(isKeyword(word)).toBe(false),
  );
});
