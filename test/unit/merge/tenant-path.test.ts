import { describe, expect, it } from "vitest";
import {
  describeWay,
  givenWay,
  mapTenants,
  type PathTable,
  shortestWay,
} from "../../../src/merge/tenant-path.js";
import type { ForeignKey } from "../../../src/model/table.js";

/** `note(card_id) -> card(id) as note_card`: a foreign key as people draw it. */
function key(drawn: string): ForeignKey {
  const [, table, columns, parent, parentColumns, name] =
    /^(\w+)\((.+?)\) -> (\w+)\((.+?)\) as (\w+)$/.exec(drawn) ?? [];
  return {
    name: name ?? "",
    table: `public.${table}`,
    columns: columns?.split(", ") ?? [],
    parent: `public.${parent}`,
    parentColumns: parentColumns?.split(", ") ?? [],
    nullable: true,
    deferrable: false,
    matchFull: false,
    onDelete: "a",
    onUpdate: "a",
  };
}

/** `note: id, card_id` */
function table(drawn: string): PathTable {
  const [name, columns] = drawn.split(": ");
  return { label: `public.${name}`, columns: columns?.split(", ") ?? [] };
}

const world = (tables: readonly string[], keys: readonly string[], column = "ws_id") =>
  mapTenants(column, tables.map(table), keys.map(key));
const wayFrom = (map: ReturnType<typeof world>, name: string) => {
  const way = shortestWay(map, `public.${name}`);
  return way && describeWay(way);
};

describe("which tables say the tenant themselves", () => {
  it("those with the column, and the one that the column refers to", () => {
    const map = world(["ws: id", "card: id, ws_id", "log: id"], ["card(ws_id) -> ws(id) as card_ws"]);
    expect([wayFrom(map, "ws"), wayFrom(map, "card"), wayFrom(map, "log")]).toEqual([
      "id",
      "ws_id",
      undefined,
    ]);
  });

  it("a table that refers to itself by the column is a tree of tenants: each row is one", () => {
    const map = world(["ws: id, ws_id"], ["ws(ws_id) -> ws(id) as ws_ws"]);
    expect(wayFrom(map, "ws")).toBe("id");
  });

  it("a table that has the column says more by it than by what others refer to", () => {
    const tables = ["account: id, ws_id", "settings: id, ws_id"];
    expect(wayFrom(world(tables, ["settings(ws_id) -> account(id) as s"]), "account")).toBe("ws_id");
  });

  it("by a foreign key of several columns, the one that the column stands for", () => {
    const keys = ["card(ws_id, board_id) -> board(owner, id) as card_board"];
    expect(wayFrom(world(["board: owner, id", "card: id, ws_id, board_id"], keys), "board")).toBe("owner");
  });
});

describe("the shortest way", () => {
  const tables = [
    "ws: id",
    "card: id, ws_id",
    "note: id, card_id, by",
    "mark: id, note_id, card_id",
    "person: id, ws_id",
  ];

  it("goes by as few foreign keys as can be", () => {
    const keys = [
      "note(card_id) -> card(id) as z",
      "mark(note_id) -> note(id) as a",
      "mark(card_id) -> card(id) as b",
    ];
    const map = world(tables, keys);
    expect(wayFrom(map, "mark")).toBe("b to public.card, ws_id there");
    expect(wayFrom(map, "note")).toBe("z to public.card, ws_id there");
  });

  it("of several as short goes by the first in name, however they are listed", () => {
    const keys = ["note(card_id) -> card(id) as note_card", "note(by) -> person(id) as note_by"];
    for (const listed of [keys, keys.toReversed()])
      expect(wayFrom(world(tables, listed), "note")).toBe("note_by to public.person, ws_id there");
  });

  it("compares names from the first foreign key on", () => {
    const keys = [
      "mark(card_id) -> card(id) as b",
      "mark(note_id) -> note(id) as a",
      "note(by) -> person(id) as z",
      "card(id) -> person(id) as c",
    ];
    const map = world(["card: id", "note: id, by", "mark: note_id, card_id", "person: id, ws_id"], keys);
    expect(wayFrom(map, "mark")).toBe("a to public.note, z to public.person, ws_id there");
  });

  it("does not go round in circles", () => {
    const keys = [
      "note(id) -> note(id) as self",
      "note(id) -> mark(id) as there",
      "mark(id) -> note(id) as back",
      "mark(card_id) -> card(id) as out",
    ];
    expect(wayFrom(world(tables, keys), "note")).toBe(
      "there to public.mark, out to public.card, ws_id there",
    );
    expect(wayFrom(world(tables, keys.slice(0, 3)), "note")).toBeUndefined();
  });

  it("goes by no column that cannot be read", () => {
    expect(wayFrom(world(tables, ["note(gone) -> card(id) as a"]), "note")).toBeUndefined();
    expect(wayFrom(world(tables, ["note(card_id) -> hidden(id) as a"]), "note")).toBeUndefined();
  });
});

describe("a way that is given", () => {
  const map = world(
    ["card: id, no, ws_id", "note: id, card_id, card_no, by", "person: id"],
    [
      "note(card_id, card_no) -> card(id, no) as note_card",
      "note(card_id) -> card(id) as note_card_id",
      "note(by) -> person(id) as note_by",
      "note(by) -> card(id) as note_by_card",
    ],
  );
  const given = (...steps: readonly string[]) => {
    const way = givenWay(map, "public.note", steps);
    return "kind" in way ? way : describeWay(way);
  };

  it("by the name of a foreign key, or a column that only one has", () => {
    expect(given("note_card")).toBe("note_card to public.card, ws_id there");
    expect(given("card_no")).toBe("note_card to public.card, ws_id there");
  });

  it("by a column that one has alone, though another has it, too", () => {
    expect(given("card_id")).toBe("note_card_id to public.card, ws_id there");
  });

  it("not by what several have", () => {
    expect(given("by")).toEqual({
      ...{ kind: "several keys", table: "public.note", step: "by" },
      known: ["note_by", "note_by_card"],
    });
  });

  it("not by what there is not, and not into a table that cannot tell", () => {
    expect(given("crad_id")).toMatchObject({ kind: "no such key", table: "public.note", step: "crad_id" });
    expect(given("note_by")).toEqual({ kind: "no tenant there", table: "public.person" });
    expect(given("note_card", "by")).toMatchObject({ kind: "no such key", table: "public.card", known: [] });
  });
});
