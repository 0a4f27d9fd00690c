import { cellStrategy } from "./kit/cell-strategy.js";
import { compareValues } from "./kit/compare-values.js";

/** Numbers, dates and timestamps. Passes on all else, text above all: its order is the collation's. */
export const least = cellStrategy({
  name: "least",
  summary: "Take the smaller number or the earlier time.",
  because: "the smaller of the two",
  decide({ current, incoming }, column) {
    const order = compareValues(column, current, incoming);
    if (order === undefined || order === 0) return undefined;
    return order < 0 ? "current" : "incoming";
  },
});
