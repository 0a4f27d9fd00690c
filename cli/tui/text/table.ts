import { type Line, line, type Span, span, type Tone } from "./line.js";
import { clip, fitLeft, fitRight, width } from "./measure.js";

/** A column of a list on the screen. */
export interface Column<T> {
  readonly heading: string;
  /** Undefined: it takes what the others leave, shared with others of its kind. */
  readonly width: number | undefined;
  readonly right?: boolean;
  readonly cell: (item: T) => string | Span | readonly Span[];
}

/** The heading, and one line for each item; all of the same width. */
export interface TextTable<T> {
  readonly heading: Line;
  readonly row: (item: T, selected: boolean) => Line;
}

const gap = "  ";

export function table<T>(columns: readonly Column<T>[], columnsInAll: number): TextTable<T> {
  const widths = widthsOf(columns, columnsInAll);
  return {
    heading: line(
      ...separated(columns.map((column, at) => [cell(column, column.heading, widths[at] ?? 0, "heading")])),
    ),
    row: (item, selected) => ({
      ...line(...separated(columns.map((column, at) => cells(column, column.cell(item), widths[at] ?? 0)))),
      selected,
    }),
  };
}

function widthsOf<T>(columns: readonly Column<T>[], all: number): readonly number[] {
  const fixed = columns.reduce((sum, column) => sum + (column.width ?? 0), 0);
  const flexible = columns.filter((column) => column.width === undefined).length;
  const left = all - fixed - gap.length * (columns.length - 1);
  return columns.map((column) => column.width ?? Math.max(3, Math.floor(left / flexible)));
}

function separated(cells: readonly (readonly Span[])[]): readonly Span[] {
  return cells.flatMap((spans, at) => (at === 0 ? spans : [span(gap), ...spans]));
}

function cells<T>(
  column: Column<T>,
  content: string | Span | readonly Span[],
  columns: number,
): readonly Span[] {
  if (typeof content === "string") return [cell(column, content, columns)];
  if ("text" in content) return [cell(column, content.text, columns, content.tone)];
  return fitSpans(content, columns);
}

function cell<T>({ right }: Column<T>, text: string, columns: number, tone?: Tone): Span {
  return span(right === true ? fitRight(text, columns) : fitLeft(text, columns), tone);
}

/** Spans cut or filled up to exactly so many columns. */
export function fitSpans(spans: readonly Span[], columns: number): readonly Span[] {
  const fitted: Span[] = [];
  let room = columns;
  for (const item of spans) {
    const used = width(item.text);
    fitted.push(used > room ? { ...item, text: clip(item.text, room) } : item);
    room -= Math.min(used, room);
    if (used > room && room === 0) break;
  }
  return room > 0 ? [...fitted, span(" ".repeat(room))] : fitted;
}

/**
 * Spans of which so many columns can be seen: where what is marked stands too far to the right, the unmarked text
 * before it gives way.
 */
export function clipAround(spans: readonly Span[], columns: number): readonly Span[] {
  const total = spans.reduce((sum, { text }) => sum + width(text), 0);
  const [first, ...others] = spans;
  if (total <= columns || first === undefined || others.length === 0 || first.tone === "changed")
    return spans;
  const kept = [...first.text].slice(-leading).join("");
  return width(first.text) <= Math.max(leading, columns / 3)
    ? spans
    : [{ ...first, text: `…${kept}` }, ...others];
}

/** Characters before the first change that stay. */
const leading = 12;
