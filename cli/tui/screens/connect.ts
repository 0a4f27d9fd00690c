import { type ConnectField, type ConnectPlace, connectFields } from "../state/state.js";
import { entrySpans } from "../text/entry-spans.js";
import { blank, type Line, line, span } from "../text/line.js";
import { maskUrl } from "../text/mask-url.js";
import { shown, wrap } from "../text/measure.js";
import type { Screen } from "./screen.js";

/** Which three databases, and what is to be done with them. */
export const connect: Screen<"connect"> = {
  title: () => "Connect",
  body: (place, _, { columns }) => [
    line("Three databases tell what the incident did. Nothing is written to them."),
    blank,
    ...connectFields.flatMap((field) => fieldLines(place, field, columns)),
    line(span("mode".padEnd(9), "heading"), modes[place.mode]),
    line(
      span("folder".padEnd(9), "heading"),
      shown(place.folder),
      span("  the plan and the patch will be there", "dim"),
    ),
    blank,
    ...errorLines(place, undefined, columns),
  ],
  tell: (place) => ({
    lines: [
      "Three databases tell what the incident did. Nothing is written to them.",
      ...connectFields.map((field) => {
        const url = place.fields[field].text;
        return `${field}, ${meanings[field]}: ${url === "" ? "not given" : shown(maskUrl(url))}`;
      }),
      `Mode ${modes[place.mode]}`,
      ...place.errors.map(({ field, text }) => shown(field === undefined ? text : `${field}: ${text}`)),
    ],
    items: [],
  }),
};

const modes = {
  undo: "undo: take the damage back on current, which went on from post",
  replay: "replay: bring the lost window back onto current, which was restored from pre",
} as const;

const meanings: Readonly<Record<ConnectField, string>> = {
  pre: "a snapshot from before the incident",
  post: "a snapshot from after it; empty: current is read in its place",
  current: "the live database",
};

function fieldLines(place: ConnectPlace, field: ConnectField, columns: number): readonly Line[] {
  const hasFocus = place.focus === field;
  const room = columns - 12;
  const entry = place.fields[field];
  const masked = { text: maskUrl(entry.text), cursor: entry.cursor };
  const text = hasFocus ? entrySpans(masked, room) : [span(shown(masked.text))];
  const nothing = !hasFocus && entry.text === "" ? [span("not given", "dim")] : text;
  return [
    { ...line(span(field.padEnd(9), "heading"), ...nothing), selected: hasFocus },
    line(span(`         ${meanings[field]}`, "dim")),
    ...errorLines(place, field, columns),
    blank,
  ];
}

function errorLines(
  { errors }: ConnectPlace,
  of: ConnectField | undefined,
  columns: number,
): readonly Line[] {
  return errors
    .filter(({ field }) => field === of)
    .flatMap(({ text }) => text.split("\n"))
    .flatMap((text) => wrap(shown(text), columns - 12))
    .map((text) => line(span(`         ${text}`, "error")));
}
