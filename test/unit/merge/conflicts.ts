import { classify } from "../../../src/merge/classify.js";
import type { Answer, Conflict, Strategy } from "../../../src/model/conflict.js";
import type { StrategyEntry } from "../../../src/model/settings.js";
import { type DeviceCells, device, deviceTable, sameByValue } from "../tables.js";

interface Versions {
  readonly base?: DeviceCells;
  readonly current?: DeviceCells;
  readonly incoming?: DeviceCells;
}

/** The conflict that these three versions of a device make; absent means no such row. */
export function conflictOf({ base, current, incoming }: Versions): Conflict {
  const row = (cells: DeviceCells | undefined) => (cells === undefined ? undefined : device(cells));
  const rows = { base: row(base), current: row(current), incoming: row(incoming) };
  const verdict = classify(deviceTable, rows, { sameValue: sameByValue, touchWrite: "restore" });
  if (verdict.kind !== "conflict") throw new Error(`these versions merge: ${verdict.kind}`);
  return verdict.conflict;
}

/** One conflict of each kind. */
export const conflicts = {
  "update/update": conflictOf({
    base: {},
    current: { owner: "bob", label: "torch" },
    incoming: { owner: "eve", label: "lantern", ends_at: null },
  }),
  "update/delete": conflictOf({ base: {}, current: { owner: "bob" } }),
  "delete/update": conflictOf({ base: {}, incoming: { owner: "eve" } }),
  "insert/insert": conflictOf({ current: { owner: "bob" }, incoming: { owner: "eve", label: "torch" } }),
} as const;

/** A strategy that always says this. */
export function says(answer: Answer | undefined, name = "house-rule"): Strategy {
  return { name, summary: "Says what the test told it to.", resolve: () => answer };
}

export function entry(strategy: Strategy, more: Partial<StrategyEntry> = {}): StrategyEntry {
  return { where: "pgmend.yaml:9:5 strategies[0]", match: {}, strategy, options: {}, ...more };
}

export const take = (role: "base" | "current" | "incoming"): Answer => ({
  kind: "take",
  role,
  reason: `take ${role}`,
});
