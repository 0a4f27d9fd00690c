import { readdir } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { builtInStrategies } from "../../../merge-strategies/index.js";
import { illegalAnswer } from "../../../src/merge/legal-answer.js";
import { settle, settledVerdict } from "../../../src/merge/settle.js";
import type { Conflict, Strategy } from "../../../src/model/conflict.js";
import type { Row, Value } from "../../../src/model/value.js";
import { entry } from "../merge/conflicts.js";
import { after } from "../merge/merge-case.js";
import { articleConflicts, articleTable, conflictAmong } from "./article-conflicts.js";

/** What holds for every strategy. One that is added to the list is tested here without another line. */

/** For strategies that take options. */
const options: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  newest: { column: "updated_at" },
};

/** Whose answer is whose, seen from the other side; all others give the same answer from both. */
const mirrors: Readonly<Record<string, string>> = {
  "keep-current": "take-incoming",
  "take-incoming": "keep-current",
};

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

const conflicts = deepFreeze(articleConflicts);
const contextOf = ({ name }: Strategy) => deepFreeze({ table: articleTable, options: options[name] ?? {} });

function mirrored({ rows: { base, current, incoming } }: Conflict): Conflict {
  const conflict = conflictAmong({ base, current: incoming, incoming: current });
  if (conflict === undefined) throw new Error("the mirror of a conflict is one");
  return conflict;
}

/** What current holds once the strategy had its say; "open" where it left the conflict to others. */
function ending(conflict: Conflict, strategy: Strategy): readonly unknown[] | string {
  const settled = settle(articleTable, conflict, [
    entry(strategy, { options: options[strategy.name] ?? {} }),
  ]);
  if (settled.kind !== "settled") return settled.kind;
  return meaning(after(settledVerdict(settled), conflict.rows.current));
}

/** Where one value has two spellings, each side keeps its own: sets and objects are compared by what they hold. */
function meaning(row: Row | undefined): readonly unknown[] | string {
  if (row === undefined) return "no row";
  return row.map((value, at) => {
    const type = articleTable.columns[at]?.type;
    if (articleTable.touch.includes(at) || value === null) return null;
    if (type === "text[]") return value.replace(/[{}]/g, "").split(",").sort();
    return type === "jsonb" || type === "json" ? parsed(value) : value;
  });
}

const parsed = (text: Value): unknown => JSON.parse(text ?? "null");

function named(name: string): Strategy {
  const found = builtInStrategies.find((strategy) => strategy.name === name);
  if (found === undefined) throw new Error(`there is no strategy ${name}`);
  return found;
}

const keys = (of: readonly Conflict[]) => new Set(of.map(({ kind }) => kind));

it("is asked of conflicts of every kind, by the hundred", () => {
  expect(conflicts.length).toBeGreaterThan(500);
  expect(keys(conflicts).size).toBe(4);
});

describe.each(builtInStrategies)("$name", (strategy) => {
  const context = contextOf(strategy);

  it("has a name to type and one line to show", () => {
    expect(strategy.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(strategy.summary).toMatch(/^[A-Z][^\n]{10,110}\.$/);
  });

  it("accepts the options it is used with here, and says what is wrong with none", () => {
    for (const [name, check] of Object.entries(strategy.options ?? {})) {
      expect(check(context.options[name])).toBeUndefined();
      expect([undefined, expect.any(String)]).toContainEqual(check(undefined));
    }
    expect(Object.keys(context.options)).toEqual(Object.keys(strategy.options ?? {}));
  });

  it("answers legally, with a reason on one line, or passes", () => {
    const wrong = conflicts.filter((conflict) => {
      const answer = strategy.resolve(conflict, context);
      if (answer === undefined) return false;
      return illegalAnswer(answer, conflict) !== undefined || !/^\S[^\n]*$/.test(answer.reason);
    });
    expect(wrong).toEqual([]);
  });

  it("has something to say about some of them", () => {
    expect(conflicts.some((conflict) => strategy.resolve(conflict, context) !== undefined)).toBe(true);
  });

  it("gives the same answer to the same conflict, whatever it was asked before", () => {
    const first = conflicts.map((conflict) => strategy.resolve(conflict, context));
    const backwards = [...conflicts]
      .reverse()
      .map((conflict) => strategy.resolve(structuredClone(conflict), context));
    expect(backwards.reverse()).toEqual(first);
  });

  it("leaves what it is asked about as it is", () => {
    // Everything is frozen: whoever writes to it throws.
    for (const conflict of conflicts) expect(() => strategy.resolve(conflict, context)).not.toThrow();
  });

  it("is mirrored when the sides swap", () => {
    const mirror = named(mirrors[strategy.name] ?? strategy.name);
    const wrong = conflicts.filter(
      (conflict) => !isDeepStrictEqual(ending(mirrored(conflict), mirror), ending(conflict, strategy)),
    );
    expect(wrong).toEqual([]);
  });
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
