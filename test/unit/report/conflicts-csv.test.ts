import { parseString } from "fast-csv";
import { describe, expect, it } from "vitest";
import type { PlannedRow } from "../../../src/model/change.js";
import type { Mode } from "../../../src/model/value.js";
import { type conflictColumns, conflictsCsv } from "../../../src/report/csv/conflicts-csv.js";
import { at, device, deviceTable, tableOf } from "../tables.js";
import { hostileTexts, inBatches, joined, type RowParts, rowOf } from "./plans.js";

type Line = Record<(typeof conflictColumns)[number], string>;

function parse(csv: string): Promise<readonly Line[]> {
  return new Promise((resolve, reject) => {
    const lines: Line[] = [];
    parseString<Line, Line>(csv, { headers: true, strictColumnHandling: true })
      .on("error", reject)
      .on("data", (line: Line) => lines.push(line))
      .on("end", () => resolve(lines));
  });
}

const csvOf = (rows: readonly PlannedRow[], mode: Mode = "undo", tables = [deviceTable]) =>
  joined(conflictsCsv({ mode, tables }, inBatches(...rows)));

const linesOf = async (parts: RowParts, mode: Mode = "undo") => parse(await csvOf([rowOf(parts)], mode));

const owner = at(deviceTable, "owner");
const label = at(deviceTable, "label");

it("has a line of headings even without conflicts, as the contract names them", async () => {
  const heading =
    "conflict,table,key,kind,column,base,current,incoming,cause,tenant,resolution,value,reason\n";
  expect(await csvOf([])).toBe(heading);
  expect(await csvOf([rowOf({ pre: device(), post: device({ owner: "eve" }) })])).toBe(heading);
});

describe("a line a cell", () => {
  const versions = {
    pre: device(),
    post: device({ owner: null }),
    current: device({ owner: "bob", label: "" }),
  };

  it("with its three versions: in mode undo the incident is the base", async () => {
    const conflict = { columns: [label, owner] };
    expect(await linesOf({ ...versions, conflict })).toEqual([
      {
        conflict: "c5abe12fca2616d79",
        table: "public.device",
        key: '{"id":"7"}',
        kind: "update/update",
        column: "label",
        base: '"lamp"',
        current: '""',
        incoming: '"lamp"',
        cause: "",
        tenant: "",
        resolution: "",
        value: "",
        reason: "",
      },
      expect.objectContaining({ column: "owner", base: "null", current: '"bob"', incoming: '"ada"' }),
    ]);
  });

  it("in mode replay the incident is incoming", async () => {
    const [line] = await linesOf({ ...versions, conflict: { columns: [owner] } }, "replay");
    expect(line).toMatchObject({ base: '"ada"', current: '"bob"', incoming: "null" });
  });

  it("says how it was decided", async () => {
    const conflict = {
      columns: [owner],
      resolution: "current",
      reason: "keep-current",
      cause: "device 9",
    } as const;
    const [line] = await linesOf({ ...versions, conflict });
    expect(line).toMatchObject({
      resolution: "current",
      reason: "keep-current",
      cause: "device 9",
      value: "",
    });
  });
});

it("a line a row where the row as a whole is in conflict; no such row is null", async () => {
  const conflict = { kind: "delete/update", columns: [] };
  const [line, ...more] = await linesOf({ pre: device(), post: device({ owner: null }), conflict });
  expect(more).toEqual([]);
  expect(line).toMatchObject({ kind: "delete/update", column: "", current: "null" });
  expect(JSON.parse(line?.base ?? "")).toEqual({
    id: "7",
    label: "lamp",
    owner: null,
    price: "1.0",
    starts_at: "2024-03-01",
    ends_at: "2024-03-31",
    updated_at: "noon",
  });
  expect(JSON.parse(line?.incoming ?? "")).toMatchObject({ owner: "ada" });
});

it('NULL, "", "null" and "NULL" are four values', async () => {
  const values = [null, "", "null", "NULL"];
  const rows = values.map((value) =>
    rowOf({
      pre: device(),
      post: device(),
      current: device({ owner: value }),
      conflict: { columns: [owner] },
    }),
  );
  const lines = await parse(await csvOf(rows));
  expect(lines.map(({ current }) => current)).toEqual(["null", '""', '"null"', '"NULL"']);
  expect(lines.map(({ current }) => JSON.parse(current))).toEqual(values);
});

it("keys and values come back as they were: big numbers, spaces, other scripts", async () => {
  const table = tableOf("Größe", ["name", "id"], { key: [1, 0], label: 'public."Größe"' });
  const row = ["  spaces  ", "9007199254740993"];
  const current = ["  spaces  ", "9007199254740993"];
  const parts = { table, pre: row, post: row, current, conflict: { columns: [0] } };
  const [line] = await parse(await csvOf([rowOf(parts)], "undo", [table]));
  expect(line).toMatchObject({
    table: 'public."Größe"',
    key: '{"id":"9007199254740993","name":"  spaces  "}',
    current: '"  spaces  "',
  });
});

describe.each(hostileTexts)("%j", (text) => {
  const quoted = `"${text.replaceAll('"', '""')}"`;
  const table = tableOf(text, ["id", text], { label: `${quoted}.${quoted}` });
  const conflict = { columns: [1], cause: text, reason: text, resolution: "value" } as const;
  const row = rowOf({ table, pre: [text, text], post: [text, null], current: [text, `${text}!`], conflict });
  const whole = rowOf({ table, pre: [text, text], post: [text, null], conflict: { kind: "delete/update" } });

  it("comes back from the file as it went in", async () => {
    const lines = await parse(await csvOf([row, whole], "undo", [table]));
    expect(lines).toHaveLength(2);
    const [cell, rest] = lines;
    expect(JSON.parse(cell?.key ?? "")).toEqual({ id: text });
    expect(JSON.parse(cell?.incoming ?? "")).toBe(text);
    expect(JSON.parse(cell?.current ?? "")).toBe(`${text}!`);
    expect(cell?.table).toBe(table.label);
    expect(JSON.parse(rest?.incoming ?? "")[text]).toBe(text);
  });

  it("is no formula to a spreadsheet, in whatever column", async () => {
    const lines = await parse(await csvOf([row, whole], "undo", [table]));
    const fields = lines.flatMap((line) => Object.entries(line));
    expect(fields.filter(([, field]) => /^[=+\-@\t\r]/.test(field))).toEqual([]);
  });
});

it("a failure of its source is its own", async () => {
  async function* broken(): AsyncGenerator<readonly PlannedRow[]> {
    yield [rowOf({ pre: device(), post: device(), conflict: { columns: [owner] } })];
    throw new Error("the plan cannot be read");
  }
  await expect(joined(conflictsCsv({ mode: "undo", tables: [deviceTable] }, broken()))).rejects.toThrow(
    "the plan cannot be read",
  );
});
