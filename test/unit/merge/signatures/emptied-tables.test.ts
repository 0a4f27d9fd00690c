import { describe, expect, it } from "vitest";
import { emptiedTables, type TableChange } from "../../../../src/merge/signatures/emptied-tables.js";
import type { ForeignKey } from "../../../../src/model/table.js";

function table(label: string, before: number, change: Partial<TableChange> = {}): TableChange {
  return { label, before, deleted: 0, updated: 0, inserted: 0, ...change };
}

const gone = (label: string, before: number) => table(label, before, { deleted: before });

function key(from: string, to: string): ForeignKey {
  return {
    name: `${from}_${to}`,
    table: from,
    columns: [`${to}_id`],
    parent: to,
    parentColumns: ["id"],
    nullable: false,
    deferrable: false,
    matchFull: false,
    onDelete: "a",
    onUpdate: "a",
  };
}

/** `draft, comment by comment_draft from draft` */
function told(tables: readonly TableChange[], keys: readonly ForeignKey[] = []): readonly string[] {
  return [...emptiedTables(tables, keys)].map(([label, { by }]) =>
    by === undefined ? label : `${label} by ${by.foreignKey} from ${by.root}`,
  );
}

const keys = [
  key("comment", "draft"),
  key("reaction", "comment"),
  key("draft", "document"),
  key("reaction", "user"),
];

describe("emptied tables", () => {
  it.each<[string, readonly TableChange[], readonly string[]]>([
    ["none", [table("draft", 9, { deleted: 8 }), table("user", 0)], []],
    ["one alone", [gone("user", 9), table("reaction", 5)], ["user"]],
    [
      "and what refers to it, level by level, from where it began",
      [table("document", 9), gone("draft", 3), gone("comment", 4), gone("reaction", 5), table("user", 2)],
      ["draft", "comment by comment_draft from draft", "reaction by reaction_comment from draft"],
    ],
    [
      "through a table that had no rows",
      [gone("draft", 3), table("comment", 0), gone("reaction", 5)],
      ["draft", "reaction by reaction_comment from draft"],
    ],
    [
      "filled again under old keys, where it explains the others",
      [table("draft", 9, { deleted: 2, updated: 7 }), gone("comment", 4), gone("reaction", 5)],
      ["draft", "comment by comment_draft from draft", "reaction by reaction_comment from draft"],
    ],
    [
      "not one of which every row was updated or deleted",
      [table("user", 9, { deleted: 2, updated: 7 }), table("reaction", 5)],
      [],
    ],
    [
      "without a cascade, where one in between has rows",
      [gone("draft", 3), table("comment", 4), gone("reaction", 5)],
      ["draft", "reaction"],
    ],
  ])("%s", (_, tables, expected) => {
    expect(told(tables, keys)).toEqual(expected);
  });

  it("ends where tables refer to each other, or to themselves", () => {
    const ring = [key("a", "b"), key("b", "a"), key("a", "a")];
    expect(told([gone("a", 1), gone("b", 1)], ring)).toEqual(["a", "b by b_a from a"]);
  });
});
