import { describe, expect, it } from "vitest";
import type { CatalogTable } from "../../../src/model/catalog.js";
import { columnNames, type Table } from "../../../src/model/table.js";
import { align, catalogColumn, catalogTable, timestamp, type World } from "./catalogs.js";

const device = catalogTable("device", ["id", "owner", "price"]);
const names = (table: Table | undefined) => table?.columns.map((column) => column.name);

/** What keeps a table from being compared; `open` where nobody asked for it. */
function refusal(world: World, wanted: Parameters<typeof align>[1] = {}) {
  const { tables, leftOut } = align(world, wanted);
  expect(tables).toEqual([]);
  return leftOut;
}

describe("columns line up by name", () => {
  it("in the order of current, whatever the order elsewhere", () => {
    const pre = [catalogTable("device", ["price", "id", "owner"])];
    const { tables, leftOut } = align({ tables: [device], but: { pre } });
    expect(names(tables[0])).toEqual(["id", "owner", "price"]);
    expect(leftOut).toEqual([]);
  });

  it.each(["pre", "post", "current"] as const)("a column that %s has not is listed, and open", (role) => {
    const without = [catalogTable("device", ["id", "owner"])];
    const { tables, leftOut } = align({ tables: [device], but: { [role]: without } });
    expect(names(tables[0])).toEqual(["id", "owner"]);
    expect(leftOut).toEqual([{ table: "public.device", what: `column price is not in ${role}`, open: true }]);
  });

  it("a column only one of them has is listed once", () => {
    const post = [catalogTable("device", ["id", "owner", "price", "note"])];
    const { leftOut } = align({ tables: [device], but: { post } });
    expect(leftOut.map(({ what }) => what)).toEqual(["column note is not in pre and current"]);
  });

  it("a column with another type keeps the table from being compared", () => {
    const pre = [catalogTable("device", ["id", "owner", catalogColumn("price", { type: "numeric" })])];
    const what = "column price has not the same type in all three (pre numeric, post text, current text)";
    expect(refusal({ tables: [device], but: { pre } })).toEqual([
      { table: "public.device", what, open: true },
    ]);
  });

  it("generated columns follow from the others and are none of its columns", () => {
    const total = catalogColumn("total", { generated: "net * 1.2" });
    const { tables, leftOut } = align({ tables: [catalogTable("invoice", ["id", "net", total])] });
    expect(names(tables[0])).toEqual(["id", "net"]);
    expect(tables[0]?.columns[0]).not.toHaveProperty("generated");
    expect(leftOut).toEqual([]);
  });

  it("a column that only some of them generate is listed, and open", () => {
    const plain = catalogTable("invoice", ["id", "net", "total"]);
    const current = [
      catalogTable("invoice", ["id", "net", catalogColumn("total", { generated: "net * 1.2" })]),
    ];
    const { tables, leftOut } = align({ tables: [plain], but: { current } });
    expect(names(tables[0])).toEqual(["id", "net"]);
    const what = "column total is generated in current only";
    expect(leftOut).toEqual([{ table: "public.invoice", what, open: true }]);
  });
});

describe("tables", () => {
  it("come sorted by label", () => {
    const tables = ["device", "account", "invoice"].map((name) => catalogTable(name, ["id"]));
    expect(align({ tables }).tables.map(({ name }) => name)).toEqual(["account", "device", "invoice"]);
  });

  it.each([
    [["pre"], "there is no such table in pre"],
    [["post", "current"], "there is no such table in post and current"],
  ] as const)("missing in %j: left out, and open", (roles, what) => {
    const but = Object.fromEntries(roles.map((role) => [role, ["public.device"]]));
    expect(refusal({ tables: [device], but })).toEqual([{ table: "public.device", what, open: true }]);
  });

  it("that may not be read are left out, and open", () => {
    const pre = [{ ...device, canSelect: false }];
    const what = "no privilege to SELECT from it in pre";
    expect(refusal({ tables: [device], but: { pre } })).toEqual([
      { table: "public.device", what, open: true },
    ]);
  });

  it("that somebody excluded are listed, and not open, even where they do not line up", () => {
    const left = refusal({ tables: [device], but: { pre: ["public.device"] } }, { excludeTables: ["dev*"] });
    expect(left).toEqual([{ table: "public.device", what: "excluded by --exclude-tables", open: false }]);
  });

  it("that nobody asked for are listed, and not open", () => {
    const world = { tables: [device, catalogTable("invoice", ["id"])] };
    const { tables, leftOut } = align(world, { tables: ["invoice"] });
    expect(tables.map(({ name }) => name)).toEqual(["invoice"]);
    expect(leftOut).toEqual([{ table: "public.device", what: "not among --tables", open: false }]);
  });

  it("excluded wins over asked for", () => {
    expect(refusal({ tables: [device] }, { tables: ["device"], excludeTables: ["*"] })).toHaveLength(1);
  });

  it("views and the like are listed, and not open", () => {
    const others = [
      { label: "public.device_names", kind: "view" },
      { label: "public.archive", kind: "foreign table" },
    ];
    const { leftOut } = align({ tables: [device], others }, { excludeTables: ["archive"] });
    expect(leftOut).toEqual([{ table: "public.device_names", what: "a view is not compared", open: false }]);
  });
});

describe("the key", () => {
  const composite = (order: readonly string[], more: Partial<CatalogTable> = {}) =>
    catalogTable("seat", ["row", "hall", "guest"], { primaryKey: order, ...more });
  const required = (name: string) => catalogColumn(name, { notNull: true });
  const seats = catalogTable("seat", [required("row"), required("hall"), "guest"], { primaryKey: ["row"] });
  const keyOf = (table: Table | undefined) => table && [table.keySource, ...columnNames(table, table.key)];

  it.each<[string, CatalogTable, Readonly<Record<string, readonly string[]>>, readonly string[]]>([
    ["the primary key", device, {}, ["primary key", "id"]],
    ["in key order, not in column order", composite(["hall", "row"]), {}, ["primary key", "hall", "row"]],
    [
      "else a unique index over NOT NULL columns",
      catalogTable("device", ["id", "serial"], { primaryKey: undefined, uniqueKey: ["serial"] }),
      {},
      ["unique index", "serial"],
    ],
    ["what the config says wins", seats, { "public.seat": ["hall", "row"] }, ["config", "hall", "row"]],
    ["under the bare name, too", seats, { seat: ["row"] }, ["config", "row"]],
  ])("%s", (_, table, keys, expected) => {
    expect(keyOf(align({ tables: [table] }, { keys }).tables[0])).toEqual(expected);
  });

  it("is not taken from an index where one of them has another primary key", () => {
    const pre = [composite(["row", "hall"], { uniqueKey: ["guest"] })];
    const world = { tables: [composite(["hall", "row"], { uniqueKey: ["guest"] })], but: { pre } };
    expect(keyOf(align(world).tables[0])).toEqual(["unique index", "guest"]);
    const bare = { tables: [composite(["hall", "row"])], but: { pre: [composite(["row", "hall"])] } };
    expect(refusal(bare)[0]?.what).toMatch(/different primary keys .* name one under keys:/);
  });

  it("missing altogether makes the table a bag, of which no column is only a touch", () => {
    const log = catalogTable("log", ["line", catalogColumn("updated_at", timestamp)], {
      primaryKey: undefined,
    });
    const [table] = align({ tables: [log] }).tables;
    expect(table).toMatchObject({ key: [], keySource: "bag", touch: [] });
    const { mistakes } = align({ tables: [log] }, { groups: { log: [["line", "updated_at"]] } });
    const what = "has no key, so its rows are compared whole: there is nothing to group";
    expect(mistakes).toEqual([{ where: "groups: public.log", what }]);
  });

  it("and without any column there is nothing to count by", () => {
    const [left] = refusal({ tables: [catalogTable("log", [], { primaryKey: undefined })] });
    expect(left).toEqual({
      table: "public.log",
      what: "it has no key and no column to tell its rows apart",
      open: true,
    });
  });

  it("configured with unknown columns is a mistake", () => {
    const { tables, mistakes } = align(
      { tables: [device] },
      { keys: { "public.device": ["serial", "id", "size"] } },
    );
    expect(tables).toEqual([]);
    const what = "has no column serial, size in all three databases";
    expect(mistakes).toEqual([{ where: "keys: public.device", what }]);
  });
});

describe("groups and touch columns", () => {
  const booking = catalogTable("booking", [
    "id",
    "starts_at",
    "ends_at",
    "guest",
    catalogColumn("updated_at", timestamp),
  ]);

  it("are positions of columns", () => {
    const [table] = align({ tables: [booking] }, { groups: { booking: [["ends_at", "starts_at"]] } }).tables;
    expect(table).toMatchObject({ groups: [[2, 1]], touch: [4] });
  });

  it("a column of the key or of a group is no touch column", () => {
    const touch = { columns: ["id", "updated_at", "ends_at"], write: "restore" } as const;
    const [table] = align(
      { tables: [booking] },
      { touch, groups: { booking: [["starts_at", "ends_at"]] } },
    ).tables;
    expect(table?.touch).toEqual([4]);
  });

  it.each<[string, readonly (readonly string[])[], readonly string[]]>([
    ["an unknown column", [["starts_at", "stops_at"]], ["has no column stops_at in all three databases"]],
    ["a column twice", [["ends_at", "ends_at"]], ["names column ends_at more than once"]],
    [
      "a column in two groups",
      [
        ["starts_at", "ends_at"],
        ["ends_at", "guest"],
      ],
      ["names column ends_at more than once"],
    ],
    [
      "several at once",
      [["room", "guest", "guest"]],
      ["has no column room in all three databases", "names column guest more than once"],
    ],
  ])("%s is a mistake", (_, groups, expected) => {
    const { mistakes } = align({ tables: [booking] }, { groups: { "public.booking": groups } });
    expect(mistakes).toEqual(expected.map((what) => ({ where: "groups: public.booking", what })));
  });
});
