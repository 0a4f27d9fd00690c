import { type ConflictLine, number, plural, type Row, type Table } from "../../../src/index.js";
import { rowsMargin } from "../state/heights.js";
import { columnsInQuestion } from "../state/row-items.js";
import type { RowsPlace, State } from "../state/state.js";
import { line, type Span, span } from "../text/line.js";
import { clip, shown } from "../text/measure.js";
import { type Column, table } from "../text/table.js";
import { noRow, valueText } from "../text/value.js";
import { keyLine, sidesOf } from "../text/versions.js";
import type { Screen } from "./screen.js";

/** The conflicts of a group, or of a search, one line each. */
export const rows: Screen<"rows"> = {
  title: ({ title, search }) => shown(search === "" ? title : `${title} with "${search}"`),
  body: (place, state, { columns, height }) => {
    const { total, list } = place;
    if (total === undefined) return [line(span("reading the rows…", "dim"))];
    if (total === 0) return [line(span(empty(place), "dim"))];
    const { heading, row } = table(columnsFor(state, columns), columns - 2);
    return [
      line(span(`${number(list.selected + 1)} of ${number(total)} ${plural(total, "row")}`, "dim")),
      heading,
      ...linesInSight(place, height - rowsMargin).map(({ item, selected }) =>
        item === undefined ? { ...line(span("…", "dim")), selected } : row(item, selected),
      ),
    ];
  },
  tell: (place, state) => {
    const { total, page } = place;
    return {
      lines: total === undefined ? ["Reading the rows."] : [`${number(total)} ${plural(total, "row")}.`],
      items: page.lines.map((item, order) => ({ at: page.from + order, text: told(item, state) })),
    };
  },
};

const empty = ({ search }: RowsPlace): string =>
  search === ""
    ? "No row is in conflict."
    : `No row has "${shown(search)}". Search again with / and an empty text.`;

/** What is on the screen; undefined where it is still being read. */
function linesInSight({ list, page, total = 0 }: RowsPlace, height: number) {
  const count = Math.max(0, Math.min(height, total - list.top));
  return Array.from({ length: count }, (_, order) => {
    const at = list.top + order;
    return { item: page.lines[at - page.from], selected: at === list.selected };
  });
}

function columnsFor({ plan }: State, columns: number): readonly Column<ConflictLine>[] {
  const mode = plan?.header.mode ?? "undo";
  const tableOf = (item: ConflictLine) => plan?.header.tables[item.row.table];
  const version = (heading: string, row: (item: ConflictLine) => Row | undefined): Column<ConflictLine> => ({
    ...{ heading, width: undefined },
    cell: (item) => versionCell(item, row(item), tableOf(item)),
  });
  const isWide = columns >= 110;
  return [
    { heading: "key", width: isWide ? 32 : 18, cell: (item) => keyLine(item.row, tableOf(item)) },
    ...(isWide ? [version("base", ({ row }) => sidesOf(row, mode).base)] : []),
    version("incoming", ({ row }) => sidesOf(row, mode).incoming),
    version("current", ({ row }) => row.current),
    { heading: "decision", width: isWide ? 30 : 16, cell: decisionCell },
  ];
}

/** The columns in conflict of one version of the row. */
function versionCell({ row }: ConflictLine, version: Row | undefined, of: Table | undefined): Span {
  if (version === undefined) return noRow;
  const columns = columnsInQuestion(row);
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) {
    const value = version[only] ?? null;
    return span(valueText(value), value === null ? "dim" : undefined);
  }
  const cells = columns
    .slice(0, 6)
    .map((at) => `${shown(of?.columns[at]?.name ?? "")}=${clip(valueText(version[at] ?? null), 40)}`);
  return span(cells.join(" "));
}

function decisionCell({ decision, row }: ConflictLine): Span {
  if (decision !== undefined) {
    const reason = decision.reason === undefined ? "" : `: ${shown(decision.reason)}`;
    return span(`✓ ${decision.resolution}${reason}`, "good");
  }
  const { resolution } = row.conflict ?? {};
  return resolution === undefined ? span("open", "warning") : span(`✓ ${resolution} (strategy)`, "good");
}

function told(item: ConflictLine, { plan }: State): string {
  const of = plan?.header.tables[item.row.table];
  const { incoming } = sidesOf(item.row, plan?.header.mode ?? "undo");
  const say = (version: Row | undefined) => versionCell(item, version, of).text;
  const decision = decisionCell(item).text.replace("✓", "decided:");
  return `${keyLine(item.row, of)}: incoming ${say(incoming)}, current ${say(item.row.current)}, ${decision}`;
}
