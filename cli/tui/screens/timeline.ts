import { findingWords, headline, kindWords, number, type TimelineSummary } from "../../../src/index.js";
import { timelineMargin } from "../state/heights.js";
import { blank, type Line, line, type Span, span } from "../text/line.js";
import { clip, fitLeft, fitRight, shown, width, wrap } from "../text/measure.js";
import { windowOf } from "./list-window.js";
import type { Screen } from "./screen.js";

type Interval = TimelineSummary["intervals"][number];

/** What changed from snapshot to snapshot, as bars; which intervals are abnormal, and what to compare. */
export const timeline: Screen<"timeline"> = {
  title: () => "Timeline",
  body: ({ timeline: found, list }, _, { columns, height }) => {
    if (found === undefined) return [line(span("reading the timeline…", "dim"))];
    const room = Math.max(1, height - timelineMargin);
    const barLine = barsOf(found.intervals, columns - 2);
    const lines = windowOf(found.intervals, list, room).map(({ item, selected }) => ({
      ...barLine(item),
      selected,
    }));
    const filler = new Array<Line>(room - lines.length).fill(blank);
    const head = wrap(shown(headline(found)), columns - 2).slice(0, 2);
    return [
      ...head.map((text) => line(span(text, found.abnormal > 0 ? "warning" : "heading"))),
      ...new Array<Line>(2 - head.length).fill(blank),
      ...suggestionLines(found, columns),
      line(span("+ inserted  ~ updated  - deleted  ! abnormal", "dim")),
      ...lines,
      ...filler,
      ...pane(found.intervals[list.selected], columns),
    ];
  },
  tell: ({ timeline: found }) =>
    found === undefined
      ? { lines: ["Reading the timeline."], items: [] }
      : {
          lines: [shown(headline(found)), ...suggestionTexts(found).map(shown)],
          items: found.intervals.map((item, at) => ({ at, text: told(item) })),
        },
};

/** The narrowest window, and what to make of it: two lines. */
function suggestionLines(found: TimelineSummary, columns: number): readonly Line[] {
  const lines = suggestionTexts(found).map((text) => line(clip(shown(text), columns - 2)));
  return [...lines, blank, blank].slice(0, 2);
}

function suggestionTexts({ intervals, suggestions }: TimelineSummary): readonly string[] {
  const narrowest = intervals
    .filter(({ abnormal }) => abnormal)
    .toSorted((a, b) => lengthOf(a) - lengthOf(b))[0];
  const windows = suggestions.map(({ pre, post }) => `pre = ${pre}, post = ${post}`);
  return [
    ...(narrowest === undefined
      ? []
      : [`narrowest: ${narrowest.from} → ${narrowest.to}${minutesOf(narrowest)}`]),
    ...(windows.length === 0 ? [] : [`compare ${windows.join("; or ")}`]),
  ];
}

/** Where nobody knows how long it is, it is none of the narrowest. */
const lengthOf = ({ minutes }: Interval): number => minutes ?? Number.POSITIVE_INFINITY;
const minutesOf = ({ minutes }: Interval): string => (minutes === null ? "" : `, ${number(minutes)} min`);

const totalOf = ({ counts }: Interval): number => counts.insert + counts.update + counts.delete;

/** However few there are, what is there can be seen. */
function barsOf(intervals: readonly Interval[], columns: number): (item: Interval) => Line {
  const nameOf = ({ from, to }: Interval) => clip(shown(`${from} → ${to}`), Math.floor(columns / 3));
  const nameWidth = Math.max(...intervals.map((item) => width(nameOf(item))));
  const figureWidth = Math.max(...intervals.map((item) => number(totalOf(item)).length));
  const largest = Math.max(1, ...intervals.map(totalOf));
  const scale = (columns - 2 - nameWidth - figureWidth - 4 - 3) / largest;
  const run = (letter: string, rows: number) =>
    rows === 0 ? "" : letter.repeat(Math.max(1, Math.floor(rows * scale)));
  return (item) => {
    const { counts, abnormal } = item;
    const bar = run("+", counts.insert) + run("~", counts.update) + run("-", counts.delete);
    const figure = fitRight(number(totalOf(item)), figureWidth);
    const text = `${abnormal ? "!" : " "} ${fitLeft(nameOf(item), nameWidth)}  ${figure}  ${bar}`;
    return line(span(text, abnormal ? "error" : undefined));
  };
}

/** What happened in the interval that is selected: seven lines at most. */
function pane(item: Interval | undefined, columns: number): readonly Line[] {
  if (item === undefined) return [];
  const parts = detailsOf(item).flatMap(({ text, tone }) =>
    wrap(shown(text), columns - 4).map((part) => line(span(`  ${part}`, tone))),
  );
  const most = 5;
  const lines = parts.length > most ? [...parts.slice(0, most - 1), line(span("  …", "dim"))] : parts;
  return [line(span("─".repeat(Math.max(0, columns - 2)), "dim")), ...lines];
}

/** What is abnormal, then what else changed. */
function detailsOf({ findings, minutes, tables }: Interval): readonly Span[] {
  const found = findings.map((finding) => span(findingWords(finding, minutes), "warning"));
  const told = new Set(findings.map(({ table }) => table));
  const others = tables
    .filter(({ table }) => !told.has(table))
    .map(({ table, kinds }) => span(`${table}: ${kinds.slice(0, 3).map(kindWords).join("; ")}`));
  return [...found, ...others, ...(tables.length === 0 ? [span("nothing changed", "dim")] : [])];
}

function told(item: Interval): string {
  const { from, to, abnormal } = item;
  const details = detailsOf(item).map(({ text }) => shown(text));
  return `${shown(`${from} to ${to}`)}${abnormal ? ", abnormal" : ""}: ${number(totalOf(item))} changed. ${details.join(". ")}`;
}
