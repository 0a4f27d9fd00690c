import type { Strategy } from "../src/model/conflict.js";
import { kindOf } from "./kit/column-kind.js";
import { compareValues } from "./kit/compare-values.js";

/**
 * The side that was written last wins, by a column that says when: all cells in conflict go to it, whichever they are.
 * Answers where both rows are there. Passes when the column is missing, is no date or timestamp, or says nothing
 * (NULL) or the same on both sides.
 */
export const newest: Strategy = {
  name: "newest",
  summary: "Take the side whose row was written last, by a timestamp column (option: column).",
  options: {
    column: (value) =>
      typeof value === "string" && value !== ""
        ? undefined
        : "expected the name of a date or timestamp column",
  },
  columnOptions: ["column"],
  resolve({ rows: { current, incoming } }, { table, options }) {
    const position = table.columns.findIndex(({ name }) => name === options["column"]);
    const column = table.columns[position];
    if (column === undefined || kindOf(column) !== "time") return undefined;
    const order = compareValues(column, current?.[position] ?? null, incoming?.[position] ?? null);
    if (order === undefined || order === 0) return undefined;
    const role = order > 0 ? "current" : "incoming";
    return { kind: "take", role, reason: `newest: ${role} is later by ${column.name}` };
  },
};
