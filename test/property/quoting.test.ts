import fc from "fast-check";
import { expect, it } from "vitest";
import { matchesName } from "../../src/merge/rules/match.js";
import { hasHidden, visible } from "../../src/model/visible.js";
import { comment, identifier, literal } from "../../src/sql/quote.js";
import { codeOf, readLiteral } from "../unit/sql/read-sql.js";
import { hostileText } from "./hostile-text.js";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const someText = hostileText.filter((text) => text !== "");
const check = (law: (text: string) => void) => fc.assert(fc.property(hostileText, law), { numRuns: 3000 });

it("a literal never contains raw control characters or line breaks", () => {
  check((text) => {
    expect(literal(text)).not.toMatch(controls);
    expect(hasHidden(literal(text))).toBe(false);
  });
});

it("a literal is read back as the value it was made of", () => {
  check((text) => {
    expect(readLiteral(literal(text))).toBe(text);
  });
});

it("two values have two literals", () => {
  fc.assert(
    fc.property(hostileText, hostileText, (a, b) => {
      expect(literal(a) === literal(b)).toBe(a === b);
      expect(literal(a)).not.toBe(literal(null));
    }),
  );
});

it("nothing gets out of a literal, a name or a comment", () => {
  fc.assert(
    fc.property(hostileText, hostileText, hostileText, (value, name, note) => {
      const sql = `SELECT ${literal(value)} AS ${identifier(`x ${name}`)}; -- ${comment(note)}\nSELECT 2;`;
      expect(codeOf(sql)).toBe("SELECT  …  AS  … ;  … \nSELECT 2;");
    }),
    { numRuns: 3000 },
  );
});

it("what is made visible has nothing hidden, and text without hidden characters stays as it is", () => {
  check((text) => {
    expect(hasHidden(visible(text))).toBe(false);
    if (!hasHidden(text)) expect(visible(text)).toBe(text);
  });
});

it("a name is quoted so that it is read as that name", () => {
  check((name) => {
    const quoted = identifier(name);
    const read = quoted.startsWith('"') ? quoted.slice(1, -1).replaceAll('""', '"') : quoted.toLowerCase();
    expect(read).toBe(name);
  });
});

it("every name matches itself, and * matches every name", () => {
  check((name) => {
    expect(matchesName(name, name)).toBe(true);
    if (name !== "") expect(matchesName("*", name)).toBe(true);
    expect(matchesName(`*${escaped(name)}`, `before ${name}`)).toBe(true);
    expect(matchesName(`${escaped(name)}*`, `${name} after`)).toBe(true);
  });
});

it("around a *, a pattern means what it says and nothing else", () => {
  fc.assert(
    fc.property(hostileText, hostileText, someText, (before, after, name) => {
      const expected =
        name.startsWith(before) && name.endsWith(after) && name.length >= before.length + after.length;
      expect(matchesName(`${escaped(before)}*${escaped(after)}`, name)).toBe(expected);
    }),
    { numRuns: 3000 },
  );
});

/** As a person would write a name into a glob who wants it taken literally. */
function escaped(name: string): string {
  return name.replace(/[*?[\]{}\\]/g, "\\$&");
}
