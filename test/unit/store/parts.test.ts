import fc from "fast-check";
import { expect, test } from "vitest";
import { isLong, splitText } from "../../../src/store/tables/parts.js";

const text = fc
  .array(fc.tuple(fc.constantFrom("x", "€", "\u{1F9EF}"), fc.nat(3000)), { maxLength: 4 })
  .map((runs) => runs.map(([unit, times]) => unit.repeat(times)).join(""));

test("parts make the text again, and none ends within a character", () => {
  fc.assert(
    fc.property(text, (whole) => {
      const parts = splitText(whole);
      expect(parts.join("")).toBe(whole);
      for (const part of parts) expect(Buffer.from(part).toString()).toBe(part);
    }),
  );
});

test.each([
  { name: "2000 bytes", one: "x", times: 2000, long: false },
  { name: "2001 bytes", one: "x", times: 2001, long: true },
  { name: "2000 bytes of two each", one: "é", times: 1000, long: false },
  { name: "2002 bytes of two each", one: "é", times: 1001, long: true },
  { name: "2001 bytes of three each", one: "€", times: 667, long: true },
])("$name: long is $long", ({ one, times, long }) => {
  expect(isLong(one.repeat(times))).toBe(long);
});
