import { describe, expect, it } from "vitest";
import { type Change, versionsOf } from "../../../src/model/change.js";
import { changesJsonl } from "../../../src/report/jsonl/changes-jsonl.js";
import { conflictsJsonl } from "../../../src/report/jsonl/conflicts-jsonl.js";
import { skippedJsonl } from "../../../src/report/jsonl/skipped-jsonl.js";
import { at, device, deviceTable, tableOf } from "../tables.js";
import { hostileTexts, inBatches, joined, type RowParts, rowOf } from "./plans.js";

const owner = at(deviceTable, "owner");
const label = at(deviceTable, "label");

const lamp = {
  id: "7",
  label: "lamp",
  owner: "ada",
  price: "1.0",
  starts_at: "2024-03-01",
  ends_at: "2024-03-31",
  updated_at: "noon",
};

describe("changes.jsonl", () => {
  const changes = (...all: readonly Change[]) =>
    joined(changesJsonl([deviceTable], inBatches(...all.map((change) => rowOf({ pre: device(), change })))));

  it.each<[string, Change, object]>([
    [
      "insert: to only, all columns",
      { kind: "insert", after: device({ owner: null }) },
      Object.fromEntries(Object.entries({ ...lamp, owner: null }).map(([name, to]) => [name, { to }])),
    ],
    [
      "delete: from only, all columns",
      { kind: "delete", before: device() },
      Object.fromEntries(Object.entries(lamp).map(([name, from]) => [name, { from }])),
    ],
    [
      "update: the written columns",
      {
        kind: "update",
        before: device({ owner: null }),
        after: device({ label: "" }),
        columns: [label, owner],
      },
      { label: { from: "lamp", to: "" }, owner: { from: null, to: "ada" } },
    ],
  ])("%s", async (_, change, columns) => {
    const table = "public.device";
    const line = { table, key: { id: "7" }, operation: change.kind, columns, tenant: null };
    expect(await changes(change)).toBe(`${JSON.stringify(line)}\n`);
  });

  it("one line a change, none for rows without one", async () => {
    const rows = inBatches(
      rowOf({ pre: device(), change: { kind: "delete", before: device() } }),
      rowOf({ pre: device({ id: "8" }) }),
      rowOf({ pre: device({ id: "9" }), change: { kind: "delete", before: device({ id: "9" }) } }),
    );
    const text = await joined(changesJsonl([deviceTable], rows));
    expect(text.match(/\n/g)).toHaveLength(2);
    expect(text.endsWith("\n")).toBe(true);
  });
});

describe("conflicts.jsonl", () => {
  const conflict = (parts: RowParts, mode: "undo" | "replay" = "undo") =>
    joined(
      conflictsJsonl({ mode, tables: [deviceTable] }, inBatches(rowOf(parts), rowOf({ pre: device() }))),
    );

  it("has what the contract names, in its order, and the chain of causes", async () => {
    const parts = { pre: device(), post: device({ owner: null }), current: device({ owner: "bob" }) };
    const line = {
      conflict: "c5abe12fca2616d79",
      table: "public.device",
      key: { id: "7" },
      kind: "update/update",
      columns: ["owner"],
      base: { ...lamp, owner: null },
      current: { ...lamp, owner: "bob" },
      incoming: lamp,
      cause: null,
      tenant: null,
      resolution: null,
      reason: null,
      causes: [],
    };
    expect(await conflict({ ...parts, conflict: { columns: [owner] } })).toBe(`${JSON.stringify(line)}\n`);
    const causes = [{ table: "public.owner", key: { name: "ada" }, outcome: "missing" }] as const;
    const text = await conflict({ ...parts, conflict: { columns: [owner] }, causes });
    expect(text).toBe(`${JSON.stringify({ ...line, causes })}\n`);
  });

  it("no such row is null; decided ones say how", async () => {
    const decided = {
      kind: "delete/update",
      resolution: "incoming",
      reason: "take-incoming",
      cause: "issue 4",
    } as const;
    const line = JSON.parse(
      await conflict({ pre: device(), post: device({ owner: null }), conflict: decided }),
    );
    expect(line).toMatchObject({ ...decided, columns: [], current: null });
  });

  it.each([
    ["undo", "bob", "ada"],
    ["replay", "ada", "bob"],
  ] as const)("mode %s: base is %s's, incoming is %s's", async (mode, base, incoming) => {
    const parts = {
      pre: device({ owner: "ada" }),
      post: device({ owner: "bob" }),
      conflict: { columns: [owner] },
    };
    expect(JSON.parse(await conflict(parts, mode))).toMatchObject({
      base: { owner: base },
      incoming: { owner: incoming },
    });
  });
});

describe("skipped.jsonl", () => {
  it("has a line for what is excluded or skipped, with the chain of causes", async () => {
    const causes = [{ table: "public.owner", key: { name: "ada" }, outcome: "excluded" }] as const;
    const rows = inBatches(
      rowOf({ post: device(), outcome: "skipped", reason: "its owner is excluded", causes }),
      rowOf({ pre: device({ id: "8" }), outcome: "excluded" }),
    );
    const lines = [
      { key: { id: "7" }, operation: "insert", outcome: "skipped", reason: "its owner is excluded", causes },
      { key: { id: "8" }, operation: "delete", outcome: "excluded", reason: null, causes: [] },
    ].map((line) => `${JSON.stringify({ table: "public.device", ...line, tenant: null })}\n`);
    expect(await joined(skippedJsonl([deviceTable], rows))).toBe(lines.join(""));
  });
});

it("the versions of a row swap with the mode, and current stays", () => {
  const row = rowOf({ pre: device(), current: device({ owner: "eve" }) });
  const { base, current, incoming } = versionsOf("undo", row);
  expect(versionsOf("replay", row)).toEqual({ base: incoming, current, incoming: base });
});

describe("keys and values are PostgreSQL's text", () => {
  it("keys in key order, and never numbers", async () => {
    const table = tableOf("seat", ["guest", "row", "hall"], { key: [2, 1] });
    const change: Change = { kind: "delete", before: ["ada", "9007199254740993", "Große Halle"] };
    const row = rowOf({ table, pre: change.before, change });
    const text = await joined(changesJsonl([table], inBatches(row)));
    expect(text).toContain('"key":{"hall":"Große Halle","row":"9007199254740993"}');
  });

  it.each(hostileTexts)("%j is one line, and comes back as it went in", async (text) => {
    const table = tableOf("note", ["id", text], { label: `public."${text}"` });
    const row = rowOf({
      table,
      pre: [text, text],
      post: [text, null],
      current: [text, "x"],
      conflict: { columns: [1], reason: text },
    });
    const line = await joined(conflictsJsonl({ mode: "undo", tables: [table] }, inBatches(row)));
    expect(line.indexOf("\n")).toBe(line.length - 1);
    const read = JSON.parse(line);
    expect(read).toMatchObject({ table: table.label, key: { id: text }, columns: [text], reason: text });
    expect(Object.entries(read.incoming)).toEqual([
      ["id", text],
      [text, text],
    ]);
  });
});
