import { describe, expect, it } from "vitest";
import type { Row } from "../../../src/model/value.js";
import { compareBytes, compareIntegers, compareNumerics, keyOrdering } from "../../../src/sql/key-order.js";
import { column, tableOf } from "../tables.js";

type Compare = (a: string, b: string) => number;

/** Every pair of a list that is written in the order it should have; equal neighbours stand in one entry. */
function inOrder(compare: Compare, sorted: readonly (string | readonly string[])[]): void {
  const places = sorted.flatMap((entry, place) => [entry].flat().map((text) => ({ text, place })));
  const compared = places.flatMap((a) =>
    places.map((b) => `${a.text} ${sign(compare(a.text, b.text))} ${b.text}`),
  );
  const expected = places.flatMap((a) => places.map((b) => `${a.text} ${sign(a.place - b.place)} ${b.text}`));
  expect(compared).toEqual(expected);
}

const sign = (order: number): string => (order < 0 ? "<" : order > 0 ? ">" : "=");

it("integers of any size, by value", () => {
  const sorted = [
    "-9223372036854775808",
    "-9223372036854775807",
    "-9007199254740993",
    "-100",
    "-99",
    "-10",
    "-9",
    "-1",
    "0",
    "1",
    "9",
    "10",
    "99",
    "100",
    "9007199254740992",
    "9007199254740993",
    "9223372036854775806",
    "9223372036854775807",
    "18446744073709551616",
  ];
  expect([...sorted].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))).toEqual(sorted);
  inOrder(compareIntegers, sorted);
});

it("numerics by value, with PostgreSQL's infinities and NaN", () => {
  inOrder(compareNumerics, [
    "-Infinity",
    "-1000000000000000000000",
    "-10.5",
    ["-10", "-10.0", "-10.00"],
    "-9.99",
    "-0.1",
    "-0.01",
    ["0", "0.0", "0.000"],
    "0.0000000000000000000001",
    "0.01",
    "0.1",
    "0.11",
    ["0.2", "0.20"],
    ["1", "1.0"],
    "1.000000000000000000000000000001",
    "9",
    "10",
    "100.1",
    "9007199254740993",
    "9007199254740993.5",
    "1000000000000000000000",
    "Infinity",
    "NaN",
  ]);
});

it("text by its UTF-8 bytes, as COLLATE C does", () => {
  const sorted = [
    "",
    " ",
    "-",
    "1-1",
    "11",
    "A",
    "Z",
    "_",
    "a",
    "a ",
    "aa",
    "b",
    "e\u0301",
    "z",
    "é",
    "ÿ",
    "Ā",
    "ࠀ",
    "一",
    "\ue000",
    "\ufb01",
    "\ufffd",
    "\uffff",
    "😀",
    "😁",
    "\u{10ffff}",
  ];
  expect([...sorted].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))).toEqual(sorted);
  inOrder(compareBytes, sorted);
  inOrder(compareBytes, ["key\ufffd", "key😀", "key😀\ufffd", "key😀😀"]);
});

describe("the order of a key is one thing", () => {
  const seat = tableOf(
    "seat",
    [
      column("guest"),
      column("row", { type: "integer", keyOrder: "integer" }),
      column("Hall"),
      column("price", { type: "numeric", keyOrder: "numeric" }),
      column("day", { type: "date", keyOrder: "native" }),
      column("open", { type: "boolean", keyOrder: "printed" }),
    ],
    { key: [1] },
  );
  const orderBy = (...key: readonly number[]) => keyOrdering({ ...seat, key }, "t").orderBy;

  it("one part a column, in key order, text and printed values by bytes", () => {
    expect(orderBy(1)).toBe('t."row"');
    expect(orderBy(2)).toBe('t."Hall" COLLATE pg_catalog."C"');
    expect(orderBy(3, 4)).toBe("t.price, t.day");
    expect(orderBy(5)).toBe(`pg_catalog.format('%s', t.open) COLLATE pg_catalog."C"`);
    expect(orderBy(2, 1)).toBe('t."Hall" COLLATE pg_catalog."C", t."row"');
  });

  it("rows are compared by the same columns, the first that differs deciding", () => {
    const seatOf = (hall: string, row: string, price = "1"): Row => [
      "ada",
      row,
      hall,
      price,
      "2024-03-01",
      "f",
    ];
    const { compare } = keyOrdering({ ...seat, key: [2, 1] }, "t");
    const sorted = [seatOf("A", "2"), seatOf("A", "10"), seatOf("a", "1"), seatOf("a", "1000")];
    expect([...sorted].reverse().sort(compare)).toEqual(sorted);
    expect(compare(seatOf("A", "2", "1"), seatOf("A", "2", "5"))).toBe(0);
  });

  it("a key of one column is compared by that one", () => {
    const { compare } = keyOrdering(seat, "t");
    expect(compare(["ada", "9"], ["bob", "10"])).toBeLessThan(0);
    expect(compare(["ada", "9"], ["bob", "9"])).toBe(0);
  });
});
