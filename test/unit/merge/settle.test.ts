import { describe, expect, it } from "vitest";
import { keepCurrent } from "../../../merge-strategies/keep-current.js";
import { manual } from "../../../merge-strategies/manual.js";
import { takeIncoming } from "../../../merge-strategies/take-incoming.js";
import { settle, settledVerdict, strategiesFor } from "../../../src/merge/settle.js";
import type { Strategy } from "../../../src/model/conflict.js";
import { at, device, deviceTable } from "../tables.js";
import { conflictOf, conflicts, entry, says, take } from "./conflicts.js";

const owner = at(deviceTable, "owner");
const label = at(deviceTable, "label");
const endsAt = at(deviceTable, "ends_at");
const cells = conflicts["update/update"];
const settleCells = (...entries: Parameters<typeof settle>[2]) => settle(deviceTable, cells, entries);

describe("the chain", () => {
  it("leaves a conflict open that nobody decides", () => {
    expect(settleCells()).toEqual({ kind: "open", blame: [] });
    expect(settleCells(entry(says(undefined)))).toEqual({ kind: "open", blame: [] });
  });

  it("takes the first answer", () => {
    const settled = settleCells(entry(says(undefined)), entry(keepCurrent), entry(takeIncoming));
    expect(settled).toMatchObject({ kind: "settled", resolution: "current", reason: "keep-current" });
  });

  it("ends where a strategy leaves the conflict open, whatever comes later", () => {
    expect(settleCells(entry(manual), entry(takeIncoming))).toEqual({ kind: "open", blame: [] });
    expect(settle(deviceTable, conflicts["update/delete"], [entry(manual), entry(takeIncoming)])).toEqual({
      kind: "open",
      blame: [],
    });
  });

  it("asks only entries for the kind of the conflict", () => {
    const forInserts = entry(takeIncoming, { match: { kinds: ["insert/insert"] } });
    expect(settleCells(forInserts).kind).toBe("open");
    expect(settle(deviceTable, conflicts["update/delete"], [forInserts]).kind).toBe("open");
    expect(settle(deviceTable, conflicts["insert/insert"], [forInserts]).kind).toBe("settled");
  });

  it("asks only entries for the table", () => {
    const [here, everywhere, there] = [
      entry(manual, { match: { tables: ["device"] } }),
      entry(manual),
      entry(manual, { match: { tables: ["public.invoice", "billing.*"] } }),
    ];
    expect(strategiesFor(deviceTable, [here, everywhere, there])).toEqual([here, everywhere]);
  });

  it("hands a strategy its table and its options", () => {
    const asked: unknown[] = [];
    const curious: Strategy = {
      ...says(undefined),
      resolve: (_, context) => {
        asked.push(context);
        return undefined;
      },
    };
    settleCells(entry(curious, { options: { column: "updated_at" } }));
    expect(asked).toEqual([{ table: deviceTable, options: { column: "updated_at" } }]);
  });
});

describe("cell by cell", () => {
  const forOwner = { match: { columns: ["owner"] } };

  it("each cell may have its own entry; the clean cells come along", () => {
    const settled = settleCells(entry(takeIncoming, forOwner), entry(keepCurrent));
    expect(settled).toEqual({
      kind: "settled",
      change: {
        kind: "update",
        before: cells.rows.current,
        after: device({ owner: "eve", label: "torch", ends_at: null }),
        columns: [owner, endsAt],
      },
      resolution: "value",
      reason: "take-incoming; keep-current",
      blame: [],
    });
  });

  it("the row stays open while one cell is", () => {
    expect(settleCells(entry(takeIncoming, forOwner)).kind).toBe("open");
    expect(settleCells(entry(takeIncoming, forOwner), entry(manual)).kind).toBe("open");
  });

  it("a strategy sees only the cells that are still open and that it is for", () => {
    const seen: number[][] = [];
    const watching: Strategy = {
      ...says(undefined),
      resolve: ({ cells }) => {
        seen.push(cells.map((cell) => cell.column));
        return undefined;
      },
    };
    settleCells(entry(watching), entry(takeIncoming, forOwner), entry(watching), entry(watching, forOwner));
    expect(seen).toEqual([[label, owner], [label]]);
  });

  it("values are written where they differ from what current has", () => {
    const values = new Map([
      [owner, "bob"],
      [label, null],
    ]);
    const settled = settleCells(entry(says({ kind: "cells", values, reason: "agreed on the phone" })));
    expect(settled).toMatchObject({
      resolution: "value",
      reason: "agreed on the phone",
      change: { after: device({ owner: "bob", label: null, ends_at: null }), columns: [label, endsAt] },
    });
  });

  it("a strategy may answer for some cells and pass the others on", () => {
    const some = says({ kind: "cells", values: new Map([[owner, "mallory"]]), reason: "merged" });
    expect(settleCells(entry(some)).kind).toBe("open");
    expect(settleCells(entry(some), entry(keepCurrent))).toMatchObject({
      resolution: "value",
      change: {
        after: device({ owner: "mallory", label: "torch", ends_at: null }),
        columns: [owner, endsAt],
      },
    });
  });

  it.each([
    ["current", device({ owner: "bob", label: "torch", ends_at: null }), [endsAt]],
    ["incoming", device({ owner: "eve", label: "lantern", ends_at: null }), [label, owner, endsAt]],
    ["base", device({ ends_at: null }), [label, owner, endsAt]],
  ] as const)("take %s", (role, after, columns) => {
    const change = { kind: "update", before: cells.rows.current, after, columns };
    expect(settleCells(entry(says(take(role))))).toMatchObject({ resolution: role, change });
  });

  it("keeping current where nothing else is incoming writes nothing", () => {
    const bare = conflictOf({ base: {}, current: { owner: "bob" }, incoming: { owner: "eve" } });
    const settled = settle(deviceTable, bare, [entry(keepCurrent)]);
    expect(settled).toEqual({
      kind: "settled",
      change: undefined,
      resolution: "current",
      reason: "keep-current",
      blame: [],
    });
  });
});

describe("the row as a whole", () => {
  const { rows } = conflicts["insert/insert"];
  const update = (after: readonly (string | null)[], columns: readonly number[]) => ({
    kind: "update",
    before: device({ owner: "bob" }),
    after,
    columns,
  });

  it.each([
    ["update/delete", "current", undefined],
    ["update/delete", "incoming", { kind: "delete", before: device({ owner: "bob" }) }],
    ["update/delete", "base", update(device(), [owner])],
    ["delete/update", "current", undefined],
    ["delete/update", "incoming", { kind: "insert", after: device({ owner: "eve" }) }],
    ["delete/update", "base", { kind: "insert", after: device() }],
    ["insert/insert", "current", undefined],
    ["insert/insert", "incoming", update(device({ owner: "eve", label: "torch" }), [label, owner])],
    ["insert/insert", "base", { kind: "delete", before: device({ owner: "bob" }) }],
  ] as const)("%s, take %s", (kind, role, change) => {
    expect(settle(deviceTable, conflicts[kind], [entry(says(take(role)))])).toEqual({
      kind: "settled",
      change,
      resolution: role,
      reason: `take ${role}`,
      blame: [],
    });
  });

  it("an entry for single columns has no say in it", () => {
    const forOwner = entry(takeIncoming, { match: { columns: ["owner"] } });
    expect(settle(deviceTable, conflicts["insert/insert"], [forOwner]).kind).toBe("open");
    expect(settle(deviceTable, conflicts["delete/update"], [forOwner]).kind).toBe("open");
  });

  it("values for all differing cells settle insert/insert", () => {
    const values = new Map([
      [owner, "mallory"],
      [label, "lamp"],
    ]);
    const answer = says({ kind: "cells", values, reason: "two things, one number" });
    expect(settle(deviceTable, conflicts["insert/insert"], [entry(answer)])).toMatchObject({
      resolution: "value",
      change: update(device({ owner: "mallory" }), [owner]),
    });
    expect(rows.current).toEqual(device({ owner: "bob" }));
  });
});

it("a settled conflict is an apply, or is kept", () => {
  const settled = { kind: "settled", resolution: "current", reason: "keep-current", blame: [] } as const;
  const change = { kind: "delete", before: device() } as const;
  expect(settledVerdict({ ...settled, change: undefined })).toEqual({ kind: "kept", reason: "keep-current" });
  expect(settledVerdict({ ...settled, change })).toEqual({ kind: "apply", change });
});
