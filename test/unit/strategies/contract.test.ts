import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { builtInStrategies } from "../../../merge-strategies/index.js";
import { classify } from "../../../src/merge/classify.js";
import { illegalAnswer } from "../../../src/merge/legal-answer.js";
import { settle, settledVerdict } from "../../../src/merge/settle.js";
import type { Conflict, Strategy } from "../../../src/model/conflict.js";
import type { Row } from "../../../src/model/value.js";
import { conflicts, entry } from "../merge/conflicts.js";
import { after } from "../merge/merge-case.js";
import { deviceTable, sameByValue } from "../tables.js";

/** What holds for every strategy. One that is added is tested here without another line. */

/** For strategies that are nothing without options. */
const options: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {};

/** Whose answer is whose, seen from the other side; a strategy that is not named mirrors itself or nobody. */
const mirrors: Readonly<Record<string, string>> = {
  "keep-current": "take-incoming",
  "take-incoming": "keep-current",
  manual: "manual",
};

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

function mirrored({ rows: { base, current, incoming } }: Conflict): Conflict {
  const swapped = { base, current: incoming, incoming: current };
  const verdict = classify(deviceTable, swapped, { sameValue: sameByValue, touchWrite: "restore" });
  if (verdict.kind !== "conflict") throw new Error(`the mirror of a conflict is ${verdict.kind}`);
  return verdict.conflict;
}

/** The row that current holds once the strategy had its say; "open" where it left the conflict to others. */
function ending(conflict: Conflict, strategy: Strategy): Row | "no row" | "open" {
  const settled = settle(deviceTable, conflict, [entry(strategy, { options: options[strategy.name] ?? {} })]);
  return settled.kind === "open"
    ? "open"
    : (after(settledVerdict(settled), conflict.rows.current) ?? "no row");
}

function named(name: string): Strategy {
  const found = builtInStrategies.find((strategy) => strategy.name === name);
  if (found === undefined) throw new Error(`there is no strategy ${name}`);
  return found;
}

describe.each(builtInStrategies)("$name", (strategy) => {
  const context = deepFreeze({ table: deviceTable, options: options[strategy.name] ?? {} });

  it("has a name to type and one line to show", () => {
    expect(strategy.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(strategy.summary).toMatch(/^[A-Z][^\n]{10,110}\.$/);
  });

  it.each(Object.values(conflicts))("answers $kind legally, with a reason, or passes", (conflict) => {
    const answer = strategy.resolve(conflict, context);
    if (answer === undefined) return;
    expect(illegalAnswer(answer, conflict)).toBeUndefined();
    expect(answer.reason).toMatch(/\S/);
  });

  it.each(Object.values(conflicts))("gives the same answer to the same $kind", (conflict) => {
    const again = structuredClone(conflict);
    expect(strategy.resolve(again, context)).toEqual(strategy.resolve(conflict, context));
    expect(strategy.resolve(conflict, context)).toEqual(strategy.resolve(conflict, context));
  });

  it.each(Object.values(conflicts))("does not touch what it is asked about ($kind)", (conflict) => {
    const frozen = deepFreeze(structuredClone(conflict));
    expect(() => strategy.resolve(frozen, context)).not.toThrow();
    expect(frozen).toEqual(conflict);
  });

  const mirror = mirrors[strategy.name];
  it.skipIf(mirror === undefined).each(Object.values(conflicts))(
    "is mirrored when the sides swap ($kind)",
    (conflict) => {
      expect(ending(mirrored(conflict), named(mirror ?? ""))).toEqual(ending(conflict, strategy));
    },
  );
});

it("no two strategies have one name", () => {
  const names = builtInStrategies.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

it("each has a file of its own, named like it, and no file is forgotten", async () => {
  const files = await readdir(new URL("../../../merge-strategies/", import.meta.url));
  const names = builtInStrategies.map(({ name }) => `${name}.ts`);
  expect(files.filter((file) => file.endsWith(".ts") && file !== "index.ts").sort()).toEqual(
    [...names].sort(),
  );
});
