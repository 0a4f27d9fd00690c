import fc from "fast-check";
import { type ClassifyOptions, classify, type SameValue } from "../../src/merge/classify.js";
import type { Change, Verdict } from "../../src/model/change.js";
import type { TouchWrite } from "../../src/model/plan.js";
import type { Table } from "../../src/model/table.js";
import type { Row, Triple, Value } from "../../src/model/value.js";
import { column, tableOf } from "../unit/tables.js";

type Part = "plain" | "number" | "touch" | "group 1" | "group 2";

/** Few values, so that rows often agree, and some that are one number in two spellings. */
const value: fc.Arbitrary<Value> = fc.constantFrom(null, "", "lamp", "torch", "1", "1.0", "1.00");

/** Tables of one key and up to five columns: plain, numbers, touch columns and members of two groups. */
export const tables: fc.Arbitrary<Table> = fc
  .array(fc.constantFrom<Part>("plain", "number", "touch", "group 1", "group 2"), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => {
    const places = (part: Part) => parts.flatMap((one, at) => (one === part ? [at + 1] : []));
    const columns = parts.map((part, at) =>
      column(`cell_${at + 1}`, { type: part === "number" ? "numeric" : "text" }),
    );
    return tableOf("device", [column("id", { type: "bigint" }), ...columns], {
      touch: places("touch"),
      groups: [places("group 1"), places("group 2")].filter((group) => group.length > 0),
    });
  });

export function rowsOf(table: Table): fc.Arbitrary<Row> {
  const width = table.columns.length - 1;
  return fc.array(value, { minLength: width, maxLength: width }).map((cells) => ["7", ...cells]);
}

/** A row, or none. */
export const maybeRow = (table: Table): fc.Arbitrary<Row | undefined> =>
  fc.option(rowsOf(table), { nil: undefined });

export interface World {
  readonly table: Table;
  readonly rows: Triple<Row | undefined>;
  readonly touchWrite: TouchWrite;
}

export const touchWrites = fc.constantFrom<TouchWrite>("restore", "keep", "now");

/** Three versions of one row, of which base or incoming is there: else there is no difference to merge. */
export const worlds: fc.Arbitrary<World> = tables
  .chain((table) =>
    fc.record({
      table: fc.constant(table),
      rows: fc.record({ base: maybeRow(table), current: maybeRow(table), incoming: maybeRow(table) }),
      touchWrite: touchWrites,
    }),
  )
  .filter(({ rows }) => rows.base !== undefined || rows.incoming !== undefined);

/** Numbers are equal by value, all else by its text. */
function sameIn(table: Table): SameValue {
  return (position, a, b) =>
    table.columns[position]?.type === "numeric" &&
    a !== null &&
    b !== null &&
    a !== "" &&
    b !== "" &&
    Number(a) === Number(b);
}

export function merge({ table, rows, touchWrite }: World, options: Partial<ClassifyOptions> = {}): Verdict {
  return classify(table, rows, { sameValue: sameIn(table), touchWrite, ...options });
}

/** Carries a change out, and refuses to where the row is not as the change expects it. */
export function applyChange(row: Row | undefined, change: Change): Row | undefined {
  if (change.kind === "insert") {
    if (row !== undefined) throw new Error("there is such a row already");
    return change.after;
  }
  if (row === undefined) throw new Error("there is no such row");
  if (change.kind === "delete") return undefined;
  return row.map((cell, at) => {
    if (!change.columns.includes(at)) return cell;
    if (cell !== change.before[at]) throw new Error("the row has moved");
    return change.after[at] ?? null;
  });
}

/** The row that current holds in the end. */
export function ending(verdict: Verdict, current: Row | undefined): Row | undefined {
  return verdict.kind === "apply" ? applyChange(current, verdict.change) : current;
}

/** What a row says: without its touch, and one spelling for one number. */
export function content(table: Table, row: Row | undefined): readonly unknown[] | undefined {
  return row?.map((cell, at) => {
    if (table.touch.includes(at)) return "touched";
    return table.columns[at]?.type === "numeric" &&
      cell !== null &&
      cell !== "" &&
      !Number.isNaN(Number(cell))
      ? Number(cell)
      : cell;
  });
}

/** Positions at which two rows differ. */
export function differing(a: Row, b: Row): readonly number[] {
  return a.flatMap((cell, at) => (cell === b[at] ? [] : [at]));
}
