import type { Change } from "../../model/change.js";
import type { Operation, Row, Value } from "../../model/value.js";
import { existing } from "./field.js";

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
