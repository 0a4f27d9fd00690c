import type { Size } from "./state/state.js";

/** Of a terminal that does not say, such as a serial line, what terminals had in the beginning. */
export const sizeOf = ({ columns, rows }: NodeJS.WriteStream): Size => ({
  columns: columns || 80,
  rows: rows || 24,
});
