import { describe, expect, it } from "vitest";
import type { Row } from "../../../src/model/value.js";
import type { PatchParts } from "../../../src/sql/patch/write-patch.js";
import { column, tableOf } from "../tables.js";
import { bodyOf, head, patchText, stepOf, trigger } from "./patches.js";
import { codeOf, withoutQuotedNames } from "./read-sql.js";

/** Each tries to leave its place: a comment, a literal, a quoted name, a body between dollars, or psql's lexer. */
const hostileTexts = [
  "\npwned;",
  "\r\npwned;",
  "\u2028pwned;",
  "'; pwned; --",
  "\\'; pwned; --",
  '"; pwned; --',
  "$$; pwned; $$",
  "$pgmend$; pwned; DO $pgmend$ BEGIN END",
  "$pgmend$ pwned; $pgmend1$ pwned; $pgmend2$",
  "*/ pwned; /*",
  "\n\\! pwned",
  "\\\n\\echo pwned",
  ":pgmend_drift pwned",
  "\n-- \n pwned",
];

describe.each(hostileTexts)("%j", (text) => {
  const quoted = `"${text.replaceAll('"', '""')}"`;
  const table = {
    ...tableOf(text, [
      column("id"),
      column(`${text} name`),
      column(`${text} note`, { equalityIsExact: false }),
    ]),
    label: `public.${quoted}`,
  };
  const before: Row = [text, `old ${text}`, null];
  const after: Row = [text, text, `${text}${text}`];
  const steps = [
    stepOf(table, [{ kind: "insert", after }]),
    stepOf(table, [{ kind: "update", before, after, columns: [1, 2] }], [1, 2]),
    stepOf(table, [{ kind: "delete", before }]),
  ];
  const more: Partial<PatchParts> = {
    head: {
      ...head,
      snapshots: [text],
      contents: [text],
      leftOut: [text],
      triggers: [text],
      sequences: [text],
      database: text,
    },
    triggers: [trigger({ table: table.label, name: text })],
    triggerPolicy: "disable",
    sequences: [{ sequence: `public.${quoted}`, columns: [text], from: "1", to: "2" }],
    invariants: [{ name: text, sql: "SELECT FROM public.device WHERE price < 0" }],
  };

  it("is never taken for code", async () => {
    const body = bodyOf(await patchText(steps, more));
    expect(body).toContain("pwned");
    expect(codeOf(body)).not.toContain("pwned");
  });

  it("never begins a line with a backslash, where psql would take it for a command", async () => {
    const patch = await patchText(steps, more);
    // A quoted name has no escapes: it stands there as it is. Inside quotes psql takes a backslash for itself.
    expect(withoutQuotedNames(bodyOf(patch))).not.toMatch(/^\s*\\/m);
    const commands = patch.slice(0, patch.length - bodyOf(patch).length).split("\n");
    for (const line of commands.filter((one) => one.startsWith("\\"))) {
      expect(line).toMatch(
        /^\\(set (ON_ERROR_STOP on|QUIET on|pgmend_drift 'strict'|pgmend_database '([^'\\]|''|\\.)*')|pset \w+ off|if :\{\?\w+\}|else|endif)$/,
      );
    }
  });

  it("never breaks a comment", async () => {
    const patch = await patchText(steps, more);
    const above = patch.slice(0, patch.indexOf("\\set"));
    for (const line of above.split(/[\n\r\u2028\u2029]/)) expect(line).toMatch(/^(--.*)?$/);
    const rows = patch.split(/[\n\r\u2028\u2029]/).filter((line) => / -- id=/.test(line));
    expect(rows).toHaveLength(3);
  });
});

it("values alone never begin a line with a backslash, not even inside quotes", async () => {
  const table = tableOf("note", ["id", "text"]);
  const all = hostileTexts.map((text): Row => [text, text]);
  const inserts = all.map((after) => ({ kind: "insert", after }) as const);
  const deletes = all.map((before) => ({ kind: "delete", before }) as const);
  const patch = await patchText([stepOf(table, inserts), stepOf(table, deletes)]);
  expect(bodyOf(patch)).not.toMatch(/^\s*\\/m);
  expect(codeOf(bodyOf(patch))).not.toContain("pwned");
});

describe("comments on rows", () => {
  const table = tableOf("device", ["id", "label"]);
  const commentFor = async (label: string) => {
    const step = stepOf(
      table,
      [{ kind: "update", before: ["7", null], after: ["7", label], columns: [1] }],
      [1],
    );
    return / -- id=7: label NULL → (.*)$/m.exec(await patchText([step]))?.[1];
  };

  it.each([
    ["a".repeat(60), "a".repeat(60)],
    ["a".repeat(61), `${"a".repeat(60)}…`],
    ["a".repeat(100_000), `${"a".repeat(60)}…`],
    ["😀".repeat(60), "😀".repeat(60)],
    ["😀".repeat(61), `${"😀".repeat(60)}…`],
    [`a${"😀".repeat(1000)}`, `a${"😀".repeat(59)}…`],
  ])("cut long values between characters (%#)", async (value, shown) => {
    expect(await commentFor(value)).toBe(shown);
  });
});

describe("invariants", () => {
  const invariant = (sql: string) => patchText([], { invariants: [{ name: "no negative price", sql }] });

  it("run at the end, inside the transaction", async () => {
    const patch = await invariant("SELECT FROM invoice WHERE total < 0");
    const marks = [/^BEGIN\b/m, /^SELECT FROM invoice WHERE total < 0$/m, /^COMMIT;$/m];
    const places = marks.map((mark) => patch.search(mark));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(patch).toContain("-- Invariant: no negative price\n");
  });

  it("may end with a semicolon or a comment, and hold dollars", async () => {
    expect(await invariant("SELECT 1;\n")).toContain("\nSELECT 1\n  ) AS violated");
    expect(await invariant("SELECT 1 -- never")).toContain("\nSELECT 1 -- never\n  ) AS violated");
    const dollars = await invariant("SELECT $pgmend$x$pgmend$, $pgmend1$y$pgmend1$");
    expect(dollars).toContain("DO $pgmend2$\n");
    expect(dollars).toContain("END $pgmend2$;\n");
  });
});
