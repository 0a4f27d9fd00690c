import { describe, expect, it } from "vitest";
import { asideRows, parkForClash, parkForCycle } from "../../../src/merge/ordering/park.js";
import type { Change } from "../../../src/model/change.js";
import type { UniqueRule } from "../../../src/model/constraint.js";
import type { ForeignKey, Table } from "../../../src/model/table.js";
import { tableOf } from "../tables.js";

function typed(columns: Readonly<Record<string, string>>, notNull: readonly string[] = []): Table {
  const table = tableOf("desk", ["id", ...Object.keys(columns)]);
  return {
    ...table,
    columns: table.columns.map((column) => {
      const type = columns[column.name] ?? "integer";
      return {
        ...column,
        type,
        baseType: type,
        notNull: column.name === "id" || notNull.includes(column.name),
      };
    }),
  };
}

function unique(table: Table, columns: readonly string[], more: Partial<UniqueRule> = {}): UniqueRule {
  return {
    ...{ kind: "unique", name: "desk_unique", table: table.label, parts: columns, operators: ["="], columns },
    ...{ predicate: undefined, nullsClash: false, deferrable: false, partColumns: [] },
    ...more,
  };
}

const update = (columns: readonly number[]): Change => ({
  kind: "update",
  before: ["1", "a", "b"],
  after: ["1", "b", "a"],
  columns,
});

describe("a place to stand aside", () => {
  it("is NULL first, then something that no other row of the plan has", () => {
    const table = typed({ code: "text" });
    const places = parkForClash(table, unique(table, ["code"]), update([1]), 7, []);
    expect(places.map((cells) => cells[0]?.value)).toEqual([null, "pgmend 7", "pgmendh", "~7"]);
  });

  it("is not NULL where the column refuses it, or where two NULLs clash", () => {
    const table = typed({ code: "integer" }, ["code"]);
    const values = parkForClash(table, unique(table, ["code"]), update([1]), 7, []).map(
      (cells) => cells[0]?.value,
    );
    expect(values).toEqual(["-1999999993", "1999999993"]);
    const nullable = typed({ code: "integer" });
    const rule = unique(nullable, ["code"], { nullsClash: true });
    expect(
      parkForClash(nullable, rule, update([1]), 7, [])
        .flat()
        .map(({ value }) => value),
    ).toEqual(values);
  });

  it("fits the column", () => {
    const table = typed({ code: "character varying(3)" }, ["code"]);
    expect(parkForClash(table, unique(table, ["code"]), update([1]), 7, []).flat()).toEqual([
      { column: 1, value: "~7" },
    ]);
  });

  it("is only in columns that the change writes, that are no key, and that nobody refers to", () => {
    const table = typed({ list: "integer", code: "integer" });
    const places = (change: Change, keys: readonly ForeignKey[] = []) =>
      parkForClash(table, unique(table, ["id", "list", "code"]), change, 1, keys)
        .flat()
        .map(({ column }) => column);
    expect(new Set(places(update([2])))).toEqual(new Set([2]));
    expect(new Set(places({ kind: "delete", before: ["1", "2", "3"] }))).toEqual(new Set([1, 2]));
    const referred = { ...reference(table, ["x"]), parent: table.label, parentColumns: ["list"] };
    expect(new Set(places({ kind: "delete", before: ["1", "2", "3"] }, [referred]))).toEqual(new Set([2]));
  });

  it("is NULL in all columns of a reference that is MATCH FULL, or in none", () => {
    const table = typed({ team: "integer", owner: "integer" });
    const full = [{ ...reference(table, ["team", "owner"]), matchFull: true }];
    const rule = unique(table, ["team"]);
    expect(parkForClash(table, rule, update([1, 2]), 7, full)).toEqual([
      [
        { column: 1, value: null },
        { column: 2, value: null },
      ],
    ]);
    expect(parkForClash(table, rule, update([1]), 7, full)).toEqual([]);
    const strict = typed({ team: "integer", owner: "integer" }, ["owner"]);
    expect(parkForClash(strict, unique(strict, ["team"]), update([1, 2]), 7, full)).toEqual([]);
  });

  it("is none for a type that has nothing to spare", () => {
    const table = typed({ active: "boolean" }, ["active"]);
    expect(parkForClash(table, unique(table, ["active"]), update([1]), 1, [])).toEqual([]);
  });
});

describe("a foreign key that waits", () => {
  it("is NULL wherever it can be; MATCH FULL wants all of it to be", () => {
    const table = typed({ team: "integer", owner: "integer" }, ["team"]);
    expect(parkForCycle(table, reference(table, ["team", "owner"]), [])).toEqual([
      { column: 2, value: null },
    ]);
    expect(
      parkForCycle(table, { ...reference(table, ["team", "owner"]), matchFull: true }, []),
    ).toBeUndefined();
    expect(parkForCycle(table, reference(table, ["team"]), [])).toBeUndefined();
  });

  it("takes the rest of another key along that is MATCH FULL", () => {
    const full = (table: Table) => ({ ...reference(table, ["owner", "desk"]), matchFull: true });
    const able = typed({ team: "integer", owner: "integer", desk: "integer" }, ["team"]);
    expect(parkForCycle(able, reference(able, ["team", "owner"]), [full(able)])).toEqual([
      { column: 2, value: null },
      { column: 3, value: null },
    ]);
    const unable = typed({ team: "integer", owner: "integer", desk: "integer" }, ["team", "desk"]);
    expect(parkForCycle(unable, reference(unable, ["team", "owner"]), [full(unable)])).toBeUndefined();
  });
});

it("a row stands aside with what it had in the patch, and with what it gets in the rollback", () => {
  const park = [{ column: 1, value: null }];
  expect(asideRows(update([1, 2]), park)).toEqual([
    ["1", null, "b"],
    ["1", null, "a"],
  ]);
  expect(asideRows({ kind: "insert", after: ["1", "x", "y"] }, park)).toEqual([["1", null, "y"]]);
});

function reference(table: Table, columns: readonly string[]): ForeignKey {
  return {
    ...{ name: "desk_owner", table: table.label, columns, parent: "public.owner", parentColumns: ["a", "b"] },
    ...{ nullable: true, deferrable: false, matchFull: false, onDelete: "a", onUpdate: "a" },
  };
}
