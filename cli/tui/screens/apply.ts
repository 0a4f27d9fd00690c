import { previewText } from "../../apply/apply-text.js";
import type { ApplyPlace } from "../state/recovery-places.js";
import { type Line, line, span } from "../text/line.js";
import { shown, wrap } from "../text/measure.js";
import { runBody, tellRun } from "./run-view.js";
import type { Screen } from "./screen.js";

/** Writing to the database, or taking it back: what is asked before, how far it is, and what became of it. */
export const apply: Screen<"apply"> = {
  title: ({ direction, onDrift }) =>
    `${direction === "patch" ? "Apply" : "Take back"}${onDrift === "skip" ? ", leaving rows that moved" : ""}`,
  body: (place, _, view) =>
    place.phase === "asking" ? questionLines(place, view.columns) : runBody(place, doing(place), view),
  tell: (place) =>
    place.phase === "asking"
      ? { lines: question(place).filter((text) => text !== ""), items: [] }
      : tellRun(place, doing(place)),
};

function doing({ phase, direction, isPaused }: ApplyPlace): string {
  if (phase === "looking") return "looking at current";
  if (isPaused) return "pausing; p goes on";
  return direction === "patch" ? "writing" : "taking back";
}

/** Table by table, and where; then how it will go. */
function question({ preview, direction, onDrift }: ApplyPlace): readonly string[] {
  if (preview === undefined) return [];
  const moved =
    onDrift === "stop"
      ? "It stops at the first rows that are no longer as planned."
      : "Rows that are no longer as planned are left, and what needs them.";
  const how = "In small transactions, each row only if it still says what was seen. p pauses, s stops.";
  const back = direction === "patch" ? "What was written can be taken back with z." : "";
  return [...previewText(preview).trimEnd().split("\n"), "", how, moved, back];
}

function questionLines(place: ApplyPlace, columns: number): readonly Line[] {
  return question(place).flatMap((text) => {
    const indent = text.startsWith("  ") ? "  " : "";
    return wrap(shown(text.trim()), columns - 4).map((part) =>
      line(span(indent + part, indent === "" ? undefined : "heading")),
    );
  });
}
