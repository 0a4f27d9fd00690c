import type { Change, Verdict } from "../model/change.js";
import type { Conflict, ConflictCell } from "../model/conflict.js";
import type { TouchWrite } from "../model/plan.js";
import type { Table } from "../model/table.js";
import type { Row, Triple, Value } from "../model/value.js";
import { trivialMerge } from "./three-way.js";

/**
 * Whether PostgreSQL calls two printed values of a column equal although they are spelled differently (numeric 1.0
 * and 1.00). Asked only of values that differ as text.
 */
export type SameValue = (column: number, a: Value, b: Value) => boolean;

export interface ClassifyOptions {
  readonly sameValue: SameValue;
  readonly touchWrite: TouchWrite;
}

/** The three-way merge of one incoming row: the table in design 2.1, and the touch columns of 2.3. */
export function classify(table: Table, rows: Triple<Row | undefined>, options: ClassifyOptions): Verdict {
  const { base, current, incoming } = rows;
  if (base !== undefined && incoming !== undefined) {
    if (current === undefined) return deletedSince(table, rows, base, incoming);
    return classifyUpdate(table, { base, current, incoming }, options);
  }
  if (base !== undefined) {
    if (current === undefined) return { kind: "already" };
    if (!sameButForTouch(table, base, current)) return conflict("update/delete", rows);
    return { kind: "apply", change: { kind: "delete", before: current } };
  }
  if (incoming === undefined) throw new RangeError("a difference with neither a base nor an incoming row");
  if (current === undefined) return { kind: "apply", change: { kind: "insert", after: incoming } };
  const differing = differingCells(table, rows, current, incoming, options.sameValue);
  if (differing.length === 0) return { kind: "already" };
  return conflict("insert/insert", rows, differing);
}

/**
 * An update whose row is gone is a conflict, unless it would have written nothing but a touch: that alone never makes
 * one (design 2.3), or every row that was removed since a careless migration stamped it would be.
 */
function deletedSince(table: Table, rows: Triple<Row | undefined>, base: Row, incoming: Row): Verdict {
  if (!sameButForTouch(table, base, incoming)) return conflict("delete/update", rows);
  return { kind: "kept", reason: "only a touch column is incoming, and the row was deleted since" };
}

/** The pairs of values of which only PostgreSQL can say whether they are one value in two spellings. */
export function spellingQuestions(
  table: Table,
  rows: Triple<Row | undefined>,
): readonly { readonly column: number; readonly a: Value; readonly b: Value }[] {
  // By column: a cell is looked at more than once, and need be asked about only once.
  const asked = new Map<number, { column: number; a: Value; b: Value }>();
  const { base, current, incoming } = rows;
  // Without both rows there is nothing to agree on.
  if (current === undefined || incoming === undefined) return [];
  // Where only one side changed anything there is nothing to agree on either: the usual case, and they are many.
  if (isSameRow(current, incoming) || (base !== undefined && isSameRow(current, base))) return [];
  classify(table, rows, {
    touchWrite: "restore",
    sameValue: (column, a, b) => {
      if (a !== null && b !== null && table.columns[column]?.equals !== undefined)
        asked.set(column, { column, a, b });
      return false;
    },
  });
  return [...asked.values()];
}

function classifyUpdate(table: Table, rows: Triple<Row>, options: ClassifyOptions): Verdict {
  return untouchedSince(table, rows, options) ?? mergeEach(table, rows, options);
}

/**
 * The usual case, and the one of which there may be millions: nobody touched the row since. Whatever is incoming is then
 * written, as `mergeEach` would find out unit by unit.
 *
 * @returns undefined where somebody did, or nothing but a touch is incoming
 */
export function untouchedSince(
  table: Table,
  { base, current, incoming }: Triple<Row>,
  { touchWrite }: Pick<ClassifyOptions, "touchWrite">,
): Verdict | undefined {
  if (!isSameRow(base, current)) return undefined;
  const columns: number[] = [];
  let isWhole = true;
  let isContent = false;
  for (let at = 0; at < table.columns.length; at += 1) {
    if (current[at] === incoming[at]) continue;
    const isTouch = table.touch.includes(at);
    if (isTouch && touchWrite !== "restore") isWhole = false;
    else columns.push(at);
    if (!isTouch) isContent = true;
  }
  if (!isContent) return undefined;
  // What is written is then the very row that is incoming, and needs no copy.
  const change = isWhole
    ? ({ kind: "update", before: current, after: incoming, columns } as const)
    : updateChange(current, incoming, columns);
  return { kind: "apply", change };
}

function isSameRow(a: Row, b: Row): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}

/** By units, each for itself. */
export function mergeEach(table: Table, rows: Triple<Row>, options: ClassifyOptions): Verdict {
  const { current, incoming } = rows;
  const content = mergeUnits(table).map((unit) => ({
    unit,
    merged: mergeUnit(unit, rows, options.sameValue),
  }));
  const write = content.flatMap(({ merged, unit }) =>
    merged === "incoming" ? unit.filter((at) => current[at] !== incoming[at]) : [],
  );
  const cells = content.flatMap(({ merged, unit }) =>
    merged === "conflict" ? cellsInConflict(unit, rows, options.sameValue) : [],
  );
  const touch = touchToWrite(table, rows, options.touchWrite);
  if (cells.length > 0) {
    return {
      kind: "conflict",
      conflict: { kind: "update/update", rows, cells, clean: [...write, ...touch].sort(byNumber) },
    };
  }
  const columns = [...write, ...touch].sort(byNumber);
  if (columns.length > 0) return { kind: "apply", change: updateChange(current, incoming, columns) };
  if (content.some(({ merged }) => merged === "both")) return { kind: "already" };
  return touchLeft(table, rows);
}

/** An update of `current` that takes these columns from another row. */
export function updateChange(current: Row, source: Row, columns: readonly number[]): Change {
  const after = [...current];
  for (const at of columns) after[at] = source[at] ?? null;
  return { kind: "update", before: current, after, columns };
}

/** What merges as one: groups as they are configured, every other column by itself. Touch columns are apart. */
export function mergeUnits(table: Table): readonly (readonly number[])[] {
  const known = unitsOf.get(table);
  if (known !== undefined) return known;
  const grouped = new Set(table.groups.flat());
  const touch = new Set(table.touch);
  const single = table.columns.flatMap((_, at) => (grouped.has(at) || touch.has(at) ? [] : [[at]]));
  const units = [...table.groups, ...single];
  unitsOf.set(table, units);
  return units;
}

const unitsOf = new WeakMap<Table, readonly (readonly number[])[]>();

function mergeUnit(unit: readonly number[], rows: Triple<Row>, sameValue: SameValue) {
  const printsSame = (a: Row, b: Row) => unit.every((at) => a[at] === b[at]);
  const agrees = (a: Row, b: Row) => unit.every((at) => isSame(at, a, b, sameValue));
  return trivialMerge(rows, printsSame, agrees);
}

function cellsInConflict(unit: readonly number[], rows: Triple<Row>, sameValue: SameValue): ConflictCell[] {
  return unit.filter((at) => !isSame(at, rows.current, rows.incoming, sameValue)).map((at) => cell(at, rows));
}

function isSame(at: number, a: Row, b: Row, sameValue: SameValue): boolean {
  return a[at] === b[at] || sameValue(at, a[at] ?? null, b[at] ?? null);
}

function cell(column: number, { base, current, incoming }: Triple<Row | undefined>): ConflictCell {
  return {
    column,
    base: base?.[column] ?? null,
    current: current?.[column] ?? null,
    incoming: incoming?.[column] ?? null,
  };
}

/** A touch column that both sides changed stays with current; where only incoming changed it, it is like any cell. */
function touchToWrite(table: Table, { base, current, incoming }: Triple<Row>, write: TouchWrite): number[] {
  if (write !== "restore") return [];
  return table.touch.filter((at) => base[at] !== incoming[at] && base[at] === current[at]);
}

/** Nothing but touch columns was incoming, and none of them is to be written. */
function touchLeft(table: Table, { base, current, incoming }: Triple<Row>): Verdict {
  const left = table.touch.filter((at) => base[at] !== incoming[at] && current[at] !== incoming[at]);
  if (left.length === 0) return { kind: "already" };
  const names = left.map((at) => table.columns[at]?.name).join(", ");
  return { kind: "kept", reason: `only the touch column ${names} is incoming, and current keeps its own` };
}

/** Whether two rows say the same; a row that differs only in touch columns counts as untouched. */
export function sameButForTouch(table: Table, a: Row, b: Row): boolean {
  return table.columns.every((_, at) => a[at] === b[at] || table.touch.includes(at));
}

function differingCells(
  table: Table,
  rows: Triple<Row | undefined>,
  current: Row,
  incoming: Row,
  sameValue: SameValue,
): ConflictCell[] {
  return table.columns
    .map((_, at) => at)
    .filter((at) => !table.touch.includes(at) && !isSame(at, current, incoming, sameValue))
    .map((at) => cell(at, rows));
}

function conflict(
  kind: Conflict["kind"],
  rows: Conflict["rows"],
  cells: readonly ConflictCell[] = [],
): Verdict {
  return { kind: "conflict", conflict: { kind, rows, cells, clean: [] } };
}

function byNumber(a: number, b: number): number {
  return a - b;
}
