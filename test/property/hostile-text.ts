import fc from "fast-check";

/** Text as databases hold it: every character but NUL, with what quotes, comments, globs and terminals act on over-represented. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."'\"\\$;:-/*?[]{}().,=+@!|&<>%_ \n\r\t\b\f\u0001\u001b\u007f\u0085\u200b\u202e\u2028\u2029\ufeff".split(
          "",
        ),
      ),
      fc.constantFrom(
        "''",
        "\\'",
        "--",
        "/*",
        "*/",
        "$$",
        "$pgmend$",
        "\\n",
        "\\u0041",
        "E'",
        "NULL",
        "😀",
        "\ufffd",
        "é",
        "e\u0301",
      ),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join("").replaceAll("\0", ""));
