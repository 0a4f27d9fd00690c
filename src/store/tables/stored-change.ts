import type { Change } from "../../model/change.js";
import type { Operation, Row, Value } from "../../model/value.js";
import { areLong } from "./changed-cells.js";
import { existing, type Field, json } from "./field.js";

interface StoredChange {
  readonly change_kind: Operation | undefined;
  readonly change_columns: readonly number[] | undefined;
}

/** The change of a row, whatever of its two versions was read. @throws PlanError when a part is missing */
export function changeFrom(
  { change_kind: kind, change_columns: columns }: StoredChange,
  before: () => Row | undefined,
  after: () => Row | undefined,
): Change | undefined {
  switch (kind) {
    case undefined:
      return undefined;
    case "insert":
      return { kind, after: existing(after()) };
    case "delete":
      return { kind, before: existing(before()) };
    case "update":
      return { kind, before: existing(before()), after: existing(after()), columns: existing(columns) };
  }
}

/** Cells at their places in the row; nothing stands at the others. */
export function cellsAt(picked: readonly Value[], columns: readonly number[]): Row {
  const row: Value[] = [];
  for (const [at, column] of columns.entries()) row[column] = picked[at] ?? null;
  return row;
}

/** Positions of the columns that an update writes, what they have, and what they are to have. */
type WrittenCells = readonly [readonly number[], readonly Value[], readonly Value[]];

export const writtenCells: Field<WrittenCells | undefined> = {
  ...json<WrittenCells>(),
  type: "VARCHAR USING COMPRESSION zstd",
};

/**
 * Of an update that writes no more than half of the columns: more would be stored than it saves. Left out where it would
 * be long, too: it is never split.
 */
export function writtenIn(change: Change | undefined): WrittenCells | undefined {
  if (change?.kind !== "update" || change.columns.length * 2 > change.before.length) return undefined;
  const { columns, before, after } = change;
  const [was, becomes] = [before, after].map((row) => columns.map((at) => row[at] ?? null)) as [
    Value[],
    Value[],
  ];
  return areLong(was) || areLong(becomes) ? undefined : [columns, was, becomes];
}
