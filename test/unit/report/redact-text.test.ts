import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redactKeys, redactValues } from "../../../src/report/redact-text.js";

const mark = (value: string) => `<${value.length}>`;
const labels = ["public.person", "public.lost_person", '"a b"."c {"'];
const isRedacted = (table: string | undefined, column: string) =>
  column === "email" && table !== "public.lost_person";

describe("keys in a message", () => {
  it.each([
    ['refers to public.person {"email":"ada@x"}', 'refers to public.person {"email":"<5>"}'],
    [
      'public.person {"email":"a\\"}b","id":"1"} is in conflict',
      'public.person {"email":"<4>","id":"1"} is in conflict',
    ],
    ['public.person {"email":null}; it', 'public.person {"email":null}; it'],
    ['public.lost_person {"email":"ada@x"}', 'public.lost_person {"email":"ada@x"}'],
    ['"a b"."c {" {"email":"ada"} and {"email":"bob"}', '"a b"."c {" {"email":"<3>"} and {"email":"<3>"}'],
    ['it comes back as {"id":"1","email":"x"}', 'it comes back as {"id":"1","email":"<1>"}'],
    ["no key {at all} {", "no key {at all} {"],
  ])("%s", (text, expected) => {
    expect(redactKeys(text, labels, isRedacted, mark)).toBe(expected);
  });

  it("whatever the value, it is gone", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), fc.string(), (value, other) => {
        const told = (email: string) => `public.person ${JSON.stringify({ email, id: other })} stays`;
        expect(redactKeys(told(value), labels, isRedacted, () => "M")).toBe(told("M"));
      }),
    );
  });
});

describe("values in a message", () => {
  it.each([
    ["it was Ada", ["Ada"], "it was <3>"],
    ["it was Adam", ["Ada"], "it was Adam"],
    ["a.b and a.bc", ["a.b"], "<3> and a.bc"],
    ["Ada Lovelace or Ada", ["Ada", "Ada Lovelace"], "<12> or <3>"],
    ['said {"a":"x\\"y"}', ['x"y'], 'said {"a":"<3>"}'],
    ["NULL and nothing", [null, ""], "NULL and nothing"],
    ["+1 (a*", ["(a*", "+1"], "<2> <3>"],
  ])("%s", (text, values, expected) => {
    expect(redactValues(text, values, mark)).toBe(expected);
  });
});
