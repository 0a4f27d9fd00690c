import { cellStrategy } from "./kit/cell-strategy.js";
import { add, type Decimal, parseDecimal, printDecimal, subtract } from "./kit/decimal.js";

/**
 * A number that is counted up and down: both changes count. Exact, however large; never by way of a float of ours.
 * Passes on NULL, NaN and infinities, on columns that are no numbers, and where the column could not hold the result.
 */
export const counter = cellStrategy({
  name: "counter",
  summary: "Add up both changes to a number: current + (incoming - base).",
  because: "current plus what incoming changed since base",
  decide(cell, column) {
    const [base, current, incoming] = [number(cell.base), number(cell.current), number(cell.incoming)];
    if (base === undefined || current === undefined || incoming === undefined) return undefined;
    const value = printDecimal(add(current, subtract(incoming, base)), column);
    return value === undefined ? undefined : { value };
  },
});

function number(value: string | null): Decimal | undefined {
  return value === null ? undefined : parseDecimal(value);
}
