import { type Line, lineText, type Span, type Tone } from "../text/line.js";
import { fitLeft } from "../text/measure.js";

/** How a tone looks, as a terminal is told. Of its sixteen colours, so that they suit its background. */
const looks: Readonly<Record<Tone, string>> = {
  title: "1",
  heading: "1",
  dim: "2",
  key: "1;36",
  good: "32",
  warning: "33",
  error: "1;31",
  changed: "4;33",
  match: "7",
  cursor: "7",
};
const plain = "\u001b[0m";

/**
 * A line as a terminal takes it. The line that the cursor is on has a mark of its own, and is inverse where there are
 * colours.
 */
export function paintLine(line: Line, columns: number, color: boolean): string {
  const isEdited = line.spans.some(({ tone }) => tone === "cursor");
  if (line.selected === true && color && !isEdited) {
    return inLook("7", fitLeft(`> ${lineText(line)}`, columns));
  }
  const mark = line.selected === true ? "> " : "  ";
  return mark + line.spans.map((span) => paintSpan(span, color)).join("");
}

/** Where there are no colours, only the cursor of a text that is typed is shown otherwise. */
function paintSpan({ text, tone }: Span, color: boolean): string {
  return tone === undefined || (tone !== "cursor" && !color) ? text : inLook(looks[tone], text);
}

const inLook = (look: string, text: string): string => `\u001b[${look}m${text}${plain}`;
