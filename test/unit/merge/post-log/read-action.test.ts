import { describe, expect, it } from "vitest";
import { readAction } from "../../../../src/merge/post-log/read-action.js";

const read = (line: string | object) =>
  readAction(new TextEncoder().encode(typeof line === "string" ? line : JSON.stringify(line)), 7);

const good = {
  sequence: 4711,
  time: "2024-01-24T07:31:02Z",
  actor: "ada",
  table: "public.issue",
  key: { id: "17" },
  operation: "update",
  after: { title: "New", estimate: null },
  before: { title: "Old" },
};

describe("readAction", () => {
  it("reads a line; what may be left out is undefined", () => {
    expect(read(good)).toEqual({ ...good, line: 7, sequence: "4711", tenant: undefined });
    expect(read({ ...good, sequence: "9223372036854775808", time: null, before: null })).toMatchObject({
      sequence: "9223372036854775808",
      time: undefined,
      before: undefined,
    });
  });

  it("columns may be called anything", () => {
    const line =
      '{"sequence":1,"table":"t","key":{"__proto__":"1"},"operation":"delete","before":{"constructor":"x"}}';
    const action = read(line) as { key: object; before: object };
    expect([Object.keys(action.key), Object.keys(action.before)]).toEqual([["__proto__"], ["constructor"]]);
  });

  const cases: readonly { name: string; line: string | object; expected: readonly string[] }[] = [
    { name: "no JSON", line: "{", expected: ["is not JSON: expected one object a line"] },
    { name: "no object", line: "[1]", expected: ["expected a JSON object"] },
    {
      name: "all at once",
      line: { sequence: 1.5, operation: "upsert", key: {}, after: { n: 5 }, extra: 1 },
      expected: [
        'has "extra", which is none of sequence, time, actor, tenant, table, key, operation, after, before',
        "sequence: expected a whole number",
        "operation: expected one of insert, update, delete",
        "table: expected a name, schema.table",
        "key: expected an object with the key's columns",
        `after: "n": expected PostgreSQL's text in quotes, or null`,
      ],
    },
    {
      name: "a number is no text",
      line: { ...good, key: { id: 17 } },
      expected: [`key: "id": expected PostgreSQL's text in quotes, or null`],
    },
    {
      name: "a delete with a row after it",
      line: { ...good, operation: "delete" },
      expected: ["after: a delete leaves no row"],
    },
    {
      name: "an update without one",
      line: { ...good, after: null },
      expected: ["after: expected an object with the row after the update"],
    },
    {
      name: "a zero byte",
      line: { ...good, after: { title: "a\u0000" } },
      expected: ['after: "title": holds a zero byte'],
    },
  ];
  it.each(cases)("$name", ({ line, expected }) => {
    expect(read(line)).toEqual(expected);
  });

  it("bytes that are no text are not made text of", () => {
    expect(readAction(new Uint8Array([0x22, 0xff, 0x22]), 1)).toEqual(["is not UTF-8"]);
  });
});
