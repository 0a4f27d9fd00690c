import { number, plural } from "../../../src/index.js";
import type { PatchPlace } from "../state/state.js";
import { type Line, line, type Span, span } from "../text/line.js";
import { shown } from "../text/measure.js";
import type { Screen } from "./screen.js";

/** The patch as text, before it is written and after. */
export const patch: Screen<"patch"> = {
  title: ({ total, isWritten }) => {
    if (total === undefined) return "Patch";
    const state = isWritten ? "written" : "not written yet";
    return `Patch: ${number(total)} ${plural(total, "line")}, ${state}`;
  },
  body: (place, _, { height }) => {
    const { total, list } = place;
    if (total === undefined)
      return [line(span("making the patch: constraints are checked against current…", "dim"))];
    const count = Math.max(0, Math.min(height, total - list.top));
    return Array.from({ length: count }, (__, order) => patchLine(place, list.top + order));
  },
  tell: ({ total, page }) => ({
    lines: total === undefined ? ["Making the patch."] : [`${number(total)} lines.`],
    items: page.lines.map((text, order) => ({ at: page.from + order, text: shown(text) })),
  }),
};

function patchLine({ page, list, search }: PatchPlace, at: number): Line {
  const text = page.lines[at - page.from];
  const selected = at === list.selected;
  if (text === undefined) return { ...line(span("…", "dim")), selected };
  return { ...line(...found(shown(text), search)), selected };
}

/** The text with what is searched marked; comments step back. */
function found(text: string, search: string): readonly Span[] {
  const tone = text.startsWith("--") ? "dim" : undefined;
  const at = search === "" ? -1 : text.toLowerCase().indexOf(search.toLowerCase());
  if (at === -1) return [span(text, tone)];
  const end = at + search.length;
  return [span(text.slice(0, at), tone), span(text.slice(at, end), "match"), span(text.slice(end), tone)];
}
