import { number } from "../../../src/index.js";
import { footer } from "../keys/footer.js";
import { bodyHeight } from "../state/heights.js";
import { totals } from "../state/overview.js";
import type { Prompt, State } from "../state/state.js";
import { entrySpans } from "../text/entry-spans.js";
import { blank, clipLine, type Line, line, type Span, span } from "../text/line.js";
import { maskUrl } from "../text/mask-url.js";
import { clip, shown, width, wrap } from "../text/measure.js";
import { bodyOf, titleOf } from "./registry.js";

/** The whole screen, line by line, but for the free line at its end. */
export function frame(state: State, color: boolean): readonly Line[] {
  const { columns } = state.size;
  const height = bodyHeight(state.size);
  const complaint = complaintLines(state);
  const body = bodyOf(state, { columns, height, color }).slice(0, height - complaint.length);
  const filler = new Array<Line>(height - complaint.length - body.length).fill(blank);
  const lines = [
    titleLine(state),
    pathLine(state),
    line(span("─".repeat(Math.max(0, columns - 2)), "dim")),
    ...body,
    ...filler,
    ...complaint,
    messageLine(state),
    ...footer(state),
  ];
  return lines.map((item) => clipLine(item, columns - marginColumns));
}

/** In front of each line: room for the mark of the one that is selected. */
const marginColumns = 2;

/** What it is about, and on the right how much is left to do. */
function titleLine(state: State): Line {
  const { plan, size } = state;
  const left = plan === undefined ? "pgmend" : `pgmend ${plan.header.mode}: ${shown(plan.folder)}`;
  const right = progress(state);
  const room = size.columns - 2;
  const used = right.reduce((sum, { text }) => sum + width(text), 0);
  const name = clip(left, room - used - 2);
  return line(span(name, "title"), " ".repeat(Math.max(1, room - used - width(name))), ...right);
}

function progress({ plan, busy }: State): readonly Span[] {
  const working = busy === undefined ? [] : [span(`${busy}…  `, "warning")];
  if (plan === undefined) return working;
  const { open, decided } = totals(plan);
  const { notInPatch } = plan.overview;
  const behind = notInPatch > 0 ? [span(`, ${number(notInPatch)} not in the patch yet`, "warning")] : [];
  return [
    ...working,
    span(`${number(open)} open`, open > 0 ? "warning" : "good"),
    span(`, ${number(decided)} decided`),
    ...behind,
  ];
}

/** How the person got here. */
function pathLine(state: State): Line {
  const titles = state.places.map((place) => titleOf(place, state));
  const last = titles.at(-1) ?? "";
  const before = titles.slice(0, -1).map((title) => `${clip(title, 30)} › `);
  const room = state.size.columns - 2 - width(last);
  const path = before.join("");
  return line(
    span(width(path) > room ? `${clip(path, Math.max(0, room - 3))} › ` : path, "dim"),
    span(last, "title"),
  );
}

/** What was just said, or what is being asked. */
function messageLine({ prompt, notice, size }: State): Line {
  if (prompt !== undefined) return promptLine(prompt, size.columns);
  if (notice === undefined) return blank;
  const mark = { good: "✓ ", warning: "! ", error: "✗ " }[notice.tone];
  return line(span(clip(mark + shown(notice.text), size.columns - 2), notice.tone));
}

/** Why an answer was not taken, above the question. */
function complaintLines({ prompt, size }: State): readonly Line[] {
  if (prompt?.error === undefined) return [];
  return wrap(`✗ ${shown(prompt.error)}`, size.columns - 2)
    .slice(0, 2)
    .map((text) => line(span(text, "error")));
}

function promptLine({ asks, label, entry: typed, isNull }: Prompt, columns: number): Line {
  const isUrl = asks.kind === "rehearse-on";
  const entry = isUrl ? { ...typed, text: maskUrl(typed.text) } : typed;
  const question = `${clip(shown(label), Math.floor((columns * 2) / 3))}: `;
  const room = Math.max(10, columns - 2 - width(question));
  return line(span(question, "key"), ...(isNull ? [span("NULL", "dim")] : entrySpans(entry, room)));
}
