import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { counter } from "../../../merge-strategies/counter.js";
import { decide, passes, runCells } from "./cell-cases.js";

describe("both changes count", () => {
  runCells(
    counter,
    [
      { name: "up and up", cell: ["10", "12", "15"], expect: "17" },
      { name: "up and down", cell: ["10", "12", "7"], expect: "9" },
      { name: "through zero", cell: ["1", "0", "-3"], expect: "-4" },
      {
        name: "past what a double can count",
        cell: ["9007199254740992", "9007199254740993", "9007199254740995"],
        expect: "9007199254740996",
      },
      {
        name: "up to the largest bigint",
        cell: ["0", "9223372036854775806", "1"],
        expect: "9223372036854775807",
      },
      {
        name: "down to the smallest bigint",
        cell: ["0", "-9223372036854775807", "-1"],
        expect: "-9223372036854775808",
      },
      { name: "up to the largest smallint", type: "smallint", cell: ["0", "32766", "1"], expect: "32767" },
      {
        name: "up to the largest integer",
        type: "integer",
        cell: ["0", "2147483646", "1"],
        expect: "2147483647",
      },
    ],
    { type: "bigint" },
  );
});

describe("decimals are exact", () => {
  runCells(
    counter,
    [
      { name: "tenths", cell: ["0.0", "0.1", "0.2"], expect: "0.3" },
      { name: "the larger scale is kept", cell: ["1", "1.5", "2.00"], expect: "2.50" },
      { name: "also where zeros are all it has", cell: ["1", "2", "2.000"], expect: "3.000" },
      { name: "a point before the first digit", cell: ["0.10", "0.05", "0.08"], expect: "0.03" },
      { name: "below zero", cell: ["0.10", "0.05", "0.00"], expect: "-0.05" },
      {
        name: "of any size",
        cell: ["0", `1${"0".repeat(40)}`, "0.000000000000000000000001"],
        expect: `1${"0".repeat(40)}.000000000000000000000001`,
      },
      {
        name: "as large as the column allows",
        type: "numeric(5,2)",
        cell: ["0.00", "999.98", "0.01"],
        expect: "999.99",
      },
      {
        name: "in a column with more scale than digits",
        type: "numeric(2,4)",
        cell: ["0.0000", "0.0098", "0.0001"],
        expect: "0.0099",
      },
    ],
    { type: "numeric" },
  );
});

describe("binary floats give back what was put in, or nothing is put in", () => {
  runCells(
    counter,
    [
      { name: "tenths", cell: ["0", "0.1", "0.2"], expect: "0.3" },
      { name: "no zeros behind", cell: ["0", "0.5", "1.5"], expect: "2" },
      { name: "minus zero", cell: ["0", "-0", "1"], expect: "1" },
      { name: "with an exponent", cell: ["0", "1e-04", "1e+10"], expect: "10000000000.0001" },
      { name: "more digits than a double keeps", cell: ["0", "0.30000000000000004", "1"], expect: passes },
      { name: "more digits than a double keeps, by the sum", cell: ["0", "1e+20", "1"], expect: passes },
      { name: "a number PostgreSQL prints with an exponent", cell: ["0", "1e+20", "2e+20"], expect: passes },
      { name: "a small one of those", cell: ["0", "1e-07", "2e-07"], expect: passes },
      { name: "a real", type: "real", cell: ["0", "0.25", "1000"], expect: "1000.25" },
      { name: "more digits than a real keeps", type: "real", cell: ["0", "0.25", "10000"], expect: passes },
    ],
    { type: "double precision" },
  );
});

describe("passes", () => {
  runCells(
    counter,
    [
      { name: "without a base", cell: [null, "1", "2"], expect: passes },
      { name: "on NULL", cell: ["1", null, "2"], expect: passes },
      { name: "on NaN", cell: ["1", "NaN", "2"], expect: passes },
      { name: "on a base that is NaN", cell: ["NaN", "1", "2"], expect: passes },
      { name: "on infinity", cell: ["1", "Infinity", "2"], expect: passes },
      { name: "on minus infinity", cell: ["1", "-Infinity", "2"], expect: passes },
      { name: "where the smallint ends", type: "smallint", cell: ["0", "32767", "1"], expect: passes },
      { name: "where the integer ends", type: "integer", cell: ["0", "-2147483648", "-1"], expect: passes },
      {
        name: "where the bigint ends",
        type: "bigint",
        cell: ["0", "9223372036854775807", "1"],
        expect: passes,
      },
      {
        name: "where the digits of the column end",
        type: "numeric(5,2)",
        cell: ["0.00", "999.99", "0.01"],
        expect: passes,
      },
      { name: "on text, whatever it looks like", type: "text", cell: ["1", "2", "3"], expect: passes },
      { name: "on money", type: "money", cell: ["$1.00", "$2.00", "$3.00"], expect: passes },
      { name: "on what is no number", cell: ["1", "two", "3"], expect: passes },
      { name: "on the empty text", cell: ["1", "", "3"], expect: passes },
      { name: "on an exponent to fill the memory with", cell: ["1", "1e999999999", "3"], expect: passes },
    ],
    { type: "numeric" },
  );
});

describe("laws", () => {
  const cents = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
  const print = (value: bigint) => {
    const digits = (value < 0n ? -value : value).toString().padStart(3, "0");
    return `${value < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  };
  const count = (base: bigint, current: bigint, incoming: bigint) =>
    decide(counter, "numeric", { base: print(base), current: print(current), incoming: print(incoming) });

  it("adds both changes, on whichever side they were made", () => {
    fc.assert(
      fc.property(cents, cents, cents, (base, one, other) => {
        fc.pre(one !== other);
        expect(count(base, base + one, base + other)).toBe(print(base + one + other));
        expect(count(base, base + other, base + one)).toBe(print(base + one + other));
      }),
    );
  });
});
