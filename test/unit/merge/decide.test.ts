import { describe, expect, it, test } from "vitest";
import { fingerprintOf } from "../../../src/merge/conflict-id.js";
import { decideConflict, decideWrite } from "../../../src/merge/decide.js";
import { illegalDecision } from "../../../src/merge/legal-decision.js";
import type { Change, PlannedConflict } from "../../../src/model/change.js";
import type { Decision } from "../../../src/model/decision.js";
import type { Row } from "../../../src/model/value.js";
import { decided } from "../store/sample-decision.js";
import { at, device, deviceTable as table } from "../tables.js";

const owner = at(table, "owner");
const label = at(table, "label");
const key = ["7"];

const conflict = (kind: string, more: Partial<PlannedConflict> = {}): PlannedConflict => ({
  ...{ id: "c1", kind, columns: [], cause: undefined, resolution: undefined, reason: undefined },
  ...more,
});
const decision = (resolution: Decision["resolution"], values?: Decision["values"]): Decision =>
  decided(7, { resolution, values, reason: "asked" });

const update = (before: Row, cells: Parameters<typeof device>[0], columns: readonly number[]): Change => {
  const after = [...before];
  for (const [name, value] of Object.entries(cells ?? {})) after[at(table, name)] = value ?? null;
  return { kind: "update", before, after, columns };
};

describe("a conflict of the merge", () => {
  const [base, current, incoming] = [
    device(),
    device({ owner: "bob" }),
    device({ owner: "eve", label: "lava" }),
  ];
  const both = { base, current, incoming };
  const cells = conflict("update/update", { columns: [owner], clean: [label] });

  test.each<[Decision["resolution"], Decision["values"], Change]>([
    ["current", undefined, update(current, { label: "lava" }, [label])],
    ["incoming", undefined, update(current, { label: "lava", owner: "eve" }, [label, owner])],
    ["base", undefined, update(current, { label: "lava", owner: "ada" }, [label, owner])],
    ["value", { owner: null }, update(current, { label: "lava", owner: null }, [label, owner])],
    ["value", { owner: "bob" }, update(current, { label: "lava" }, [label])],
  ])("update/update: %s %o", (resolution, values, change) => {
    const judged = decideConflict({ table, key, rows: both }, cells, decision(resolution, values));
    expect(judged).toEqual({
      ...{ outcome: "apply", change, decided: true, reason: undefined },
      conflict: { ...cells, resolution, reason: "asked" },
    });
  });

  it("is kept with its reason where nothing is left to be written", () => {
    const rows = { base, current, incoming: device({ owner: "eve" }) };
    const planned = conflict("update/update", { columns: [owner] });
    expect(decideConflict({ table, key, rows }, planned, decision("current"))).toMatchObject({
      ...{ outcome: "kept", change: undefined, decided: true, reason: "decided by ann: asked" },
    });
  });

  it("mirrored, takes the other side", () => {
    const planned = conflict("update/update", { columns: [owner] });
    const sides = { base, current, incoming: device({ owner: "eve" }) };
    const mirrored = { base, current: sides.incoming, incoming: current };
    const taken = decideConflict({ table, key, rows: sides }, planned, decision("incoming"));
    const kept = decideConflict({ table, key, rows: mirrored }, planned, decision("current"));
    expect(taken.change?.kind === "update" && taken.change.after).toEqual(sides.incoming);
    expect(kept.change).toBeUndefined();
  });

  test.each<[string, Decision, Change | undefined]>([
    ["delete/update", decision("current"), undefined],
    // Of incoming only the label was let through by the rules.
    ["delete/update", decision("incoming"), { kind: "insert", after: device({ label: "lava" }) }],
    ["delete/update", decision("base"), { kind: "insert", after: base }],
    [
      "delete/update",
      decision("value", { owner: "x" }),
      { kind: "insert", after: device({ label: "lava", owner: "x" }) },
    ],
  ])("%s: %o", (kind, taken, change) => {
    const rows = { base, current: undefined, incoming };
    expect(decideConflict({ table, key, rows }, conflict(kind, { clean: [label] }), taken).change).toEqual(
      change,
    );
  });

  test.each<[string, Decision, Change | undefined]>([
    ["update/delete", decision("current"), undefined],
    ["update/delete", decision("incoming"), { kind: "delete", before: current }],
    ["update/delete", decision("base"), update(current, { owner: "ada" }, [owner])],
    ["update/delete", decision("value", { label: "x" }), update(current, { label: "x" }, [label])],
  ])("%s: %o", (kind, taken, change) => {
    const rows = { base, current, incoming: undefined };
    expect(decideConflict({ table, key, rows }, conflict(kind), taken).change).toEqual(change);
  });

  test.each<[string, Decision, Change | undefined]>([
    ["insert/insert", decision("current"), undefined],
    ["insert/insert", decision("incoming"), update(current, { owner: "eve", label: "lava" }, [label, owner])],
    ["insert/insert", decision("base"), { kind: "delete", before: current }],
    ["insert/insert", decision("value", { owner: "x" }), update(current, { owner: "x" }, [owner])],
  ])("%s: %o", (kind, taken, change) => {
    const rows = { base: undefined, current, incoming };
    const planned = conflict(kind, { columns: [label, owner] });
    expect(decideConflict({ table, key, rows }, planned, taken).change).toEqual(change);
  });

  it("behind a suspicion there may be another one", () => {
    const rows = { base, current, incoming: undefined };
    const judged = decideConflict({ table, key, rows }, conflict("suspected-damage"), decision("incoming"));
    expect(judged).toMatchObject({
      outcome: "conflict",
      change: undefined,
      conflict: { kind: "update/delete" },
    });
  });
});

describe("a write that a constraint does not allow", () => {
  const current = device({ owner: "bob" });
  const row = (base: Row | undefined, now: Row | undefined) => ({
    ...{ table, key },
    rows: { base, current: now, incoming: device() },
  });
  const insert: Change = { kind: "insert", after: device() };
  const written = update(current, { owner: "eve" }, [owner]);

  test.each<[string, ReturnType<typeof row>, Change, Decision, Change | undefined]>([
    [
      "an insert, with values",
      row(undefined, undefined),
      insert,
      decision("value", { owner: null }),
      { kind: "insert", after: device({ owner: null }) },
    ],
    ["an insert, base", row(undefined, undefined), insert, decision("base"), undefined],
    // Under the key of a row that takes another one, current has something else: that is not to be touched.
    ["an insert under a new key, base", row(undefined, current), insert, decision("base"), undefined],
    [
      "an update, with values",
      row(device(), current),
      written,
      decision("value", { label: "x" }),
      update(current, { owner: "eve", label: "x" }, [label, owner]),
    ],
    [
      "an update, with what current has",
      row(device(), current),
      written,
      decision("value", { owner: "bob" }),
      undefined,
    ],
    [
      "an update, base",
      row(device(), current),
      written,
      decision("base"),
      update(current, { owner: "ada" }, [owner]),
    ],
    [
      "a delete, with values",
      row(current, current),
      { kind: "delete", before: current },
      decision("value", { label: "x" }),
      update(current, { label: "x" }, [label]),
    ],
    [
      "a delete, base",
      row(current, current),
      { kind: "delete", before: current },
      decision("base"),
      undefined,
    ],
  ])("%s", (_, of, change, taken, expected) => {
    expect(decideWrite(of, change, taken)).toEqual(expected);
  });

  it("is left to the check for current and incoming", () => {
    for (const side of ["current", "incoming"] as const)
      expect(decideWrite(row(device(), current), written, decision(side))).toBe(written);
  });
});

describe("what cannot be decided", () => {
  const generated = { ...table, generated: [{ name: "size", expression: "1" }] };
  test.each([
    [
      conflict("update/update", { columns: [owner] }),
      { label: "x" },
      "label is not in conflict there; in conflict are owner",
    ],
    [
      conflict("update/delete"),
      { id: "8" },
      "id is part of the key of public.device: with another it is another row",
    ],
    [conflict("check"), { size: "1" }, "size of public.device is generated, and cannot be written"],
    [conflict("check"), {}, "no value is given"],
    [conflict("check"), { label: null }, undefined],
  ])("%o with %o", (planned, values, wrong) => {
    expect(illegalDecision(generated, planned, { resolution: "value", values })).toBe(wrong);
  });

  it("is a side with values", () => {
    const taken = { resolution: "base", values: { owner: "x" } } as const;
    expect(illegalDecision(table, conflict("check"), taken)).toContain("the resolution is base");
  });
});

describe("the fingerprint of a row", () => {
  const rows = { base: device(), current: device({ owner: "bob" }), incoming: undefined };
  const print = fingerprintOf(table, rows);

  it("is another for other values, sides, names, and for no row at all", () => {
    const others = [
      fingerprintOf(table, { ...rows, current: device({ owner: "bo" }) }),
      fingerprintOf(table, { ...rows, incoming: device() }),
      fingerprintOf(table, { ...rows, base: rows.current, current: rows.base }),
      fingerprintOf(table, { ...rows, base: undefined }),
      fingerprintOf(
        { ...table, columns: table.columns.map((one) => ({ ...one, name: `${one.name}s` })) },
        rows,
      ),
      fingerprintOf(table, { ...rows, current: table.columns.map(() => null) }),
      fingerprintOf(table, { ...rows, current: undefined }),
    ];
    expect(new Set([print, ...others]).size).toBe(8);
  });

  it("is the same after a touch", () => {
    expect(fingerprintOf(table, { ...rows, current: device({ owner: "bob", updated_at: "later" }) })).toBe(
      print,
    );
  });
});
