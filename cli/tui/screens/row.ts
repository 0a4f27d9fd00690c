import { type ConflictDetail, number, type Table } from "../../../src/index.js";
import { rowMargin, stackedLines, wideRow } from "../state/heights.js";
import { rowItems, tableOf } from "../state/row-items.js";
import type { RowPlace, State } from "../state/state.js";
import { chainText } from "../text/causes.js";
import { blank, type Line, line, lineText, span } from "../text/line.js";
import { clip, shown, wrap } from "../text/measure.js";
import { keyLine } from "../text/versions.js";
import { whyInConflict } from "../text/why.js";
import { cellLines, type ShownRow, sideBySide, stacked } from "./cells.js";
import { windowOf } from "./list-window.js";
import { relativeLines } from "./relatives.js";
import type { Screen, View } from "./screen.js";

/** One conflict: its versions, why it is one, and what was decided. */
export const row: Screen<"row"> = {
  title: ({ detail, at, total }, { plan }) => {
    const table = detail && plan?.header.tables[detail.row.table];
    const place = `${number(at + 1)} of ${number(total)}`;
    return detail === undefined ? place : `${keyLine(detail.row, table)} (${place})`;
  },
  body: (place, state, view) => {
    const shownRow = shownRowOf(place, state);
    if (shownRow === undefined) return [line(span("reading the row…", "dim"))];
    const list = listOf(place, state, shownRow, view);
    return [...head(shownRow, view.columns), causesLine(shownRow, view.columns), ...list];
  },
  tell: (place, state) => {
    const shownRow = shownRowOf(place, state);
    if (shownRow === undefined) return { lines: ["Reading the row."], items: [] };
    const endless = Number.POSITIVE_INFINITY;
    const lines = [...head(shownRow, endless), causesLine(shownRow, endless)]
      .map(lineText)
      .filter((text) => text !== "");
    const items = rowItems(place, state.plan);
    if (place.shows === "relatives")
      return { lines: [...lines, ...relativeLines(place, 100).map(lineText)], items: [] };
    const told = items.map((column, at) => ({
      at,
      text: cellLines(shownRow, column, false).map(lineText).join("; "),
    }));
    return { lines, items: told };
  },
};

function shownRowOf(place: RowPlace, { plan }: State): ShownRow | undefined {
  const table = tableOf(place, plan);
  if (plan === undefined || table === undefined || place.detail === undefined) return undefined;
  return { detail: place.detail, table, mode: plan.header.mode };
}

/** Which row it is, why it is in conflict, and what was decided: always four lines. */
function head({ detail, table, mode }: ShownRow, columns: number): readonly Line[] {
  const why = wrap(whyInConflict(detail.row, table, mode), columns - 2);
  const [first = "", second = ""] = why;
  return [
    line(span(shown(table.label), "heading"), `  ${keyLine(detail.row, table)}`, span(kindOf(detail), "dim")),
    line(first),
    line(why.length > 2 ? `${second.slice(0, columns - 3)}…` : second),
    decisionLine(detail, table),
  ];
}

function kindOf({ row: { conflict, tenant, actor } }: ConflictDetail): string {
  const whose = Object.entries({ tenant, actor }).flatMap(([word, name]) =>
    name === undefined ? [] : [`  ${word} ${shown(name)}`],
  );
  return `  ${conflict?.kind ?? ""}${whose.join("")}`;
}

/** What is in the row's way, as far as a line goes. */
function causesLine({ detail: { row } }: ShownRow, columns: number): Line {
  if (row.causes === undefined || row.causes.length === 0) return blank;
  return line(clip(`in its way: ${chainText(row.causes)}`, columns - 2));
}

function decisionLine({ decision, row: { conflict } }: ConflictDetail, table: Table): Line {
  if (decision !== undefined) {
    const reason = decision.reason === undefined ? "" : `: ${shown(decision.reason)}`;
    const values = Object.entries(decision.values ?? {})
      .filter(([name]) => table.columns.some((column) => column.name === name))
      .map(([name, value]) => ` ${shown(name)} = ${value === null ? "NULL" : shown(value)}`);
    return line(
      span(`✓ ${decision.resolution}`, "good"),
      `${values.join(",")} decided by ${shown(decision.by)}${reason}`,
    );
  }
  if (conflict?.resolution !== undefined) {
    return line(
      span(`✓ ${conflict.resolution}`, "good"),
      ` settled by a strategy: ${shown(conflict.reason ?? "")}`,
    );
  }
  return line(span("open", "warning"), span("  c, i or b takes a version of it, e writes a value", "dim"));
}

function listOf(place: RowPlace, state: State, shownRow: ShownRow, view: View): readonly Line[] {
  const height = view.height - rowMargin;
  if (place.shows === "relatives") {
    const [heading, ...lines] = relativeLines(place, view.columns);
    return [
      heading ?? blank,
      ...windowOf(lines, place.list, height).map(({ item, selected }) => ({ ...item, selected })),
    ];
  }
  const items = rowItems(place, state.plan);
  if (view.columns >= wideRow) {
    const { heading, rowOf } = sideBySide(shownRow, view);
    return [
      heading,
      ...windowOf(items, place.list, height).map(({ item, selected }) => rowOf(item, selected)),
    ];
  }
  const fitting = Math.max(1, Math.floor(height / stackedLines));
  const more = items.length - fitting;
  const heading = line(span(more > 0 ? `${items.length} columns` : "", "dim"));
  return [
    heading,
    ...windowOf(items, place.list, fitting).flatMap(({ item, selected }) =>
      stacked(shownRow, item, selected, view),
    ),
  ];
}
