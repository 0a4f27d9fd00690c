import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { setUnion } from "../../../merge-strategies/set-union.js";
import type { Triple } from "../../../src/model/value.js";
import { decide, passes, runCells } from "./cell-cases.js";

describe("current's order, then what incoming adds", () => {
  runCells(
    setUnion,
    [
      { name: "both add", cell: ["{a}", "{a,b}", "{a,c}"], expect: "{a,b,c}" },
      { name: "one adds, one removes", cell: ["{a,b}", "{a,b,c}", "{b}"], expect: "{b,c}" },
      { name: "both remove", cell: ["{a,b,c}", "{b,c}", "{a,c}"], expect: "{c}" },
      { name: "both remove all there is", cell: ["{a,b}", "{a}", "{b}"], expect: "{}" },
      { name: "both add the same and something else", cell: ["{}", "{x,b}", "{c,x}"], expect: "{x,b,c}" },
      {
        name: "the order of incoming for what it adds",
        cell: ["{a}", "{b,a}", "{z,a,y}"],
        expect: "{b,a,z,y}",
      },
      { name: "an element that moved", cell: ["{a,b,c}", "{c,b,a}", "{a,b,d}"], expect: "{b,a,d}" },
      { name: "NULL is an element", cell: ["{}", "{NULL,a}", "{NULL}"], expect: "{NULL,a}" },
      { name: "and the word NULL another", cell: ["{}", "{NULL}", '{"NULL"}'], expect: '{NULL,"NULL"}' },
      {
        name: "blanks, commas, braces",
        cell: ["{}", '{"b c","a,b"}', '{"{x}",""}'],
        expect: '{"b c","a,b","{x}",""}',
      },
      {
        name: "quotes and backslashes",
        cell: ["{}", String.raw`{"\"","\\"}`, String.raw`{"\\\\"}`],
        expect: String.raw`{"\"","\\","\\\\"}`,
      },
      {
        name: "blanks that PostgreSQL does not quote",
        cell: ["{}", "{a\u00a0b}", "{ü}"],
        expect: "{a\u00a0b,ü}",
      },
      {
        name: "64-bit numbers",
        type: "bigint[]",
        cell: ["{}", "{9007199254740993}", "{9007199254740992}"],
        expect: "{9007199254740993,9007199254740992}",
      },
      {
        name: "one number in two spellings is one",
        type: "numeric[]",
        cell: ["{}", "{1.0,2}", "{1.00,3}"],
        expect: "{1.0,2,3}",
      },
      {
        name: "numbers that are none",
        type: "numeric[]",
        cell: ["{NaN}", "{NaN,1}", "{Infinity}"],
        expect: "{1,Infinity}",
      },
      {
        name: "of a type of one's own",
        type: "public.tag[]",
        cell: ["{new}", "{new,red}", "{blue}"],
        expect: "{red,blue}",
      },
      {
        name: "of a type with a length",
        type: "character varying(20)[]",
        cell: ["{}", "{a}", "{b}"],
        expect: "{a,b}",
      },
    ],
    { type: "text[]", mirrored: false },
  );
});

describe("passes", () => {
  runCells(
    setUnion,
    [
      { name: "on NULL, which is no empty array", cell: ["{}", null, "{a}"], expect: passes },
      { name: "without a base", cell: [null, "{a}", "{b}"], expect: passes },
      { name: "on more dimensions", cell: ["{}", "{{a,b},{c,d}}", "{a}"], expect: passes },
      { name: "on bounds", cell: ["{}", "[0:1]={a,b}", "{c}"], expect: passes },
      { name: "where an element stands twice", cell: ["{a,a}", "{a}", "{a,b}"], expect: passes },
      {
        name: "where a number stands twice",
        type: "numeric[]",
        cell: ["{}", "{1.0,1.00}", "{2}"],
        expect: passes,
      },
      { name: "on text that looks like an array", type: "text", cell: ["{}", "{a}", "{b}"], expect: passes },
      {
        name: "on elements that are equal by another rule",
        type: "public.citext[]",
        cell: ["{}", "{A}", "{a}"],
        expect: passes,
      },
      {
        name: "on elements with another mark between them",
        type: "box[]",
        cell: ["{}", "{(1,1),(0,0)}", "{(2,2),(0,0)}"],
        expect: passes,
      },
      { name: "on a range", type: "int4range", cell: ["empty", "[1,5)", "[2,6)"], expect: passes },
      ...["", "{", "{a", "a}", "{a,}", "{,a}", "{a b}", '{"a}', '{"a"b}', "{a}{b}", "{a\\b}", "{ }"].map(
        (text) => ({
          name: `on ${JSON.stringify(text)}`,
          cell: ["{}", text, "{z}"] as const,
          expect: passes,
        }),
      ),
    ],
    { type: "text[]" },
  );
});

describe("laws", () => {
  const element = fc.stringMatching(/^[a-h]$/);
  const set = fc.uniqueArray(element, { maxLength: 6 });
  const print = (elements: readonly string[]) => `{${elements.join(",")}}`;
  const merge = ({ base, current, incoming }: Triple<readonly string[]>) => {
    const cell = { base: print(base), current: print(current), incoming: print(incoming) };
    const merged = cell.current === cell.incoming ? cell.current : decide(setUnion, "text[]", cell);
    return (merged ?? "passed")
      .replace(/[{}]/g, "")
      .split(",")
      .filter((one) => one !== "");
  };

  it("an element is in where either side put it, and out where either took it", () => {
    fc.assert(
      fc.property(set, set, set, (base, current, incoming) => {
        const merged = merge({ base, current, incoming });
        for (const one of new Set([...base, ...current, ...incoming])) {
          const [was, here, there] = [base, current, incoming].map((all) => all.includes(one));
          expect(merged.includes(one)).toBe(was ? here && there : here || there);
        }
        expect(new Set(merged).size).toBe(merged.length);
      }),
    );
  });

  it("swapping the sides changes the order only", () => {
    fc.assert(
      fc.property(set, set, set, (base, current, incoming) => {
        const there = merge({ base, current: incoming, incoming: current });
        expect(merge({ base, current, incoming }).toSorted()).toEqual(there.toSorted());
      }),
    );
  });

  it("a side that did nothing gives the other", () => {
    fc.assert(
      fc.property(set, set, (base, side) => {
        expect(merge({ base, current: side, incoming: base })).toEqual(side);
        expect(merge({ base, current: base, incoming: side }).toSorted()).toEqual(side.toSorted());
      }),
    );
  });
});
