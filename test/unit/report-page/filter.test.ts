import { describe, expect, it } from "vitest";
import { entryOf } from "../../../report-page/entries.js";
import { comparator, type Filter, matcher, noFilter, noTenant } from "../../../report-page/filter.js";
import type { PagePlan, PageRow } from "../../../src/report/html/page-data.js";
import { deviceTable, tableOf } from "../tables.js";

const plan: PagePlan = {
  mode: "undo",
  touchWrite: "restore",
  tables: [deviceTable, tableOf("seat", ["id"])],
  databases: { pre: "a", post: "b", current: "c" },
  redacted: false,
};

const row = (at: number, more: Partial<PageRow> = {}): PageRow => ({
  at,
  table: 0,
  did: "update",
  outcome: "apply",
  key: [String(at)],
  ...more,
});

const rows: readonly PageRow[] = [
  row(1, {
    write: { kind: "update", columns: [2], from: [null], to: ["Ada Lovelace"] },
    time: "2024-01-01 10:00:00+00",
  }),
  row(2, {
    outcome: "conflict",
    conflict: { id: "c1", kind: "update/update", columns: [2], cause: "refers to 77" },
  }),
  row(3, { table: 1, outcome: "kept", reason: "by a rule", tenant: "acme", time: "2024-01-02 10:00:00+00" }),
  row(4, { write: { kind: "insert", columns: [2], to: [{ start: 'say "Love"', length: 9000 }] } }),
];
const entries = rows.map((one) => entryOf(one, plan));
const found = (filter: Partial<Filter>) =>
  entries.filter(matcher({ ...noFilter, ...filter })).map((entry) => entry.row.at);

describe("a filter finds", () => {
  it.each<[string, Partial<Filter>, readonly number[]]>([
    ["everything when nothing is asked", {}, [1, 2, 3, 4]],
    ["a value in any case", { text: "LOVELACE" }, [1]],
    ["all of the words, in any order", { text: "lovelace ada" }, [1]],
    ["not words across two values", { text: '"1 ada"' }, []],
    ["a phrase in quotes", { text: '"ada love"' }, [1]],
    ["the beginning of a value that was cut", { text: "say love" }, [4]],
    ["causes and reasons", { text: "77" }, [2]],
    ["a table", { table: "1" }, [3]],
    ["an outcome", { outcome: "conflict" }, [2]],
    ["a kind of conflict", { kind: "update/update" }, [2]],
    ["a kind of change", { kind: "insert" }, [4]],
    ["a tenant", { tenant: "acme" }, [3]],
    ["rows without a tenant", { tenant: noTenant }, [1, 2, 4]],
    ["all of these at once", { tenant: "acme", outcome: "apply" }, []],
  ])("%s", (_, filter, expected) => {
    expect(found(filter)).toEqual(expected);
  });
});

it.each([
  ["open", [2, 1, 4, 3]],
  ["plan", [1, 2, 3, 4]],
  ["newest", [3, 1, 2, 4]],
] as const)("sorted by %s", (sorting, expected) => {
  expect(entries.toSorted(comparator(sorting)).map((entry) => entry.row.at)).toEqual(expected);
});
