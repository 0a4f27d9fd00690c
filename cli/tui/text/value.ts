import type { Value } from "../../../src/index.js";
import { type Span, span } from "./line.js";
import { shown } from "./measure.js";

/** What stands for no row at all, beside cells of rows that are there. */
export const noRow = span("(no row)", "dim");

/**
 * A cell on one line. NULL, the empty string and the text "NULL" look different, with colour and without; blanks at the
 * ends are seen.
 */
export function valueText(value: Value): string {
  if (value === null) return "NULL";
  if (value === "" || /^["\s]|\s$|^NULL$/.test(value)) return `"${shown(value)}"`;
  return shown(value);
}

export function valueSpan(value: Value): Span {
  return value === null ? span("NULL", "dim") : span(valueText(value));
}
