import type { TouchSettings } from "../model/settings.js";
import type { Column } from "../model/table.js";
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
export function touchPositions(label: string, columns: readonly Column[], touch: TouchSettings): readonly number[] {
  const isTouch =
    touch.columns === undefined
      ? (column: Column) => column.isTime && usualNames.some((name) => matchesName(name, column.name.toLowerCase()))
      : (column: Column) => touch.columns?.some((name) => named(name, label, column.name)) === true;
  return columns.flatMap((column, at) => (isTouch(column) ? [at] : []));
}

function named(pattern: string, label: string, column: string): boolean {
  return matchesName(pattern, column) || matchesName(pattern, `${label}.${column}`);
}
