import { describe, expect, it } from "vitest";
import {
  changedColumns,
  maskRow,
  mayMatch,
  type Ruling,
  rule,
  rulesFor,
} from "../../../src/merge/rules/rules.js";
import type { Difference } from "../../../src/model/change.js";
import type { Rule, RuleMatch } from "../../../src/model/settings.js";
import { type Mode, type Operation, operations } from "../../../src/model/value.js";
import { at, device, deviceTable } from "../tables.js";

const owner = at(deviceTable, "owner");
const label = at(deviceTable, "label");

const updated: Difference = {
  key: ["7"],
  operation: "update",
  pre: device(),
  post: device({ owner: null, label: "torch" }),
  transaction: "812231",
};
const inserted: Difference = { ...updated, operation: "insert", pre: undefined };
const deleted: Difference = { ...updated, operation: "delete", post: undefined, transaction: undefined };
const differences: Readonly<Record<Operation, Difference>> = {
  insert: inserted,
  update: updated,
  delete: deleted,
};

function ruleOf(is: Rule["is"], match: RuleMatch = {}): Rule {
  return { where: "pgmend.yaml:4:5 rules[0]", match, is };
}

interface Asked {
  readonly mode?: Mode;
  readonly damage?: readonly Operation[];
  readonly holds?: boolean;
}

function ruled(difference: Difference, rules: readonly Rule[], asked: Asked = {}): Ruling {
  const { mode = "undo", damage = ["update", "delete"], holds = false } = asked;
  return rule(difference, rulesFor(deviceTable, rules), () => holds, { mode, damage });
}

const whole = { kind: "incoming", columns: [label, owner], rule: undefined };

describe("where no rule matches", () => {
  it.each<[Mode, readonly Operation[], Operation, Ruling["kind"]]>([
    ["undo", ["update", "delete"], "insert", "kept"],
    ["undo", ["update", "delete"], "update", "incoming"],
    ["undo", ["update", "delete"], "delete", "incoming"],
    ["undo", ["insert"], "insert", "incoming"],
    ["undo", ["insert"], "update", "kept"],
    ["undo", [], "delete", "kept"],
    ["replay", ["update", "delete"], "insert", "incoming"],
    ["replay", [], "update", "incoming"],
    ["replay", [], "delete", "incoming"],
  ])("%s with damage %j: an incident's %s is %s", (mode, damage, operation, expected) => {
    expect(ruled(differences[operation], [], { mode, damage }).kind).toBe(expected);
  });

  it.each(operations)("says why the %s is kept, in proper words", (operation) => {
    expect(ruled(differences[operation], [], { damage: [] })).toEqual({
      kind: "kept",
      reason: `${operation}s of the window are people's work by default`,
    });
  });
});

describe("the first rule that matches decides", () => {
  it.each<[Mode, Rule["is"], Ruling]>([
    ["undo", "damage", { kind: "incoming", columns: [label, owner], rule: 1 }],
    ["undo", "legitimate", { kind: "kept", reason: "rule 1 says legitimate", rule: 1 }],
    ["undo", "excluded", { kind: "excluded", reason: "rule 1 says excluded", rule: 1 }],
    ["replay", "damage", { kind: "kept", reason: "rule 1 says damage", rule: 1 }],
    ["replay", "legitimate", { kind: "incoming", columns: [label, owner], rule: 1 }],
    ["replay", "excluded", { kind: "excluded", reason: "rule 1 says excluded", rule: 1 }],
  ])("%s, %s", (mode, is, expected) => {
    expect(ruled(updated, [ruleOf(is), ruleOf("damage"), ruleOf("legitimate")], { mode })).toEqual(expected);
  });

  it("rules are counted as they stand in the config, whatever the table", () => {
    const elsewhere = ruleOf("damage", { tables: ["billing.*"] });
    const rules = [elsewhere, elsewhere, ruleOf("excluded", { tables: ["device"] })];
    expect(rulesFor(deviceTable, rules).map(({ number }) => number)).toEqual([3]);
    expect(ruled(updated, rules)).toEqual({ kind: "excluded", reason: "rule 3 says excluded", rule: 3 });
  });

  it.each<[string, RuleMatch, Difference, boolean]>([
    ["everything where nothing is asked", {}, inserted, true],
    ["an operation", { operations: ["delete", "insert"] }, inserted, true],
    ["another operation", { operations: ["delete"] }, inserted, false],
    ["a transaction", { transactions: ["9", "812231"] }, updated, true],
    ["another transaction", { transactions: ["9"] }, updated, false],
    ["a transaction, where a deleted row has none", { transactions: ["812231"] }, deleted, false],
    ["a changed column", { columns: ["owner"] }, updated, true],
    ["a glob over changed columns", { columns: ["o*"] }, updated, true],
    ["an unchanged column", { columns: ["price"] }, updated, false],
    ["a column the table has not", { columns: ["volume"] }, updated, false],
    ["columns of an inserted row", { columns: ["owner"] }, inserted, false],
    ["columns of a deleted row", { columns: ["owner"] }, deleted, false],
    ["all of them", { operations: ["update"], columns: ["label"], transactions: ["812231"] }, updated, true],
    [
      "all of them but one",
      { operations: ["update"], columns: ["label"], transactions: ["9"] },
      updated,
      false,
    ],
  ])("it may match %s", (_, match, difference, expected) => {
    const found = rulesFor(deviceTable, [ruleOf("excluded", match)]);
    expect(found.some((one) => mayMatch(one, difference, changedColumns(difference)))).toBe(expected);
    expect(ruled(difference, [ruleOf("excluded", match)]).kind === "excluded").toBe(expected);
  });

  it("a where decides whether it matches; the next rule is asked where it does not hold", () => {
    const rules = [ruleOf("excluded", { where: "post.owner IS NULL" }), ruleOf("legitimate")];
    expect(ruled(updated, rules, { holds: true }).kind).toBe("excluded");
    expect(ruled(updated, rules, { holds: false }).kind).toBe("kept");
  });

  it("a where is not asked of rows that the rule cannot match otherwise", () => {
    const asked: number[] = [];
    const rules = rulesFor(deviceTable, [
      ruleOf("excluded", { where: "true", operations: ["delete"] }),
      ruleOf("excluded", { where: "true" }),
    ]);
    const holds = ({ number }: { number: number }) => asked.push(number) > 0;
    rule(updated, rules, holds, { mode: "undo", damage: [] });
    expect(asked).toEqual([2]);
  });
});

describe("a mask of columns", () => {
  const mask = { columns: ["owner"] };

  it.each<[Mode, Rule["is"], Ruling]>([
    ["undo", "damage", { kind: "incoming", columns: [owner], rule: 1 }],
    ["undo", "legitimate", { kind: "kept", reason: "rule 1 says legitimate", rule: 1 }],
    ["undo", "excluded", { kind: "excluded", reason: "rule 1 says excluded", rule: 1 }],
    ["replay", "damage", { kind: "incoming", columns: [label], rule: 1 }],
    ["replay", "legitimate", { kind: "incoming", columns: [label, owner], rule: 1 }],
    ["replay", "excluded", { kind: "incoming", columns: [label], rule: 1 }],
  ])("%s, %s: what is left of the row is people's work", (mode, is, expected) => {
    expect(ruled(updated, [ruleOf(is, mask)], { mode })).toEqual(expected);
  });

  it.each<[Rule["is"], Ruling]>([
    ["damage", { kind: "kept", reason: "rule 1 says damage", rule: 1 }],
    ["excluded", { kind: "excluded", reason: "rule 1 says excluded", rule: 1 }],
  ])("replay, %s: nothing is left of the row", (is, expected) => {
    expect(ruled(updated, [ruleOf(is, { columns: ["owner", "label"] })], { mode: "replay" })).toEqual(
      expected,
    );
  });

  it("of columns that did not change lets the next rule decide", () => {
    const rules = [ruleOf("excluded", { columns: ["price"] }), ruleOf("damage")];
    expect(ruled(updated, rules)).toEqual({ ...whole, rule: 2 });
  });

  it("makes the masked columns of a row count as not touched", () => {
    expect(maskRow(device(), device({ owner: null, label: "torch" }), [owner])).toEqual(
      device({ owner: null }),
    );
    expect(maskRow(device(), device({ owner: null }), [])).toEqual(device());
  });
});

describe("a rule for signatures", () => {
  const signature = {
    ...({
      kind: "overlaid",
      table: 0,
      operation: "update",
      rows: 9,
      beside: [],
      keys: [],
      masks: true,
    } as const),
    ...{ id: "S3", columns: [{ column: "owner", position: owner, transition: "to-null" }] as const },
  };
  const signed = { ...updated, signature: 3 };
  const ask = (difference: Difference, ids: readonly string[], masks = true) => {
    const rules = rulesFor(deviceTable, [ruleOf("damage", { signatures: ids })], [{ ...signature, masks }]);
    return rule(difference, rules, () => false, { mode: "undo", damage: [] });
  };

  it("matches rows of them and no others", () => {
    expect(ask(signed, ["S1", "S3"]).kind).toBe("incoming");
    expect(ask(signed, ["S1", "S33"]).kind).toBe("kept");
    expect(ask(updated, ["S3"]).kind).toBe("kept");
  });

  it("means the columns that the signature means", () => {
    expect(ask(signed, ["S3"])).toMatchObject({ columns: [owner] });
    expect(ask(signed, ["S3"], false)).toMatchObject({ columns: [label, owner] });
  });
});

it("columns have changed where both rows print differently", () => {
  expect(changedColumns(updated)).toEqual([label, owner]);
  expect(changedColumns({ ...updated, post: device({ price: "1.00" }) })).toEqual([at(deviceTable, "price")]);
  expect(changedColumns(inserted)).toEqual([]);
  expect(changedColumns(deleted)).toEqual([]);
});
