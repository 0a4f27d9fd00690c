import { visible } from "../../model/visible.js";
import { number } from "../plural.js";
import { wrap } from "../wrap.js";
import { passwordHint } from "./plan-command.js";
import type { FindingSummary, KindSummary, TimelineSummary } from "./timeline-summary.js";
import { findingWords, headline, kindWords } from "./timeline-words.js";

export interface TextLook {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
}

type Interval = TimelineSummary["intervals"][number];

/** Narrower than this, lines are broken by the terminal. */
const narrowest = 40;
const widest = 120;

/** The timeline for a terminal: what came out, a bar for each interval, what is abnormal, and what to run next. */
export function timelineText(summary: TimelineSummary, look: TextLook): string {
  const width = Math.max(narrowest, Math.min(widest, look.width));
  const lines = [
    ...wrap(visible(headline(summary)), width),
    "",
    ...chart(summary.intervals, { ...look, width }),
    ...wrap("+ inserted, ~ updated, - deleted; ! abnormal", width),
    ...summary.intervals.flatMap((interval) => details(interval, width)),
    ...suggestionLines(summary, width),
    ...leftOutLines(summary, width),
  ];
  return `${lines.join("\n")}\n`;
}

function chart(intervals: readonly Interval[], { width, color }: TextLook): readonly string[] {
  const names = intervals.map(({ from, to }) => visible(`${from} → ${to}`));
  const totals = intervals.map(totalOf);
  const [nameWidth, figureWidth] = [longest(names), longest(totals.map(number))];
  // Where a label leaves no room for a bar, the bar gets a line of its own.
  const beside = width - nameWidth - figureWidth - 6;
  const barWidth = beside >= 10 ? beside : width - 4;
  const largest = Math.max(1, ...totals);
  return intervals.flatMap((interval, at) => {
    const mark = interval.abnormal ? "!" : " ";
    const figure = number(totals[at] ?? 0);
    const bar = barOf(interval, barWidth / largest);
    const name = names[at] ?? "";
    const painted = color && interval.abnormal ? (text: string) => `\u001b[1;31m${text}\u001b[0m` : plain;
    if (beside < 10)
      return [painted(`${mark} ${name}  ${figure}`), ...(bar === "" ? [] : [painted(`    ${bar}`)])];
    return [painted(`${mark} ${name.padEnd(nameWidth)}  ${figure.padStart(figureWidth)}  ${bar}`.trimEnd())];
  });
}

const plain = (text: string) => text;

/** However few there are, what is there can be seen. */
function barOf({ counts }: Interval, scale: number): string {
  const run = (letter: string, rows: number) =>
    rows === 0 ? "" : letter.repeat(Math.max(1, Math.floor(rows * scale)));
  const bar = run("+", counts.insert) + run("~", counts.update) + run("-", counts.delete);
  return bar;
}

function totalOf({ counts }: Pick<Interval, "counts">): number {
  return counts.insert + counts.update + counts.delete;
}

function longest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}

/** Of an interval that is not abnormal, only what became of the tables themselves. */
function details({ from, to, minutes, findings, tables }: Interval, width: number): readonly string[] {
  const told = new Set(findings.map(({ table }) => table));
  const rest = tables.filter(({ table }) => told.has(table)).flatMap((table) => otherKinds(table, findings));
  const schema = tables.flatMap(({ table, schema: changes }) =>
    changes.map((change) => `${table}: ${change}`),
  );
  const lines = [...findings.map((finding) => findingWords(finding, minutes)), ...rest, ...schema];
  if (lines.length === 0) return [];
  return [
    "",
    visible(`${from} → ${to}`),
    ...lines.flatMap((line) => wrap(visible(line), width, "  ", "    ")),
  ];
}

const shownKinds = 3;

/** What else happened to a table of which something is abnormal. */
function otherKinds(
  { table, kinds }: Interval["tables"][number],
  findings: Interval["findings"],
): readonly string[] {
  const others = kinds
    .filter((kind) => !findings.some((finding) => isOf(kind, table, finding)))
    .map(kindWords);
  const shown = others.slice(0, shownKinds).join("; ");
  const more = others.length > shownKinds ? "; and more" : "";
  return shown === "" ? [] : [`${table}, besides: ${shown}${more}`];
}

/** Whether a finding about this table speaks of the kind. */
function isOf(kind: KindSummary, table: string, finding: FindingSummary): boolean {
  if (finding.table !== table || finding.operation !== kind.operation) return false;
  const { columns } = finding;
  return (
    columns.length === 0 ||
    kind.columns.some(({ name, transition }) =>
      columns.some((column) => column.name === name && column.transition === transition),
    )
  );
}

function suggestionLines({ suggestions }: TimelineSummary, width: number): readonly string[] {
  if (suggestions.length === 0) return [];
  return [
    "",
    ...suggestions.flatMap(({ pre, post, command }, at) => [
      ...wrap(visible(suggestionWords(pre, post, at, suggestions.length)), width),
      // Not broken over lines: it is there to be copied.
      `  ${visible(command)}`,
    ]),
    ...wrap(passwordHint, width),
  ];
}

function suggestionWords(pre: string, post: string, at: number, of: number): string {
  const all = of > 1 && at === of - 1 ? " (all of it)" : "";
  return `Next, with pre = ${pre} and post = ${post}${all}:`;
}

function leftOutLines({ leftOut }: TimelineSummary, width: number): readonly string[] {
  const open = leftOut.filter((entry) => entry.open);
  if (open.length === 0) return [];
  return [
    "",
    ...open.flatMap(({ table, reason }) =>
      wrap(visible(`not compared: ${table}: ${reason}`), width, "", "  "),
    ),
  ];
}
