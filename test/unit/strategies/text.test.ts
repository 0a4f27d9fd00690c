import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { text } from "../../../merge-strategies/text.js";
import { decide, passes, runCells } from "./cell-cases.js";

const lines = (...all: readonly string[]) => all.join("\n");

describe("different lines", () => {
  runCells(
    text,
    [
      {
        name: "both change a line",
        cell: [lines("a", "b", "c"), lines("A", "b", "c"), lines("a", "b", "C")],
        expect: lines("A", "b", "C"),
      },
      {
        name: "one inserts, one removes",
        cell: [lines("a", "b", "c", "d"), lines("a", "new", "b", "c", "d"), lines("a", "b", "c")],
        expect: lines("a", "new", "b", "c"),
      },
      {
        name: "both insert, elsewhere",
        cell: [lines("a", "b", "c"), lines("first", "a", "b", "c"), lines("a", "b", "c", "last")],
        expect: lines("first", "a", "b", "c", "last"),
      },
      {
        name: "both made one of two changes alike",
        cell: [lines("a", "b", "c"), lines("A", "b", "c"), lines("A", "b", "C")],
        expect: lines("A", "b", "C"),
      },
      {
        name: "a line break at the end is kept",
        cell: ["a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n"],
        expect: "A\nb\nC\n",
      },
      {
        name: "a line break at the end is a change",
        cell: ["a\nb\nc", "A\nb\nc", "a\nb\nc\n"],
        expect: "A\nb\nc\n",
      },
      {
        name: "line breaks of another system",
        cell: ["a\r\nb\r\nc", "A\r\nb\r\nc", "a\r\nb\r\nC"],
        expect: "A\r\nb\r\nC",
      },
      { name: "blank lines", cell: ["a\n\nb\n\nc", "A\n\nb\n\nc", "a\n\nb\n\nC"], expect: "A\n\nb\n\nC" },
      {
        name: "lines with names every object has",
        cell: [
          lines("constructor", "b", "__proto__"),
          lines("toString", "b", "__proto__"),
          lines("constructor", "b", "c"),
        ],
        expect: lines("toString", "b", "c"),
      },
      {
        name: "as long as the column allows",
        type: "character varying(4)",
        cell: ["a\nb\n😀", "\nb\n😀", "a\nb\n"],
        expect: "\nb\n",
      },
      {
        name: "characters, not their halves",
        type: "character varying(5)",
        cell: ["a\nb\nc", "😀\nb\nc", "a\nb\n😀"],
        expect: "😀\nb\n😀",
      },
    ],
    { type: "text" },
  );
});

describe("passes", () => {
  runCells(
    text,
    [
      {
        name: "on the same line",
        cell: [lines("a", "b", "c"), lines("a", "x", "c"), lines("a", "y", "c")],
        expect: passes,
      },
      {
        name: "on neighbouring lines",
        cell: [lines("a", "b", "c"), lines("A", "b", "c"), lines("a", "B", "c")],
        expect: passes,
      },
      {
        name: "on two insertions in one place",
        cell: [lines("a", "b"), lines("a", "x", "b"), lines("a", "y", "b")],
        expect: passes,
      },
      {
        name: "on a line one changed and one removed",
        cell: [lines("a", "b", "c"), lines("a", "c"), lines("a", "B", "c")],
        expect: passes,
      },
      { name: "on a single line", cell: ["a cat", "a black cat", "a cat sleeps"], expect: passes },
      {
        name: "where all lines changed on one side",
        cell: ["a\nb\nc", "a\r\nb\r\nc", "a\nB\nc"],
        expect: passes,
      },
      { name: "on NULL", cell: ["a\nb", null, "a\nB"], expect: passes },
      { name: "without a base", cell: [null, "a\nb", "a\nB"], expect: passes },
      {
        name: "on json, where lines mean nothing",
        type: "json",
        cell: ["[1,\n2,\n3]", "[0,\n2,\n3]", "[1,\n2,\n4]"],
        expect: passes,
      },
      {
        name: "on char(n), which is padded",
        type: "character(5)",
        cell: ["a\nb\nc", "A\nb\nc", "a\nb\nC"],
        expect: passes,
      },
      {
        name: "on more than the column holds",
        type: "character varying(6)",
        cell: ["a\nb\nc", "aa\nb\nc", "a\nb\ncc"],
        expect: passes,
      },
    ],
    { type: "text" },
  );

  it("where so much changed that no one can say what", () => {
    const many = (mark: string) => lines(...Array.from({ length: 2100 }, (_, at) => `${mark} ${at}`));
    const cell = { base: `${many("a")}\nend`, current: `${many("b")}\nend`, incoming: `${many("a")}\nEND` };
    expect(decide(text, "text", cell)).toBe(passes);
  });
});

it("is quick on a long text with few changes", () => {
  const base = Array.from({ length: 100_000 }, (_, at) => `line ${at}`);
  const edit = (at: number) => base.with(at, "another").join("\n");
  const cell = { base: base.join("\n"), current: edit(10), incoming: edit(99_990) };
  expect(decide(text, "text", cell)).toBe(base.with(10, "another").with(99_990, "another").join("\n"));
});

describe("laws", () => {
  /** A document of different lines, and for each line what becomes of it on either side; edits keep their distance. */
  const edits = fc
    .array(fc.constantFrom("keep", "change", "remove", "insert"), { minLength: 2, maxLength: 12 })
    .chain((kinds) =>
      fc.record({
        kinds: fc.constant(kinds),
        sides: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
      }),
    );

  const write = (kinds: readonly string[], mine: (at: number) => boolean) =>
    kinds
      .flatMap((kind, at) => {
        const [line, apart] = [`line ${at}`, `between ${at}`];
        if (kind === "keep" || !mine(at)) return [line, apart];
        return kind === "change"
          ? [`changed ${at}`, apart]
          : kind === "remove"
            ? [apart]
            : [`new ${at}`, line, apart];
      })
      .join("\n");

  it("edits of different lines equal both edits, on whichever side they were made", () => {
    fc.assert(
      fc.property(edits, ({ kinds, sides }) => {
        const base = write(kinds, () => false);
        const current = write(kinds, (at) => sides[at] === true);
        const incoming = write(kinds, (at) => sides[at] === false);
        fc.pre(current !== incoming);
        const both = write(kinds, () => true);
        expect(decide(text, "text", { base, current, incoming })).toBe(both);
        expect(decide(text, "text", { base, current: incoming, incoming: current })).toBe(both);
      }),
    );
  });

  it("swapping the sides makes no difference, whatever they did", () => {
    const document = fc
      .array(fc.constantFrom("a", "b", "", "c"), { maxLength: 8 })
      .map((all) => all.join("\n"));
    fc.assert(
      fc.property(document, document, document, (base, current, incoming) => {
        fc.pre(current !== incoming);
        const swapped = decide(text, "text", { base, current: incoming, incoming: current });
        expect(decide(text, "text", { base, current, incoming })).toBe(swapped);
        expect(decide(text, "text", { base, current, incoming: base })).toBe(
          current === base ? passes : current,
        );
      }),
    );
  });
});
