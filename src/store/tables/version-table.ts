import type { Outcome, RowVersions } from "../../model/change.js";
import type { Key, Operation, Row, Value } from "../../model/value.js";
import { wholeNumber } from "../row-filter.js";
import { changedFields, postFrom } from "./changed-cells.js";
import { cells, type Field, integer, positions, present, rowCells, word } from "./field.js";
import { type RowPlace, rowAt } from "./row-place.js";
import { rowTable } from "./row-table.js";
import { cellsAt, changeFrom } from "./stored-change.js";
import type { StoredTable, Values } from "./stored-table.js";

/** All cells of a row, or some. */
type SomeCells = readonly Value[] | { readonly picked: readonly Value[] } | undefined;

const wholeRow = rowCells as Field<SomeCells>;

/** DuckDB takes these cells out, on a thread of its own. Long texts are put together elsewhere, and whole. */
function someCells(columns: readonly number[]): Field<SomeCells> {
  const places = columns.map((at) => wholeNumber(at + 1)).join(", ");
  return {
    ...wholeRow,
    print: (column) => `CASE WHEN starts_with(${column}, '[')
      THEN concat('{"picked":', to_json(list_select(from_json(${column}, '["VARCHAR"]'), [${places}]::BIGINT[])), '}')
      ELSE coalesce(${column}, 'null') END`,
  };
}

/** The rows of the plan, as far as constraints look at them: see `rowTable`. */
export function versionTable(columns: readonly number[] | undefined) {
  const row = columns === undefined ? wholeRow : someCells(columns);
  return {
    name: rowTable.name,
    order: rowTable.order,
    fields: {
      position: integer,
      table_id: integer,
      key: present(cells),
      outcome: present(word<Outcome>("outcome")),
      pre: row,
      post: row,
      ...changedFields,
      current_as: word<RowPlace>("row_place"),
      current: row,
      change_kind: word<Operation>("operation"),
      change_columns: positions,
      after_as: word<RowPlace>("row_place"),
      after: row,
      rekeyed: row,
    },
  } satisfies StoredTable;
}

type StoredVersions = Values<ReturnType<typeof versionTable>>;

/** @throws PlanError when a part is missing */
export function decodeVersions(columns: readonly number[] | undefined) {
  const row = (found: SomeCells): Row | undefined =>
    found === undefined || !("picked" in found) ? found : cellsAt(found.picked, columns ?? []);
  return (stored: StoredVersions): RowVersions => {
    const pre = row(stored.pre);
    const sides = { pre, post: postFrom(pre, { ...stored, post: row(stored.post) }) };
    const current = rowAt(stored.current_as, sides, row(stored.current));
    const after = () => rowAt(stored.after_as, sides, row(stored.after));
    return {
      position: stored.position,
      table: stored.table_id,
      key: stored.key as Key,
      outcome: stored.outcome,
      ...sides,
      current,
      change: changeFrom(stored, () => current, after),
      ...(stored.rekeyed === undefined ? {} : { rekeyed: row(stored.rekeyed) }),
    };
  };
}
