import type { Change, RowWrite } from "../../model/change.js";
import type { Key, Operation, Value } from "../../model/value.js";
import { changedFields, postFrom } from "./changed-cells.js";
import { cells, type Field, integer, positions, present, rowCells, text, word } from "./field.js";
import { type RowPlace, rowAt } from "./row-place.js";
import { parkOf, rowTable } from "./row-table.js";
import { cellsAt, changeFrom } from "./stored-change.js";
import type { StoredTable, Values } from "./stored-table.js";

/** All cells of a row, or those that its update writes. */
type SomeCells = readonly Value[] | { readonly written: readonly Value[] } | undefined;

/**
 * Of an update, only the cells that it writes: DuckDB takes them out, on a thread of its own, for a fraction of what all
 * of them cost us. A row that steps aside is looked at as a whole, and long texts are put together elsewhere.
 */
const cellsToWrite: Field<SomeCells> = {
  ...(rowCells as Field<SomeCells>),
  print: (column) => `CASE WHEN change_kind = 'update' AND park IS NULL AND starts_with(${column}, '[')
    THEN concat('{"written":', to_json(list_select(from_json(${column}, '["VARCHAR"]'),
      list_transform(change_columns, lambda c: c + 1))), '}')
    ELSE coalesce(${column}, 'null') END`,
};

/** The rows of the plan, as far as it takes to write them: see `rowTable`. */
export const writeTable = {
  name: rowTable.name,
  order: rowTable.order,
  fields: {
    position: integer,
    table_id: integer,
    key: present(cells),
    pre: cellsToWrite,
    post: cellsToWrite,
    ...changedFields,
    current_as: word<RowPlace>("row_place"),
    current: cellsToWrite,
    change_kind: word<Operation>("operation"),
    change_columns: positions,
    after_as: word<RowPlace>("row_place"),
    after: cellsToWrite,
    park: text,
    rekeyed: rowCells,
    tenant: text,
  },
} satisfies StoredTable;

type StoredWrite = Values<typeof writeTable>;

/** @throws PlanError when a part is missing */
export function decodeWrite(stored: StoredWrite): RowWrite {
  return {
    position: stored.position,
    table: stored.table_id,
    key: stored.key as Key,
    change: changeOf(stored),
    ...(stored.park === undefined ? {} : parkOf(stored.park)),
    ...(stored.rekeyed === undefined ? {} : { rekeyed: stored.rekeyed }),
    ...(stored.tenant === undefined ? {} : { tenant: stored.tenant }),
  };
}

function changeOf(stored: StoredWrite): Change | undefined {
  const whole = (cells: SomeCells) =>
    cells !== undefined && "written" in cells ? cellsAt(cells.written, stored.change_columns ?? []) : cells;
  const pre = whole(stored.pre);
  const sides = { pre, post: postFrom(pre, { ...stored, post: whole(stored.post) }) };
  return changeFrom(
    stored,
    () => rowAt(stored.current_as, sides, whole(stored.current)),
    () => rowAt(stored.after_as, sides, whole(stored.after)),
  );
}
