import { describe, expect, it } from "vitest";
import { orderTables } from "../../../src/merge/ordering/order-tables.js";
import type { ForeignKey } from "../../../src/model/table.js";
import { tableOf } from "../tables.js";

/** `issue -> member`, or `issue ?> member` where the reference may be NULL. */
function reference(text: string): ForeignKey {
  const [table = "", arrow, parent = ""] = text.split(" ");
  return {
    name: `${table}_${parent}_fkey`,
    table: `public.${table}`,
    columns: [`${parent}_id`],
    parent: `public.${parent}`,
    parentColumns: ["id"],
    nullable: arrow === "?>",
    deferrable: false,
    matchFull: false,
    onDelete: "a",
    onUpdate: "a",
  };
}

function order(names: string, references: readonly string[]): string {
  const tables = names.split(" ").map((name) => tableOf(name, ["id"]));
  return orderTables(tables, references.map(reference))
    .map(({ name }) => name)
    .join(" ");
}

interface Case {
  readonly name: string;
  readonly tables: string;
  readonly references: readonly string[];
  readonly expect: string;
}

function run(cases: readonly Case[]): void {
  it.each(cases)("$name", ({ tables, references, expect: expected }) => {
    expect(order(tables, references)).toBe(expected);
    // The order does not depend on how the catalog happens to list them.
    const reversed = tables.split(" ").reverse().join(" ");
    expect(order(reversed, [...references].reverse())).toBe(expected);
  });
}

describe("without cycles: parents before children", () => {
  run([
    {
      name: "by label where nothing refers",
      tables: "member account issue",
      references: [],
      expect: "account issue member",
    },
    {
      name: "a chain",
      tables: "account comment issue member",
      references: ["comment -> issue", "issue -> member", "member -> account"],
      expect: "account member issue comment",
    },
    {
      name: "two ways to one parent",
      tables: "account invoice payment refund",
      references: ["account -> payment", "account -> refund", "payment -> invoice", "refund -> invoice"],
      expect: "invoice payment refund account",
    },
    {
      name: "a reference that may be NULL orders as well",
      tables: "device owner",
      references: ["device ?> owner"],
      expect: "owner device",
    },
    {
      name: "a table that refers to itself",
      tables: "folder file",
      references: ["folder -> folder", "file -> folder"],
      expect: "folder file",
    },
    {
      name: "several references between the same two",
      tables: "booking person",
      references: ["booking -> person", "booking ?> person"],
      expect: "person booking",
    },
    {
      name: "a parent that is not compared",
      tables: "device invoice",
      references: ["device -> tenant"],
      expect: "device invoice",
    },
  ]);
});

describe("cycles", () => {
  run([
    {
      name: "the table that waits only for keys that may be NULL goes first",
      tables: "branch employee",
      references: ["employee -> branch", "branch ?> employee"],
      expect: "branch employee",
    },
    {
      name: "whatever its label",
      tables: "branch employee",
      references: ["employee ?> branch", "branch -> employee"],
      expect: "employee branch",
    },
    {
      name: "of three",
      tables: "branch city employee",
      references: ["branch -> city", "city -> employee", "employee ?> branch"],
      expect: "employee city branch",
    },
    {
      name: "by label where no key may be NULL",
      tables: "head neck",
      references: ["head -> neck", "neck -> head"],
      expect: "head neck",
    },
    {
      name: "a child of a cycle waits for all of it, even when its label comes first",
      tables: "address head neck",
      references: ["head -> neck", "neck -> head", "address -> neck"],
      expect: "head neck address",
    },
    {
      name: "a child that may be without a parent waits for the cycle, too",
      tables: "address branch employee",
      references: ["employee -> branch", "branch ?> employee", "address ?> employee"],
      expect: "branch employee address",
    },
    {
      name: "parents of a cycle come before it",
      tables: "branch employee region",
      references: ["employee -> branch", "branch ?> employee", "branch -> region"],
      expect: "region branch employee",
    },
    {
      name: "one cycle after another",
      tables: "branch employee invoice payment",
      references: [
        "branch ?> employee",
        "employee -> branch",
        "invoice ?> payment",
        "payment -> invoice",
        "branch -> invoice",
      ],
      expect: "invoice payment branch employee",
    },
  ]);
});

it("a long chain does not take forever", () => {
  const names = Array.from({ length: 400 }, (_, at) => `t${String(at).padStart(3, "0")}`);
  const references = names.slice(1).map((name, at) => `${names[at]} -> ${name}`);
  expect(order(names.join(" "), references)).toBe([...names].reverse().join(" "));
});
