import { describe, expect, it } from "vitest";
import { takeIncoming } from "../../../merge-strategies/take-incoming.js";
import { settle } from "../../../src/merge/settle.js";
import type { Answer, RowConflictKind, Strategy } from "../../../src/model/conflict.js";
import { StrategyError } from "../../../src/model/errors.js";
import { at, deviceTable } from "../tables.js";
import { conflicts, entry, says } from "./conflicts.js";

const owner = at(deviceTable, "owner");
const kinds = Object.keys(conflicts) as RowConflictKind[];

/** A stranger's JavaScript answers what it likes; types do not hold it back. */
const answers = (answer: unknown) => says(answer as Answer, "ours");
const cells = (values: unknown) => ({ kind: "cells", values, reason: "merged" });

describe.each(kinds)("%s", (kind) => {
  it.each<[string, unknown]>([
    ["nothing that is an answer", "incoming"],
    ["null", null],
    ["a promise", Promise.resolve({ kind: "take", role: "incoming", reason: "later" })],
    ["an unknown kind", { kind: "delete", reason: "tidy" }],
    ["a role that is none", { kind: "take", role: "pre", reason: "pre is right" }],
    ["no role", { kind: "take", reason: "somebody is right" }],
    ["no reason", { kind: "take", role: "incoming" }],
    ["a role that every object has", { kind: "take", role: "constructor", reason: "clever" }],
    ["no values", cells(undefined)],
    ["values that are no Map", cells({ [owner]: "eve" })],
    ["no value at all", cells(new Map())],
    ["a cell that is not in conflict", cells(new Map([[0, "8"]]))],
    ["a column that is not there", cells(new Map([[99, "eve"]]))],
    ["a number for a value", cells(new Map([[owner, 5]]))],
    ["undefined for a value", cells(new Map([[owner, undefined]]))],
  ])("blames a strategy that answers %s, and asks the next", (_, answer) => {
    const chain = [entry(answers(answer)), entry(takeIncoming)];
    const settled = settle(deviceTable, conflicts[kind], chain);
    expect(settled).toMatchObject({ kind: "settled", resolution: "incoming" });
    expect(settled.blame).toHaveLength(1);
    expect(settled.blame[0]).toBeInstanceOf(StrategyError);
    expect(settled.blame[0]?.message).toMatch(
      /^strategy "ours" \(pgmend\.yaml:9:5 strategies\[0\]\) answered what it may not on public\.device: ./,
    );
  });

  it("blames a strategy that throws, with the cause, and leaves the row open", () => {
    const cause = new TypeError("cannot read the price");
    const broken: Strategy = {
      ...says(undefined, "ours"),
      resolve: () => {
        throw cause;
      },
    };
    const settled = settle(deviceTable, conflicts[kind], [entry(broken)]);
    expect(settled.kind).toBe("open");
    expect(settled.blame.map(({ message }) => message)).toEqual([
      'strategy "ours" (pgmend.yaml:9:5 strategies[0]) failed on public.device: cannot read the price',
    ]);
    expect(settled.blame[0]?.cause).toBe(cause);
  });

  it("survives a strategy that throws what is no error", () => {
    const broken: Strategy = {
      ...says(undefined, "ours"),
      resolve: () => {
        throw "no idea";
      },
    };
    const settled = settle(deviceTable, conflicts[kind], [entry(broken), entry(takeIncoming)]);
    expect(settled.kind).toBe("settled");
    expect(settled.blame.map(({ message }) => message)).toEqual([expect.stringMatching(/no idea$/)]);
  });
});

it.each(["update/delete", "delete/update"] as const)("cells never settle %s", (kind) => {
  const settled = settle(deviceTable, conflicts[kind], [entry(answers(cells(new Map([[owner, "eve"]]))))]);
  expect(settled.kind).toBe("open");
  expect(settled.blame[0]?.message).toMatch(/cells do not settle .*the row as a whole/);
});

it("some of the cells do not settle insert/insert", () => {
  const some = answers(cells(new Map([[owner, "eve"]])));
  const settled = settle(deviceTable, conflicts["insert/insert"], [entry(some)]);
  expect(settled.kind).toBe("open");
  expect(settled.blame).toHaveLength(1);
});

it("an answer that is partly illegal is refused whole", () => {
  const values = new Map([
    [owner, "eve"],
    [0, "8"],
  ]);
  const settled = settle(deviceTable, conflicts["update/update"], [entry(answers(cells(values)))]);
  expect(settled).toMatchObject({ kind: "open", blame: [{ code: "strategy" }] });
});

it("each misbehaving strategy of the chain is named", () => {
  const chain = [entry(answers(null)), entry(says("?" as never, "theirs"))];
  const { blame } = settle(deviceTable, conflicts["update/update"], chain);
  expect(blame.map(({ message }) => message.split(" ")[1])).toEqual(['"ours"', '"theirs"']);
});
