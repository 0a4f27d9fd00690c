import { visible } from "../src/model/visible.js";
import type { PageValue } from "../src/report/html/page-data.js";

/** A number as the report writes it everywhere: `12 345`. */
export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** A value on lines of its own where it has lines; whatever else could hide or reorder text is shown as an escape. */
export function lines(text: string): string {
  return text.split("\n").map(visible).join("↵\n");
}

/** A value on one line, cut where it is long. */
export function short(value: PageValue | undefined, longest = 40): string {
  if (value === undefined) return "";
  if (value === null) return "NULL";
  if (value === "") return "''";
  const text = typeof value === "string" ? value : value.start;
  const characters = [...text.slice(0, 2 * longest + 2)];
  const cut = characters.length > longest || typeof value !== "string";
  return visible(cut ? `${characters.slice(0, longest).join("")}…` : text);
}
