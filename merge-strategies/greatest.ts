import { cellStrategy } from "./kit/cell-strategy.js";
import { compareValues } from "./kit/compare-values.js";

/** Numbers, dates and timestamps. Passes on all else, text above all: its order is the collation's. */
export const greatest = cellStrategy({
  name: "greatest",
  summary: "Take the larger number or the later time.",
  because: "the larger of the two",
  decide({ current, incoming }, column) {
    const order = compareValues(column, current, incoming);
    if (order === undefined || order === 0) return undefined;
    return order > 0 ? "current" : "incoming";
  },
});
