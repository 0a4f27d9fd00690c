import fc from "fast-check";
import { expect, it } from "vitest";
import { markChanges } from "../../../report-page/mark-changes.js";

/** The text with what is marked in brackets. */
const marked = (text: string, other: string) =>
  markChanges(text, other)
    .map((piece) => (piece.changed ? `[${piece.text}]` : piece.text))
    .join("");

it.each([
  ["same", "same", "same"],
  ["", "anything", ""],
  ["new", "", "[new]"],
  ["the red lamp", "the blue lamp", "the [red] lamp"],
  ["2024-01-25 17:06", "2024-01-24 09:06", "2024-01-[25] [17]:06"],
  ["Ada (away)", "Ada", "Ada[ (away)]"],
  ['{"a": 1, "b": 3}', '{"a": 1, "b": 2}', '{"a": 1, "b": [3]}'],
  ["one three", "one two three", "one three"],
  ["a😀b", "a😎b", "a[😀]b"],
])("of %j against %j: %s", (text, other, expected) => {
  expect(marked(text, other)).toBe(expected);
});

it("joined, the pieces are the text; against itself nothing is marked", () => {
  const text = fc.string({ unit: fc.constantFrom(..."ab 1,\n😀é"), maxLength: 60 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const pieces = markChanges(a, b);
      expect(pieces.map((piece) => piece.text).join("")).toBe(a);
      expect(markChanges(a, a).some((piece) => piece.changed)).toBe(false);
      const common = pieces.filter((piece) => !piece.changed).map((piece) => piece.text);
      expect(isSubsequence([...common.join("")], [...b])).toBe(true);
    }),
  );
});

it("of long texts that have nothing in common marks all between the common ends, at once", () => {
  const long = (word: string) => Array.from({ length: 5000 }, () => word).join(" ");
  const pieces = markChanges(`same ${long("a")} end`, `same ${long("b")} end`);
  expect(pieces.map(({ text, changed }) => [text.length, changed])).toEqual([
    [5, false],
    [9999, true],
    [4, false],
  ]);
});

function isSubsequence(some: readonly string[], all: readonly string[]): boolean {
  let found = 0;
  for (const one of all) if (one === some[found]) found += 1;
  return found === some.length;
}
