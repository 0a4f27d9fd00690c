import { cellStrategy } from "./kit/cell-strategy.js";
import { kindOf } from "./kit/column-kind.js";
import { add, compareDecimals, parseDecimal, printDecimal } from "./kit/decimal.js";

/**
 * For the version an application locks by (`lock_version`): a row that the patch writes is a version nobody has read
 * yet, so it gets a number above both. Passes on what is no whole number, and where the next one no longer fits.
 */
export const increment = cellStrategy({
  name: "increment",
  summary: "For lock versions: one more than the larger of current and incoming.",
  because: "one more than either side",
  decide({ current, incoming }, column) {
    const kind = kindOf(column);
    if ((kind !== "integer" && kind !== "numeric") || current === null || incoming === null) return undefined;
    const [a, b] = [parseDecimal(current), parseDecimal(incoming)];
    if (a === undefined || b === undefined || a.scale !== 0 || b.scale !== 0) return undefined;
    const value = printDecimal(add(compareDecimals(a, b) < 0 ? b : a, { digits: 1n, scale: 0 }), column);
    return value === undefined ? undefined : { value };
  },
});
