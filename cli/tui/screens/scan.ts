import { number, plural } from "../../../src/index.js";
import type { ScannedTable, ScanPlace } from "../state/state.js";
import { blank, type Line, line, span } from "../text/line.js";
import { shown, wrap } from "../text/measure.js";
import { bar, duration, percent } from "../text/numbers.js";
import { type Column, table } from "../text/table.js";
import type { Screen } from "./screen.js";

/** A plan in the making. */
export const scan: Screen<"scan"> = {
  title: () => "Scan",
  body: (place, _, { columns, height }) => {
    const warnings = place.warnings.slice(-2).flatMap((text) => wrap(shown(`warning: ${text}`), columns - 4));
    const { heading, row } = table(columnsFor(place), columns - 2);
    const room = Math.max(1, height - 6 - warnings.length);
    return [
      progressLine(place),
      rateLine(place),
      blank,
      ...(place.tables.length === 0 ? [] : [heading]),
      ...place.tables.slice(-room).map((item) => row(item, false)),
      blank,
      ...warnings.map((text) => line(span(text, "warning"))),
    ];
  },
  tell: (place) => ({
    lines: [
      `${phaseText(place)}. ${number(place.done)} ${plural(place.done, "row")} so far.`,
      ...place.warnings.map((text) => shown(`Warning: ${text}`)),
    ],
    items: [],
  }),
};

function phaseText({ phase, tables, tableCount }: ScanPlace): string {
  if (phase === "compare") return `comparing pre and post: table ${tables.length} of ${tableCount}`;
  if (phase === "merge") return `merging with current: table ${tables.length} of ${tableCount}`;
  return phase;
}

const seconds = ({ now, phaseStartedAt }: ScanPlace): number => Math.max(0, (now - phaseStartedAt) / 1000);

function progressLine(place: ScanPlace): Line {
  const { done, total } = place;
  if (total === undefined || total === 0) return line(span(phaseText(place), "heading"));
  return line(
    span(bar(done / total, 24), "good"),
    ` ${percent(done / total)}  `,
    span(phaseText(place), "heading"),
  );
}

function rateLine(place: ScanPlace): Line {
  const { done, total, now, startedAt } = place;
  const passed = seconds(place);
  const rate = passed > 0 ? done / passed : 0;
  const left =
    total === undefined || rate === 0 || done >= total
      ? ""
      : `, about ${duration((total - done) / rate)} left`;
  const rows =
    done === 0 ? "" : `${number(done)} ${plural(done, "row")}, ${number(Math.round(rate))} rows/s${left}, `;
  return line(span(`${rows}${duration((now - startedAt) / 1000)} in all`, "dim"));
}

function columnsFor({ now }: ScanPlace): readonly Column<ScannedTable>[] {
  const took = ({ startedAt, endedAt }: ScannedTable) => ((endedAt ?? now) - startedAt) / 1000;
  const rate = (item: ScannedTable) => (took(item) > 0 ? item.rows / took(item) : 0);
  return [
    {
      heading: "",
      width: 1,
      cell: ({ endedAt }) => (endedAt === undefined ? span("▸", "warning") : span("✓", "good")),
    },
    { heading: "table", width: undefined, cell: (item) => shown(item.table) },
    { heading: "rows", width: 13, right: true, cell: ({ rows }) => number(rows) },
    { heading: "seconds", width: 9, right: true, cell: (item) => took(item).toFixed(1) },
    { heading: "rows/s", width: 11, right: true, cell: (item) => number(Math.round(rate(item))) },
  ];
}
