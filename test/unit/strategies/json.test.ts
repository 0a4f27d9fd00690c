import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { json } from "../../../merge-strategies/json.js";
import { decide, passes, runCells } from "./cell-cases.js";

const big = "9007199254740993";

describe("jsonb", () => {
  runCells(
    json,
    [
      {
        name: "different members",
        cell: ['{"a": 1, "b": 2}', '{"a": 5, "b": 2}', '{"a": 1, "b": 6}'],
        expect: '{"a": 5, "b": 6}',
      },
      { name: "both add", cell: ["{}", '{"a": 1}', '{"b": 2}'], expect: '{"a": 1, "b": 2}' },
      { name: "one adds, one removes", cell: ['{"a": 1}', '{"a": 1, "b": 2}', "{}"], expect: '{"b": 2}' },
      { name: "both remove, all there is", cell: ['{"a": 1, "b": 2}', '{"b": 2}', '{"a": 1}'], expect: "{}" },
      {
        name: "both make one of two changes alike",
        cell: ['{"a": 1, "b": 2}', '{"a": 5, "b": 2}', '{"a": 5, "b": 6}'],
        expect: '{"a": 5, "b": 6}',
      },
      {
        name: "all the way down",
        cell: [
          '{"a": {"b": {"c": 1, "d": 2}}}',
          '{"a": {"b": {"c": 5, "d": 2}}}',
          '{"a": {"b": {"c": 1, "d": 6}}}',
        ],
        expect: '{"a": {"b": {"c": 5, "d": 6}}}',
      },
      {
        name: "objects that both add",
        cell: ["{}", '{"a": {"x": 1}}', '{"a": {"y": 2}}'],
        expect: '{"a": {"x": 1, "y": 2}}',
      },
      {
        name: "null is a value",
        cell: ['{"a": 1, "b": 2}', '{"a": null, "b": 2}', '{"a": 1, "b": null}'],
        expect: '{"a": null, "b": null}',
      },
      {
        name: "an array is a leaf",
        cell: ['{"a": [1], "b": [2]}', '{"a": [1, 3], "b": [2]}', '{"a": [1], "b": []}'],
        expect: '{"a": [1, 3], "b": []}',
      },
      {
        name: "64-bit numbers",
        cell: [
          `{"a": ${big}, "b": 1, "c": 1}`,
          `{"a": ${big}, "b": 2, "c": 1}`,
          `{"a": ${big}, "b": 1, "c": ${big}}`,
        ],
        expect: `{"a": ${big}, "b": 2, "c": ${big}}`,
      },
      {
        name: "the spelling of numbers",
        cell: ['{"a": 1.0, "b": 1.50}', '{"a": 2.00, "b": 1.50}', '{"a": 1.0, "b": 1.500}'],
        expect: '{"a": 2.00, "b": 1.500}',
      },
      {
        name: "numbers no double holds",
        cell: [
          '{"a": 1, "b": 1}',
          `{"a": 1${"0".repeat(400)}, "b": 1}`,
          '{"a": 1, "b": 0.1234567890123456789}',
        ],
        expect: `{"a": 1${"0".repeat(400)}, "b": 0.1234567890123456789}`,
      },
      {
        name: "keys as PostgreSQL sorts them: by length, then by bytes",
        cell: ["{}", '{"b": 1, "aa": 2, "é": 3}', '{"a": 4, "😀": 5, "\uffff": 6}'],
        expect: '{"a": 4, "b": 1, "aa": 2, "é": 3, "\uffff": 6, "😀": 5}',
      },
      {
        name: "keys that every object has",
        cell: ["{}", '{"__proto__": 1}', '{"constructor": 2}'],
        expect: '{"__proto__": 1, "constructor": 2}',
      },
      {
        name: "punctuation in strings and keys",
        cell: ["{}", String.raw`{"{\"a\": [": "}, \"b\": \\"}`, '{"z": "]"}'],
        expect: String.raw`{"z": "]", "{\"a\": [": "}, \"b\": \\"}`,
      },
    ],
    { type: "jsonb" },
  );
});

describe("json is kept as it is written", () => {
  runCells(
    json,
    [
      {
        name: "current's order, then what incoming adds",
        cell: ['{"b":1,"a":1}', '{"b":2,"c":3,"a":1}', '{"d":4,"a":5,"b":1}'],
        expect: '{"b":2,"c":3,"a":5,"d":4}',
      },
      {
        name: "blanks as current sets them",
        cell: ['{"a": 1, "b": 2}', '{"a": 5, "b": 2}', '{"a":1,"b":6}'],
        expect: '{"a": 5, "b": 6}',
      },
      {
        name: "what is not merged keeps its own",
        cell: ['{"a":{ "x":1 },"b":2}', '{"a":{ "x":1 },"b":5}', '{"a":{ "x":1 },"b":2,"c":[ 1,2 ]}'],
        expect: '{"a":{ "x":1 },"b":5,"c":[ 1,2 ]}',
      },
      {
        name: "blanks and the order of keys are no change",
        cell: ['{"o":{"x":1,"y":2},"n":1}', '{"o":{ "y":2, "x":1 },"n":2}', '{"o":{"x":1,"y":3},"n":1}'],
        expect: '{"o":{"x":1,"y":3},"n":2}',
      },
      {
        name: "blanks in arrays neither",
        cell: ['{"a":[1,{"x":" "}],"b":1}', '{"a":[ 1 , {"x" : " "} ],"b":2}', '{"a":[1],"b":1}'],
        expect: '{"a":[1],"b":2}',
      },
      {
        name: "escapes as they are written",
        cell: [
          String.raw`{"a":"\u00e9","b":1}`,
          String.raw`{"a":"\u00e9","b":2}`,
          String.raw`{"a":"\u00e9","b":1,"c":"\/"}`,
        ],
        expect: String.raw`{"a":"\u00e9","b":2,"c":"\/"}`,
      },
      {
        name: "a key in two spellings is one",
        cell: ['{"é":{"x":1,"y":1}}', '{"é":{"x":2,"y":1}}', String.raw`{"\u00e9":{"x":1,"y":2}}`],
        expect: '{"é":{"x":2,"y":2}}',
      },
      {
        name: "a leaf in two spellings is done",
        cell: ['{"a":0,"b":0,"s":""}', '{"a":1.0,"b":0,"s":"é"}', String.raw`{"a":1e0,"b":5,"s":"\u00e9"}`],
        expect: '{"a":1.0,"b":5,"s":"é"}',
      },
    ],
    { type: "json", mirrored: false },
  );
});

describe("passes", () => {
  runCells(
    json,
    [
      { name: "on the same leaf", cell: ['{"a": 1}', '{"a": 2}', '{"a": 3}'], expect: passes },
      {
        name: "on the same leaf, further down",
        cell: ['{"a": {"b": 1}}', '{"a": {"b": 2}}', '{"a": {"b": 3}}'],
        expect: passes,
      },
      { name: "on a leaf both add", cell: ["{}", '{"a": 2}', '{"a": 3}'], expect: passes },
      {
        name: "on a member one changed and one removed",
        cell: ['{"a": 1, "b": 1}', '{"a": 2, "b": 1}', '{"b": 1}'],
        expect: passes,
      },
      {
        name: "on an object one changed inside and one removed",
        cell: ['{"a": {"x": 1}}', '{"a": {"x": 2}}', "{}"],
        expect: passes,
      },
      {
        name: "on an object one changed inside and one replaced",
        cell: ['{"a": {"x": 1}}', '{"a": {"x": 2}}', '{"a": 5}'],
        expect: passes,
      },
      {
        name: "on a value both replaced by an object",
        cell: ['{"a": null}', '{"a": {"x": 1}}', '{"a": {"y": 2}}'],
        expect: passes,
      },
      {
        name: "on one array, whatever changed in it",
        cell: ['{"a": [1, 2]}', '{"a": [0, 2]}', '{"a": [1, 3]}'],
        expect: passes,
      },
      {
        name: "on numbers that one double would hold",
        cell: ['{"a": 1}', `{"a": ${big}}`, '{"a": 9007199254740992}'],
        expect: passes,
      },
      { name: "on arrays", cell: ["[1]", "[1, 2]", "[1, 3]"], expect: passes },
      { name: "where one is no object", cell: ['{"a": 1}', "5", '{"a": 2}'], expect: passes },
      { name: "on JSON's null", cell: ["null", '{"a": 1}', '{"b": 2}'], expect: passes },
      { name: "on NULL", cell: ['{"a": 1}', null, '{"a": 2}'], expect: passes },
      { name: "without a base", cell: [null, '{"a": 1}', '{"b": 2}'], expect: passes },
      {
        name: "on text that looks like JSON",
        type: "text",
        cell: ["{}", '{"a": 1}', '{"b": 2}'],
        expect: passes,
      },
      {
        name: "on a key that stands twice",
        type: "json",
        cell: ["{}", '{"a":1,"a":2}', '{"b":3}'],
        expect: passes,
      },
      {
        name: "on a key that stands twice further down",
        type: "json",
        cell: ['{"o":{}}', '{"o":{"a":1,"a":2}}', '{"o":{"b":3}}'],
        expect: passes,
      },
      {
        name: "on what is nested without end",
        cell: ["{}", `{"a": ${"[".repeat(5000)}${"]".repeat(5000)}}`, '{"b": 1}'],
        expect: passes,
      },
      ...['{"a": 1', '{"a"}', "{a: 1}", '{"a": 1,}', '{"a": 01}', "{} {}", ""].map((text) => ({
        name: `on ${JSON.stringify(text)}`,
        cell: ["{}", text, '{"z": 1}'] as const,
        expect: passes,
      })),
    ],
    { type: "jsonb" },
  );
});

describe("laws", () => {
  const leaf = fc.constantFrom(
    big,
    "1.0",
    "1.00",
    "null",
    '"a, {b}: \\""',
    "[1, {}]",
    "12345678901234567890.5",
  );
  const absent = fc.constant(undefined);
  const edits = fc.array(
    fc.record({
      before: fc.oneof(leaf, absent),
      after: fc.oneof(leaf, absent),
      by: fc.constantFrom("current", "incoming", "nobody"),
    }),
    { minLength: 12, maxLength: 12 },
  );
  type Edits = typeof edits extends fc.Arbitrary<infer T> ? T : never;

  /** Three objects in an object, with four members each; what is not there is left out. */
  const write = (all: Edits, done: (by: string) => boolean) => {
    const members = (names: readonly string[], from: number) =>
      names.flatMap((name, at) => {
        const { before, after, by } = all[from + at] as Edits[number];
        const value = done(by) ? after : before;
        return value === undefined ? [] : [`"${name}": ${value}`];
      });
    const objects = ["a", "é", "__proto__"].map(
      (name, at) => `"${name}": {${members(["", "b", '\\"d', "cc"], at * 4).join(", ")}}`,
    );
    return `{${objects.join(", ")}}`;
  };

  it.each(["json", "jsonb"])(
    "%s: edits of different leaves equal both edits, on whichever side they were made",
    (type) => {
      fc.assert(
        fc.property(edits, (all) => {
          const base = write(all, () => false);
          const current = write(all, (by) => by === "current");
          const incoming = write(all, (by) => by === "incoming");
          fc.pre(current !== incoming);
          const both = write(all, (by) => by !== "nobody");
          const merged = [
            decide(json, type, { base, current, incoming }),
            decide(json, type, { base, current: incoming, incoming: current }),
          ];
          if (type === "jsonb") expect(merged).toEqual([both, both]);
          // The order of json's keys is current's, then what incoming adds.
          else
            expect(merged.map((one) => sortedKeys(one ?? ""))).toEqual([sortedKeys(both), sortedKeys(both)]);
        }),
      );
    },
  );

  /** No leaf of these holds a comma before a quote. */
  const sortedKeys = (text: string) => text.split(/, (?=")|(?<=\{)(?=")|(?=\})/).toSorted();

  it("a side that did nothing gives the other", () => {
    fc.assert(
      fc.property(edits, (all) => {
        const base = write(all, () => false);
        const side = write(all, (by) => by === "current");
        fc.pre(base !== side);
        expect(decide(json, "jsonb", { base, current: side, incoming: base })).toBe(side);
        expect(decide(json, "jsonb", { base, current: base, incoming: side })).toBe(side);
      }),
    );
  });
});
