import { identifier } from "../../model/names.js";
import type { TouchSettings } from "../../model/settings.js";
import type { Column } from "../../model/table.js";
import { matchesName } from "./match.js";

/** Names under which products record that a row was written. */
const usualNames = [
  "updated_at",
  "modified_at",
  "last_modified*",
  "last_updated*",
  "updated_on",
  "modified_on",
  "date_modified",
  "date_updated",
  "updatedat",
  "modifiedat",
  "lastmodified*",
];

/** Positions of the touch columns: by default dates and times with one of the usual names (design 2.3). */
export function touchPositions(
  label: string,
  columns: readonly Column[],
  touch: TouchSettings,
): readonly number[] {
  const isTouch =
    touch.columns === undefined
      ? (column: Column) =>
          column.isTime && usualNames.some((name) => matchesName(name, column.name.toLowerCase()))
      : (column: Column) => touch.columns?.some((name) => isNamed(name, label, column.name)) === true;
  return columns.flatMap((column, at) => (isTouch(column) ? [at] : []));
}

/** A column by its bare name, or with its table, quoted as in SQL or not. */
export function isNamed(pattern: string, label: string, column: string): boolean {
  return [column, `${label}.${column}`, `${label}.${identifier(column)}`].some((name) =>
    matchesName(pattern, name),
  );
}
