import { describe, expect, it } from "vitest";
import { foldSteps, type JudgedStep } from "../../../../src/merge/between/fold-steps.js";
import type { Row, Value } from "../../../../src/model/value.js";
import { at, bookedDevices, type DeviceCells, device } from "../../tables.js";

const [label, owner, starts, ends, updated] = ["label", "owner", "starts_at", "ends_at", "updated_at"].map(
  (name) => at(bookedDevices, name),
) as [number, number, number, number, number];

const cells = { units: [[1], [2], [3], [starts, ends], [updated]], touch: new Set([updated]) };

/** Each step is what the row is after it, and which of its cells are damage. */
type Told = readonly [after: DeviceCells | "gone", damage: readonly number[] | boolean];

function fold(first: DeviceCells | "gone", told: readonly Told[]) {
  const rowOf = (one: DeviceCells | "gone") => (one === "gone" ? undefined : device(one));
  const rows = [first, ...told.map(([after]) => after)].map(rowOf);
  const steps = told.map(([, damage], step): JudgedStep => {
    const isDamage = typeof damage === "boolean" ? damage : new Set(damage);
    return { before: rows[step], after: rows[step + 1], damage: isDamage };
  });
  return foldSteps(cells, rows[0], steps);
}

const valueAt = (row: Row | undefined, position: number): Value | undefined => row?.[position];

describe("what people did before the damage", () => {
  it("is what an undo goes back to", () => {
    const { left, wanted, overwritten } = fold({ label: "a" }, [
      [{ label: "b" }, false],
      [{ label: null }, [label]],
    ]);
    expect([valueAt(left, label), valueAt(wanted, label)]).toEqual([null, "b"]);
    expect(overwritten).toEqual([]);
  });

  it("a row that they made, and the damage took away, is to come back", () => {
    const { left, wanted } = fold("gone", [
      [{ label: "new" }, false],
      ["gone", true],
    ]);
    expect([left, valueAt(wanted, label)]).toEqual([undefined, "new"]);
  });
});

describe("what people did after the damage", () => {
  it("is theirs in other cells, and a question in the same", () => {
    const { left, wanted, over, people, overwritten, overwrittenIn } = fold({ label: "a", owner: "ada" }, [
      [{ label: null, owner: null }, [label, owner]],
      [{ label: "c", owner: null }, false],
    ]);
    expect([left, wanted, over].map((row) => valueAt(row, label))).toEqual([null, "a", "c"]);
    expect([left, wanted].map((row) => valueAt(row, owner))).toEqual([null, "ada"]);
    expect([valueAt(people, label), valueAt(people, owner)]).toEqual(["c", "ada"]);
    expect([overwritten, overwrittenIn]).toEqual([[label], 1]);
  });

  it("is no question where they brought back what there was, then or later", () => {
    for (const later of [["a"], ["c", "a"], ["a", "d"], ["c", "a", "d"]]) {
      const { left, wanted } = fold({ label: "a" }, [
        [{ label: null }, [label]],
        ...later.map((value): Told => [{ label: value }, false]),
      ]);
      expect(wanted).toEqual(left);
    }
  });

  it("is what a later damage goes back to", () => {
    const { left, wanted, overwritten } = fold({ label: "a" }, [
      [{ label: null }, [label]],
      [{ label: "c" }, false],
      [{ label: "x" }, [label]],
    ]);
    expect([valueAt(left, label), valueAt(wanted, label), overwritten]).toEqual(["x", "c", []]);
  });

  it("a delete of the damaged row is a question about the row as it was", () => {
    const { left, wanted, over, overwritten } = fold({ label: "a" }, [
      [{ label: null }, [label]],
      ["gone", false],
    ]);
    expect([valueAt(left, label), valueAt(wanted, label), over, overwritten]).toEqual([
      null,
      "a",
      undefined,
      "row",
    ]);
  });

  it("another row under the key of one that the damage took is a question, and stays where it is replayed", () => {
    const { left, wanted, people, overwritten } = fold({ label: "a" }, [
      ["gone", true],
      [{ label: "other" }, false],
    ]);
    expect([left, valueAt(wanted, label), valueAt(people, label), overwritten]).toEqual([
      undefined,
      "a",
      "other",
      "row",
    ]);
  });

  it("a change of a row that the damage made is a question about all of it", () => {
    const { left, wanted, overwritten } = fold("gone", [
      [{ label: "made" }, true],
      [{ label: "used" }, false],
    ]);
    expect([valueAt(left, label), wanted, overwritten]).toEqual(["made", undefined, "row"]);
  });
});

describe("cells that go together", () => {
  it("a group of which people changed a part after the damage is in question as a whole", () => {
    const { overwritten, wanted, left } = fold({}, [
      [{ starts_at: null }, [starts]],
      [{ starts_at: null, ends_at: "2024-05-01" }, false],
    ]);
    expect(overwritten).toEqual([starts, ends]);
    expect([wanted, left].map((row) => valueAt(row, ends))).toEqual(["2024-03-31", "2024-03-31"]);
  });

  it("a touch is never in question: people's stays", () => {
    const { left, wanted, overwritten } = fold({ label: "a", updated_at: "1" }, [
      [{ label: null, updated_at: "2" }, [label, updated]],
      [{ label: null, updated_at: "3" }, false],
    ]);
    expect([left, wanted].map((row) => valueAt(row, updated))).toEqual(["3", "3"]);
    expect([overwritten, valueAt(wanted, label)]).toEqual([[], "a"]);
  });

  it("damage and people's work of one interval are told apart by their cells", () => {
    const { left, wanted, people } = fold({ label: "a", owner: "ada" }, [
      [{ label: null, owner: "bob" }, [label]],
    ]);
    expect([valueAt(left, label), valueAt(wanted, label)]).toEqual([null, "a"]);
    expect([left, wanted, people].map((row) => valueAt(row, owner))).toEqual(["bob", "bob", "bob"]);
  });
});
