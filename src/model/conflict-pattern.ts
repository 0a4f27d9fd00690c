import type { PlannedRow } from "./change.js";
import { columnAt, type Table } from "./table.js";
import type { Row } from "./value.js";

/**
 * What conflicts have in common that look alike to a person: which columns, and in each what became of the cell, from
 * `pre` to `post` to `current`. Values themselves do not count, only whether there is one: a thousand devices that
 * lost a thousand pins are one case.
 */
interface PatternCell {
  /** Position in `Table.columns`. */
  readonly column: number;
  readonly pre: CellShape;
  readonly post: CellShape;
  readonly current: CellShape;
}

type CellShape = "NULL" | "empty" | "value" | "no row";

const letters: Readonly<Record<CellShape, string>> = { NULL: "n", empty: "e", value: "v", "no row": "-" };
const shapes = Object.fromEntries(Object.entries(letters).map(([shape, letter]) => [letter, shape]));

/**
 * As short text, the same for conflicts that are alike: `3vnv 5vvv` is the columns 3 and 5. Undefined where there is
 * no conflict. Of a row that is in conflict as a whole, the columns are those that the incident changed.
 */
export function conflictPattern({ conflict, operation, pre, post, current }: PlannedRow): string | undefined {
  if (conflict === undefined) return undefined;
  const changed = operation === "update" ? changedColumns(pre, post) : [];
  const columns = conflict.columns.length > 0 ? conflict.columns : changed;
  const letter = (row: Row | undefined, at: number) => letters[shapeOf(row, at)];
  return columns.map((at) => `${at}${letter(pre, at)}${letter(post, at)}${letter(current, at)}`).join(" ");
}

function readPattern(pattern: string): readonly PatternCell[] {
  return [...pattern.matchAll(/(\d+)([nev-])([nev-])([nev-])/g)].map(([, column, ...found]) => {
    const [pre, post, current] = found.map((letter) => shapes[letter] as CellShape);
    return { column: Number(column), pre, post, current } as PatternCell;
  });
}

/** `release: value → NULL, now another value`: one text a column. */
export function describePattern(table: Table, pattern: string): readonly string[] {
  return readPattern(pattern).map(({ column, pre, post, current }) => {
    const name = columnAt(table, column).name;
    const now = current === "value" && (pre === "value" || post === "value") ? "another value" : current;
    const since = current === "no row" ? "" : `, now ${now}`;
    const after = pre === "value" && post === "value" ? "another value" : post;
    return `${name}: ${pre} → ${after}${since}`;
  });
}

function shapeOf(row: Row | undefined, at: number): CellShape {
  if (row === undefined) return "no row";
  const value = row[at];
  return value === null || value === undefined ? "NULL" : value === "" ? "empty" : "value";
}

function changedColumns(pre: Row | undefined, post: Row | undefined): readonly number[] {
  return (pre ?? []).flatMap((value, at) => (value === post?.[at] ? [] : [at]));
}
