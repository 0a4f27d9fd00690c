import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareBytes, compareIntegers, compareNumerics } from "../../src/sql/key-order.js";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc
    .array(
      fc.constantFrom("a", "é", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "😀", "😁", "\u{10ffff}", ""),
      { maxLength: 4 },
    )
    .map((parts) => parts.join("")),
);

const digits = fc.stringMatching(/^(0|[1-9]\d{0,24})$/);
const integer = fc
  .tuple(fc.boolean(), digits)
  .map(([negative, number]) => (negative && number !== "0" ? `-${number}` : number));

/** As PostgreSQL prints numeric: no exponent, no leading zeros, any number of trailing ones. */
const numeric = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(integer, fc.stringMatching(/^\d{0,6}$/))
      .map(([whole, fraction]) => (fraction === "" ? whole : `${whole}.${fraction}`)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom("0", "-0", "1", "-1", "10"), fc.stringMatching(/^0{0,3}[01]{0,2}$/))
      .map(([whole, fraction]) => negativeZero(fraction === "" ? whole : `${whole}.${fraction}`)),
  },
  { weight: 1, arbitrary: fc.constantFrom("NaN", "Infinity", "-Infinity") },
);

/** PostgreSQL knows -0.1, but no negative zero. */
function negativeZero(number: string): string {
  return /^-[0.]*$/.test(number) ? number.slice(1) : number;
}

/** The oracle: exact fractions over a common denominator, with infinities and NaN where PostgreSQL has them. */
function decimalOrder(a: string, b: string): number {
  const [left, right] = [rank(a), rank(b)];
  if (left !== 0 || right !== 0) return Math.sign(left - right);
  const [x, y] = [scaled(a), scaled(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function rank(number: string): number {
  return { "-Infinity": -1, Infinity: 1, NaN: 2 }[number] ?? 0;
}

function scaled(number: string): bigint {
  const [whole = "", fraction = ""] = number.split(".");
  return BigInt(whole.replace(/^-0$/, "-") + fraction.padEnd(30, "0"));
}

const sign = (order: number): string => (order < 0 ? "before" : order > 0 ? "after" : "equal");

const agrees = (
  values: fc.Arbitrary<string>,
  compare: (a: string, b: string) => number,
  oracle: typeof compare,
) =>
  fc.assert(
    fc.property(values, values, (a, b) => {
      expect(sign(compare(a, b))).toBe(sign(oracle(a, b)));
      expect(sign(compare(b, a))).toBe(sign(oracle(b, a)));
      expect(compare(a, a)).toBe(0);
    }),
    { numRuns: 5000 },
  );

describe("comparing keys agrees with", () => {
  it("Buffer.compare on UTF-8, for text", () => {
    agrees(text, compareBytes, (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  });

  it("BigInt, for integers", () => {
    agrees(integer, compareIntegers, (a, b) => Number(BigInt(a) - BigInt(b)));
  });

  it("exact fractions, for numerics", () => {
    agrees(numeric, compareNumerics, decimalOrder);
  });
});

it("sorting by bytes is sorting by code points", () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20 }), (values) => {
      const byBytes = [...values].sort(compareBytes);
      const byBuffer = [...values].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(byBytes).toEqual(byBuffer);
    }),
  );
});
