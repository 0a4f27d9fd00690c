import { describe, expect, it } from "vitest";
import { type MergeVersions, mergeBothWays, type Told } from "./device-case.js";
import type { PlanRequest, StrategyEntry } from "./request.js";

const usual = {};
const everywhere = { tables: ["*"], columns: undefined, kinds: undefined };
const take: StrategyEntry = { ...everywhere, use: "take-incoming" };
const keep: StrategyEntry = { ...everywhere, use: "keep-current" };
const manual: StrategyEntry = { ...everywhere, use: "manual" };

const fight: MergeVersions = {
  base: usual,
  current: { owner: "bob", label: "bulb" },
  incoming: { owner: "eve", label: "torch", price: "2" },
};

/** Undo and replay agree on all of this, so one answer is enough. */
function settled(
  versions: MergeVersions,
  strategies: readonly StrategyEntry[],
  request: Partial<PlanRequest> = {},
) {
  const [undone, replayed] = mergeBothWays(versions, { ...request, strategies });
  expect(undone).toEqual(replayed);
  return undone;
}

const decided = (outcome: Told["outcome"], end: Told["end"]) =>
  expect.objectContaining({ decided: true, outcome, end });
const open = (end: Told["end"]) => expect.objectContaining({ decided: false, outcome: "conflict", end });

describe("update/update", () => {
  it("take-incoming: contested cells and clean ones are written", () => {
    expect(settled(fight, [take])).toEqual(decided("apply", fight.incoming));
  });

  it("keep-current: the clean cells are still written", () => {
    expect(settled(fight, [keep])).toEqual(decided("apply", { ...fight.current, price: "2" }));
  });

  it("keep-current, and nothing clean to write", () => {
    expect(settled({ ...fight, incoming: { owner: "eve" } }, [keep])).toEqual(decided("kept", fight.current));
  });

  it("each cell has its own first answer", () => {
    const strategies = [{ ...keep, columns: ["label"] }, take];
    expect(settled(fight, strategies)).toEqual(decided("apply", { owner: "eve", label: "bulb", price: "2" }));
  });

  it("a row is settled only if all of its cells are", () => {
    expect(settled(fight, [{ ...take, columns: ["owner"] }])).toEqual(open(fight.current));
    const cell = { granularity: "cell" } as const;
    expect(settled(fight, [{ ...take, columns: ["owner"] }], cell)).toEqual(
      open({ ...fight.current, price: "2" }),
    );
  });

  it("manual ends the chain, for its cells", () => {
    expect(settled(fight, [manual, take])).toEqual(open(fight.current));
    expect(settled(fight, [{ ...manual, columns: ["owner"] }, take])).toEqual(open(fight.current));
    expect(settled(fight, [{ ...manual, columns: ["price"] }, take])).toEqual(
      decided("apply", fight.incoming),
    );
  });

  it("a group goes to one side", () => {
    const groups = new Map([["public.device", [["starts_at", "ends_at"]]]]);
    const versions = { base: usual, current: { starts_at: "day 0" }, incoming: { ends_at: "day 9" } };
    expect(settled(versions, [take], { groups })).toEqual(decided("apply", { ends_at: "day 9" }));
    expect(settled(versions, [keep], { groups })).toEqual(decided("kept", { starts_at: "day 0" }));
  });

  it("touch columns stay current's, whoever wins", () => {
    const versions = {
      base: usual,
      current: { owner: "bob", updated_at: "dusk" },
      incoming: { owner: "eve", updated_at: "dawn" },
    };
    expect(settled(versions, [take])).toEqual(decided("apply", { owner: "eve", updated_at: "dusk" }));
  });
});

describe("whole rows", () => {
  const { current = usual, incoming = usual } = fight;

  it("update/delete", () => {
    expect(settled({ base: usual, current }, [take])).toEqual(decided("apply", undefined));
    expect(settled({ base: usual, current }, [keep])).toEqual(decided("kept", current));
  });

  it("delete/update: the full incoming row comes back", () => {
    const touched = { ...incoming, updated_at: "dawn" };
    expect(settled({ base: usual, incoming: touched }, [take])).toEqual(decided("apply", touched));
    expect(settled({ base: usual, incoming: touched }, [take], { touch: { write: "keep" } })).toEqual(
      decided("apply", touched),
    );
    expect(settled({ base: usual, incoming }, [keep])).toEqual(decided("kept", undefined));
  });

  it("insert/insert: the row becomes the incoming one, but for spelling and touch columns", () => {
    const versions = {
      current: { owner: "bob", price: "1.00", updated_at: "dusk" },
      incoming: { owner: "eve", price: "1", updated_at: "dawn" },
    };
    expect(settled(versions, [take])).toEqual(decided("apply", { ...versions.current, owner: "eve" }));
    expect(settled(versions, [keep])).toEqual(decided("kept", versions.current));
  });

  it("entries for columns do not speak of them", () => {
    const some = { ...take, columns: ["owner", "label", "price"] };
    expect(settled({ base: usual, current }, [some])).toEqual(open(current));
    expect(settled({ base: usual, incoming }, [some])).toEqual(open(undefined));
    expect(settled({ current, incoming }, [some, keep])).toEqual(decided("kept", current));
  });
});

describe("which entry speaks", () => {
  it("only those of the table and the kind", () => {
    const kinds = ["update/delete", "insert/insert"] as const;
    expect(settled(fight, [{ ...take, kinds }])).toEqual(open(fight.current));
    expect(settled(fight, [{ ...take, kinds }, keep])?.decided).toBe(true);
    expect(settled(fight, [{ ...take, tables: ["public.invoice"] }])).toEqual(open(fight.current));
    expect(settled(fight, [{ ...take, tables: ["device"], kinds: ["update/update"] }])?.decided).toBe(true);
  });
});
