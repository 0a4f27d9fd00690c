import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeEach, untouchedSince } from "../../src/merge/classify.js";
import { maskRow } from "../../src/merge/rules/rules.js";
import type { Change } from "../../src/model/change.js";
import type { Table } from "../../src/model/table.js";
import type { Row } from "../../src/model/value.js";
import {
  content,
  differing,
  ending,
  maybeRow,
  merge,
  rowsOf,
  tables,
  touchWrites,
  type World,
  worlds,
} from "./merge-worlds.js";

const check = (property: fc.IProperty<[World]>) => fc.assert(property, { numRuns: 1000 });
const holds = (law: (world: World) => void) => check(fc.property(worlds, law));

const updateColumns = (change: Change) => (change.kind === "update" ? change.columns : []);

describe("one side did nothing", () => {
  it("merge(b, b, x) = x", () => {
    holds(({ table, rows: { base, incoming }, touchWrite }) => {
      const verdict = merge({ table, rows: { base, current: base, incoming }, touchWrite });
      expect(verdict.kind).not.toBe("conflict");
      const end = ending(verdict, base);
      if (touchWrite === "restore") expect(end).toEqual(incoming);
      expect(content(table, end)).toEqual(content(table, incoming));
    });
  });

  it("the short way for rows that nobody touched says what merging them unit by unit does", () => {
    let taken = 0;
    holds(({ table, rows: { base, incoming }, touchWrite }) => {
      if (base === undefined || incoming === undefined) return;
      const rows = { base, current: [...base], incoming };
      const short = untouchedSince(table, rows, { touchWrite });
      if (short === undefined) return;
      taken += 1;
      expect(short).toEqual(mergeEach(table, rows, { touchWrite, sameValue: () => false }));
    });
    expect(taken).toBeGreaterThan(100);
  });

  it("merge(b, x, b) = x: an untouched row is never in a change", () => {
    const untouched = tables.chain((table) =>
      fc.record({
        table: fc.constant(table),
        base: rowsOf(table),
        current: maybeRow(table),
        touchWrite: touchWrites,
      }),
    );
    fc.assert(
      fc.property(untouched, ({ table, base, current, touchWrite }) => {
        const verdict = merge({ table, rows: { base, current, incoming: base }, touchWrite });
        expect(["already", "kept"]).toContain(verdict.kind);
      }),
    );
  });

  it("nor is a row of which a rule masks every changed column", () => {
    holds((world) => {
      const { base, current, incoming } = world.rows;
      if (base === undefined || incoming === undefined) return;
      const masked = maskRow(base, incoming, []);
      expect(merge({ ...world, rows: { base, current, incoming: masked } }).kind).not.toBe("apply");
    });
  });
});

it("merge(b, x, x) = already", () => {
  holds(({ table, rows: { base, incoming }, touchWrite }) => {
    expect(merge({ table, rows: { base, current: incoming, incoming }, touchWrite })).toEqual({
      kind: "already",
    });
  });
});

describe("swapping current and incoming", () => {
  const swapped = ({ rows: { base, current, incoming }, ...world }: World): World | undefined =>
    base === undefined && current === undefined
      ? undefined
      : { ...world, rows: { base, current: incoming, incoming: current } };

  it("mirrors a conflict: the same columns, the kind read backwards, the cells exchanged", () => {
    holds((world) => {
      const mirror = swapped(world);
      if (mirror === undefined) return;
      const [one, other] = [merge(world), merge(mirror)];
      expect(one.kind === "conflict").toBe(other.kind === "conflict");
      if (one.kind !== "conflict" || other.kind !== "conflict") return;
      expect(other.conflict.kind).toBe(one.conflict.kind.split("/").reverse().join("/"));
      expect(other.conflict.cells).toEqual(
        one.conflict.cells.map((cell) => ({ ...cell, current: cell.incoming, incoming: cell.current })),
      );
    });
  });

  it("ends with a row that says the same", () => {
    holds((world) => {
      const mirror = swapped(world);
      if (mirror === undefined) return;
      const [one, other] = [merge(world), merge(mirror)];
      if (one.kind === "conflict") return;
      expect(content(world.table, ending(one, world.rows.current))).toEqual(
        content(world.table, ending(other, mirror.rows.current)),
      );
    });
  });
});

describe("edits on different cells", () => {
  /** Two edits of one row that share no cell, no group and no touch column. */
  const edits = tables.chain((table) => {
    const units = unitsOf(table);
    return fc.record({
      table: fc.constant(table),
      base: rowsOf(table),
      mine: rowsOf(table),
      theirs: rowsOf(table),
      sides: fc.array(fc.boolean(), { minLength: units.length, maxLength: units.length }),
      touchWrite: touchWrites,
    });
  });

  it("never conflict by themselves, and both are there in the end", () => {
    fc.assert(
      fc.property(edits, ({ table, base, mine, theirs, sides, touchWrite }) => {
        const units = unitsOf(table);
        const ours = units.filter((_, at) => sides[at] === true).flat();
        const others = units.filter((_, at) => sides[at] === false).flat();
        const current = maskRow(base, mine, ours);
        const incoming = maskRow(base, theirs, others);
        const verdict = merge({ table, rows: { base, current, incoming }, touchWrite });
        expect(verdict.kind).not.toBe("conflict");
        const both = maskRow(current, incoming, others);
        expect(content(table, ending(verdict, current))).toEqual(content(table, both));
      }),
      { numRuns: 1000 },
    );
  });
});

function unitsOf(table: Table): readonly (readonly number[])[] {
  const grouped = new Set(table.groups.flat());
  return [...table.groups, ...table.columns.flatMap((_, at) => (at === 0 || grouped.has(at) ? [] : [[at]]))];
}

describe("what is written", () => {
  it("is what incoming changed, and nothing that current already has", () => {
    holds((world) => {
      const verdict = merge(world);
      const { base, current, incoming } = world.rows;
      if (verdict.kind !== "apply" || base === undefined || current === undefined || incoming === undefined)
        return;
      const columns = updateColumns(verdict.change);
      expect(columns).toEqual([...new Set(columns)].sort((a, b) => a - b));
      for (const at of columns) {
        expect(differing(base, incoming)).toContain(at);
        expect(differing(current, incoming)).toContain(at);
      }
    });
  });

  it("leaves the cells of a row in conflict to one side each", () => {
    holds((world) => {
      const verdict = merge(world);
      if (verdict.kind !== "conflict" || verdict.conflict.kind !== "update/update") return;
      const { cells, clean, rows } = verdict.conflict;
      const inConflict = cells.map((cell) => cell.column);
      expect(inConflict.filter((at) => clean.includes(at))).toEqual([]);
      const { base, current } = rows as { base: Row; current: Row };
      // What waits cleanly was changed by incoming alone, or belongs to a group that was.
      expect(clean.filter((at) => differing(base, current).includes(at))).toEqual([]);
    });
  });

  it("merging the result of a clean merge again changes nothing", () => {
    holds((world) => {
      const verdict = merge(world);
      if (verdict.kind === "conflict") return;
      const current = ending(verdict, world.rows.current);
      const again = merge({ ...world, rows: { ...world.rows, current } });
      expect(["already", "kept"]).toContain(again.kind);
      expect(ending(again, current)).toEqual(current);
    });
  });
});
