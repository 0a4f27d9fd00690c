import type { PageValue } from "../src/report/html/page-data.js";
import { el } from "./dom.js";
import { markChanges } from "./mark-changes.js";
import { lines, number } from "./text.js";

/** A value in a table cell: NULL, emptiness and absence told apart, and what is not in `other` marked. */
export function valueView(value: PageValue | undefined, other?: PageValue): HTMLElement {
  if (value === undefined) return el("span", { class: "absent" }, "no such row");
  if (value === null)
    return el("span", { class: "absent" }, marked("NULL", other !== undefined && other !== null));
  if (value === "")
    return el("span", { class: "absent" }, marked("empty text", other !== undefined && other !== ""));
  const text = typeof value === "string" ? value : value.start;
  const whole = el("span", { class: "value" }, ...piecesOf(text, other));
  if (typeof value !== "string")
    whole.append(el("span", { class: "absent" }, ` … ${number(value.length)} characters in all`));
  return whole;
}

function piecesOf(text: string, other: PageValue | undefined): readonly (Node | string)[] {
  if (other === undefined) return [lines(text)];
  const against = other === null ? "" : typeof other === "string" ? other : other.start;
  return markChanges(text, against).map(({ text: piece, changed }) =>
    changed ? el("mark", {}, lines(piece)) : lines(piece),
  );
}

function marked(text: string, changed: boolean): Node | string {
  return changed ? el("mark", {}, text) : text;
}
