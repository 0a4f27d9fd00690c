import { describe, expect, it } from "vitest";
import { forecast } from "../../cli/tui/state/forecast.js";
import type { Mode, PlannedSignature } from "../../src/index.js";
import { signatures } from "./sample-incident.js";

type Part = PlannedSignature["parts"][number];
type Case = readonly [
  name: string,
  mode: Mode,
  signature: Partial<PlannedSignature>,
  part: Partial<Part>,
  then: string | undefined,
];

const merged = { outcome: "apply", isIncoming: true } as const;
const kept = { outcome: "kept", isIncoming: false } as const;
const settled = { outcome: "kept", isIncoming: true } as const;
const suspected = { outcome: "conflict", isIncoming: true } as const;

describe("what calls make of rows", () => {
  it.each<Case>([
    ["nothing new is said", "undo", { called: "damage", planned: "damage" }, merged, "apply"],
    ["damage that is taken back stays as it was merged", "undo", { called: "damage" }, merged, "apply"],
    ["a decision for current stays", "undo", { called: "damage" }, settled, "kept"],
    ["what was kept has never been merged", "undo", { called: "damage" }, kept, undefined],
    ["legitimate is left alone", "undo", { called: "legitimate" }, merged, "kept"],
    ["a call withdrawn: rules decide", "undo", { planned: "damage" }, merged, undefined],
    [
      "only columns of an overlaid bulk are meant",
      "undo",
      { called: "damage", kind: "overlaid" },
      merged,
      undefined,
    ],
    [
      "outliers that are legitimate are left whole",
      "undo",
      { called: "legitimate", kind: "outliers" },
      merged,
      "kept",
    ],
    ["a rule before calls decides", "undo", { called: "legitimate" }, { ...merged, isFixed: true }, "apply"],
    [
      "what is excluded stays out",
      "undo",
      { called: "damage" },
      { outcome: "excluded", isIncoming: false },
      "excluded",
    ],
    ["damage is not replayed", "replay", { called: "damage" }, merged, "kept"],
    ["but for people's columns of it", "replay", { called: "damage", kind: "overlaid" }, merged, undefined],
    ["legitimate is replayed whole", "replay", { called: "legitimate", kind: "overlaid" }, merged, undefined],
    [
      "deletes that waited for a word",
      "replay",
      { called: "legitimate", operation: "delete" },
      suspected,
      undefined,
    ],
  ])("%s", (_, mode, signature, part, then) => {
    const base = signatures[0] as PlannedSignature;
    const whole: Part = { ...merged, rows: 3, isFixed: false, ...part };
    const found = forecast([{ ...base, ...signature, parts: [whole] }], mode);
    const moved = Object.entries(found.then).find(([, rows]) => rows > 0);
    expect([moved?.[0], found.toJudge]).toEqual([then, then === undefined ? 3 : 0]);
    expect(found.now[whole.outcome]).toBe(3);
  });
});
