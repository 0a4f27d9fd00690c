import { describe, expect, it } from "vitest";
import { deviceTable, plain, type Versions, verdictOn } from "./device-case.js";
import { judge } from "./oracle.js";
import type { PlanRequest, Rule } from "./request.js";

const usual = {};
const any: Rule = {
  tables: ["*"],
  operations: undefined,
  columns: undefined,
  where: undefined,
  is: "damage",
};
const rule = (given: Partial<Rule>): Rule => ({ ...any, ...given });

const updated: Versions = { pre: usual, post: { owner: "eve", label: "torch" }, current: usual };

function becomes(versions: Versions, request: Partial<PlanRequest>) {
  const verdict = verdictOn(versions, request);
  return verdict && [verdict.outcome, verdict.end];
}

describe("without a rule", () => {
  const damage = undefined;
  it("undo takes updates and deletes for damage, inserts for people's", () => {
    expect(becomes({ post: usual, current: usual }, { damage })).toEqual(["kept", usual]);
    expect(becomes({ pre: usual }, { damage })).toEqual(["apply", usual]);
    expect(becomes({ ...updated, current: { ...updated.post } }, { damage })).toEqual(["apply", usual]);
  });

  it("undo takes for damage what it is told", () => {
    expect(becomes({ post: usual, current: usual }, { damage: ["insert"] })).toEqual(["apply", undefined]);
    expect(becomes({ pre: usual }, { damage: ["insert"] })).toEqual(["kept", undefined]);
  });

  it("replay takes everything for people's", () => {
    expect(becomes({ post: usual }, { mode: "replay", damage })).toEqual(["apply", usual]);
    expect(becomes({ pre: usual, current: usual }, { mode: "replay" })).toEqual(["apply", undefined]);
    expect(becomes(updated, { mode: "replay" })).toEqual(["apply", updated.post]);
  });

  it("equal rows are not in the delta, wherever current is", () => {
    expect(verdictOn({ pre: usual, post: usual, current: { owner: "bob" } })).toBeUndefined();
  });
});

describe("rules on whole rows", () => {
  const outcome = (mode: "undo" | "replay", is: Rule["is"]) =>
    verdictOn(
      { pre: usual, post: { owner: "eve" }, current: mode === "undo" ? { owner: "eve" } : usual },
      {
        mode,
        rules: [rule({ is })],
      },
    )?.outcome;

  it.each([
    ["damage", "apply", "kept"],
    ["legitimate", "kept", "apply"],
    ["excluded", "excluded", "excluded"],
  ] as const)("%s: undo %s, replay %s", (is, undone, replayed) => {
    expect([outcome("undo", is), outcome("replay", is)]).toEqual([undone, replayed]);
  });

  it("the first match decides", () => {
    const rules = [rule({ operations: ["delete"] }), rule({ is: "excluded" }), rule({ is: "legitimate" })];
    expect(becomes(updated, { mode: "replay", rules })).toEqual(["excluded", usual]);
  });

  it("operations are those of the incident, in undo too", () => {
    const rules = [rule({ operations: ["insert"], is: "excluded" })];
    expect(verdictOn({ post: usual, current: usual }, { rules })?.outcome).toBe("excluded");
    expect(verdictOn({ pre: usual }, { rules })?.outcome).toBe("apply");
  });

  it("other tables are other tables", () => {
    const rules = [rule({ tables: ["billing.*", "public.devices"], is: "excluded" })];
    expect(verdictOn(updated, { mode: "replay", rules })?.outcome).toBe("apply");
  });
});

describe("rules on columns", () => {
  const struck: Versions = { ...updated, current: { owner: "eve", label: "torch" } };
  const on = (is: Rule["is"], ...columns: string[]) => ({ rules: [rule({ is, columns })] });

  it("undo: only damaged cells go back", () => {
    expect(becomes(struck, on("damage", "owner"))).toEqual(["apply", { label: "torch" }]);
  });

  it("undo: people's and excluded cells leave the whole row as it is", () => {
    expect(becomes(struck, on("legitimate", "owner"))).toEqual(["kept", struck.current]);
    expect(becomes(struck, on("excluded", "owner"))).toEqual(["excluded", struck.current]);
  });

  it("replay: all but damaged or excluded cells", () => {
    expect(becomes(updated, { mode: "replay", ...on("damage", "owner") })).toEqual([
      "apply",
      { label: "torch" },
    ]);
    expect(becomes(updated, { mode: "replay", ...on("excluded", "owner") })).toEqual([
      "apply",
      { label: "torch" },
    ]);
    expect(becomes(updated, { mode: "replay", ...on("legitimate", "owner") })).toEqual([
      "apply",
      updated.post,
    ]);
  });

  it("replay: nothing else was changed", () => {
    expect(becomes(updated, { mode: "replay", ...on("damage", "owner", "label") })).toEqual(["kept", usual]);
    expect(becomes(updated, { mode: "replay", ...on("excluded", "owner", "label") })).toEqual([
      "excluded",
      usual,
    ]);
  });

  it("do not match where none of the columns changed, nor inserts and deletes", () => {
    expect(verdictOn(struck, on("excluded", "price"))?.outcome).toBe("apply");
    expect(verdictOn({ pre: usual }, on("excluded", "owner"))?.outcome).toBe("apply");
    expect(verdictOn({ post: usual, current: usual }, on("excluded", "owner"))?.outcome).toBe("apply");
  });

  it("what is masked cannot conflict", () => {
    const contested = { ...struck, current: { owner: "eve", label: "bulb" } };
    expect(verdictOn(contested)?.columns).toEqual(["label"]);
    expect(becomes(contested, on("damage", "owner"))).toEqual(["apply", { label: "bulb" }]);
  });

  it("a deleted row comes back with people's cells", () => {
    const take = { tables: ["*"], columns: undefined, kinds: undefined, use: "take-incoming" } as const;
    const request = { ...on("damage", "owner"), strategies: [take] };
    const { pre, post } = struck;
    expect(becomes({ ...(pre && { pre }), ...(post && { post }) }, request)).toEqual([
      "apply",
      { label: "torch" },
    ]);
  });
});

describe("conditions", () => {
  const where = (condition: NonNullable<Rule["where"]>) => ({
    mode: "replay" as const,
    rules: [rule({ is: "excluded", where: condition })],
  });
  const isNull = { kind: "null", column: "owner", negated: false } as const;

  it("look at the version they name", () => {
    const lost: Versions = { pre: usual, post: { owner: null }, current: usual };
    expect(verdictOn(lost, where({ ...isNull, role: "post" }))?.outcome).toBe("excluded");
    expect(verdictOn(lost, where({ ...isNull, role: "pre" }))?.outcome).toBe("apply");
    expect(verdictOn(lost, where({ ...isNull, role: "pre", negated: true }))?.outcome).toBe("excluded");
  });

  it("a row that is not there is all NULL", () => {
    expect(verdictOn({ post: usual }, where({ ...isNull, role: "pre" }))?.outcome).toBe("excluded");
    const same = { kind: "same", column: "owner", negated: false } as const;
    expect(verdictOn({ post: usual }, where({ ...same, roles: ["pre", "current"] }))?.outcome).toBe(
      "excluded",
    );
    expect(verdictOn({ post: usual }, where({ ...same, roles: ["pre", "post"] }))?.outcome).toBe("apply");
  });

  it("NULL is not greater", () => {
    const greater = { kind: "greater", role: "post", column: "id", than: 5 } as const;
    expect(verdictOn(updated, where(greater))?.outcome).toBe("excluded");
    expect(verdictOn(updated, where({ ...greater, than: 7 }))?.outcome).toBe("apply");
    expect(verdictOn({ pre: usual, current: usual }, where(greater))?.outcome).toBe("apply");
  });

  it("both parts must hold", () => {
    const here = { ...isNull, role: "post", negated: true } as const;
    const greater = { kind: "greater", role: "post", column: "id" } as const;
    const both = (than: number) => where({ kind: "both", conditions: [here, { ...greater, than }] });
    expect(verdictOn(updated, both(5))?.outcome).toBe("excluded");
    expect(verdictOn(updated, both(7))?.outcome).toBe("apply");
  });
});

describe("tables left out", () => {
  it("are not compared and not counted", () => {
    const empty = [{ table: "public.device", columns: ["id"], key: ["id"], rows: new Map() }];
    const filled = [
      {
        ...empty[0],
        table: "public.device",
        columns: ["id"],
        key: ["id"],
        rows: new Map([['["7"]', ["7"]]]),
      },
    ];
    const request = { ...plain, excludeTables: ["public.dev*"] };
    const verdicts = judge(
      { tables: [deviceTable], request },
      { pre: filled, post: empty, current: empty },
      () => false,
    );
    expect(verdicts.tables).toEqual([]);
    expect(verdicts.totals.incoming).toBe(0);
  });
});
