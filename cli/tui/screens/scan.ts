import { number, plural } from "../../../src/index.js";
import type { ScannedTable, ScanPlace } from "../state/state.js";
import { blank, type Line, line, type Span, span } from "../text/line.js";
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
    const { tables, above, below } = windowOf(place, room);
    return [
      progressLine(place),
      rateLine(place),
      blank,
      ...(place.tables.length === 0 ? [] : [heading]),
      ...above,
      ...tables.map((item) => row(item, false)),
      ...below,
      blank,
      ...warnings.map((text) => line(span(text, "warning"))),
    ];
  },
  tell: (place) => ({
    lines: [
      `${phaseText(place)}. ${number(place.done)} ${plural(place.done, "row")} so far.`,
      ...(waitingIn(place) === 0 ? [] : [`${number(waitingIn(place))} more to come.`]),
      ...place.warnings.map((text) => shown(`Warning: ${text}`)),
    ],
    items: [],
  }),
};

function phaseText({ phase, tables, tableCount }: ScanPlace): string {
  const begun = tables.filter(({ startedAt }) => startedAt !== undefined).length;
  if (phase === "compare") return `comparing pre and post: table ${begun} of ${tableCount}`;
  if (phase === "merge") return `merging with current: table ${begun} of ${tableCount}`;
  return phase;
}

const waitingIn = ({ tables }: ScanPlace): number =>
  tables.filter(({ startedAt }) => startedAt === undefined).length;

interface Window {
  readonly tables: readonly ScannedTable[];
  /** What is not seen of the list, in words, before it and after it. */
  readonly above: readonly Line[];
  readonly below: readonly Line[];
}

/** What is under way, with the last that is done above it and what waits below. */
function windowOf({ tables }: ScanPlace, room: number): Window {
  if (tables.length <= room) return { tables, above: [], below: [] };
  const open = tables.findIndex(({ endedAt }) => endedAt === undefined);
  const inside = Math.max(1, room - 2);
  const most = tables.length - inside;
  const from = Math.max(0, Math.min(open === -1 ? most : open - 1, most));
  const after = tables.length - from - inside;
  const hidden = (count: number, what: string) =>
    count === 0 ? [] : [line(span(`   ${number(count)} more ${what}`, "dim"))];
  return {
    tables: tables.slice(from, from + inside),
    above: hidden(from, "done"),
    below: hidden(after, open === -1 ? "done" : "to come"),
  };
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
  return [
    { heading: "", width: 1, cell: markOf },
    { heading: "table", width: undefined, cell: (item) => shown(item.table) },
    {
      heading: "rows",
      width: 11,
      right: true,
      cell: ({ rows, startedAt }) => (startedAt === undefined ? "" : number(rows)),
    },
    {
      heading: "of about",
      width: 11,
      right: true,
      cell: ({ expected }) => (expected === undefined ? "?" : number(expected)),
    },
    {
      heading: "rows/s",
      width: 9,
      right: true,
      cell: (item) => (item.startedAt === undefined ? "" : number(Math.round(rateOf(item, now)))),
    },
    { heading: "time", width: 14, right: true, cell: (item) => timeOf(item, now) },
  ];
}

function markOf({ startedAt, endedAt }: ScannedTable): Span {
  if (startedAt === undefined) return span("·", "dim");
  return endedAt === undefined ? span("▸", "warning") : span("✓", "good");
}

const took = ({ startedAt = 0, endedAt }: ScannedTable, now: number): number =>
  ((endedAt ?? now) - startedAt) / 1000;

const rateOf = (item: ScannedTable, now: number): number =>
  took(item, now) > 0 ? item.rows / took(item, now) : 0;

/** How long it took, or about how long it will. */
function timeOf(item: ScannedTable, now: number): string | Span {
  const { startedAt, endedAt, expected, rows } = item;
  if (startedAt === undefined) return span("waiting", "dim");
  const rate = rateOf(item, now);
  const isGuess = endedAt === undefined && expected !== undefined && expected > rows && rate > 0;
  return isGuess ? `${duration((expected - rows) / rate)} left` : `${took(item, now).toFixed(1)} s`;
}
