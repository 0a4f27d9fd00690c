import { number, type PlannedRow, plural, type Row, type Table } from "../../../src/index.js";
import { signatureRowsMargin } from "../state/heights.js";
import type { SignatureRowsPlace } from "../state/incident-places.js";
import type { State } from "../state/state.js";
import { line, type Span, span } from "../text/line.js";
import { clip, shown } from "../text/measure.js";
import { type Column, table } from "../text/table.js";
import { noRow, valueText } from "../text/value.js";
import { keyLine } from "../text/versions.js";
import type { Screen } from "./screen.js";

/** The rows of one signature: what they were, what the incident made of them, what becomes of them. */
export const signatureRows: Screen<"signature-rows"> = {
  title: ({ signature }) => signature.id,
  body: (place, state, { columns, height }) => {
    const { signature, total, list } = place;
    const { heading, row } = table(columnsFor(place, state, columns), columns - 2);
    return [
      line(clip(shown(signature.words), columns - 2)),
      line(
        span(`row ${number(list.selected + 1)} of ${number(total)}`, "dim"),
        span(signature.called === undefined ? "" : `  called ${signature.called}`, "warning"),
      ),
      heading,
      ...linesInSight(place, height - signatureRowsMargin).map(({ item, selected }) =>
        item === undefined ? { ...line(span("…", "dim")), selected } : row(item, selected),
      ),
    ];
  },
  tell: (place, { plan }) => {
    const { signature, total, page } = place;
    return {
      lines: [`${shown(signature.words)}.`, `${number(total)} ${plural(total, "row")}.`],
      items: page.lines.map((item, order) => {
        const of = plan?.header.tables[item.table];
        const [pre, post] = [versionText(item, item.pre, of).text, versionText(item, item.post, of).text];
        const text = `${keyLine(item, of)}: pre ${pre}, post ${post}, ${item.outcome}`;
        return { at: page.from + order, text };
      }),
    };
  },
};

/** What is on the screen; undefined where it is still being read. */
function linesInSight({ list, page, total }: SignatureRowsPlace, height: number) {
  const count = Math.max(0, Math.min(height, total - list.top));
  return Array.from({ length: count }, (_, order) => {
    const at = list.top + order;
    return { item: page.lines[at - page.from], selected: at === list.selected };
  });
}

function columnsFor(_: SignatureRowsPlace, { plan }: State, columns: number): readonly Column<PlannedRow>[] {
  const tableOf = (item: PlannedRow) => plan?.header.tables[item.table];
  const version = (heading: string, row: (item: PlannedRow) => Row | undefined): Column<PlannedRow> => ({
    ...{ heading, width: undefined },
    cell: (item) => versionText(item, row(item), tableOf(item)),
  });
  const isWide = columns >= 110;
  return [
    { heading: "key", width: isWide ? 32 : 16, cell: (item) => keyLine(item, tableOf(item)) },
    version("pre", ({ pre }) => pre),
    version("post", ({ post }) => post),
    { heading: "outcome", width: 9, cell: ({ outcome }) => outcome },
    ...(isWide
      ? [{ heading: "transaction", width: 12, cell: ({ transaction }: PlannedRow) => transaction ?? "·" }]
      : []),
  ];
}

/** The columns that the incident changed, of one version; of a row that came or went, all. */
function versionText({ pre, post }: PlannedRow, version: Row | undefined, of: Table | undefined): Span {
  if (version === undefined) return noRow;
  const changed = version.flatMap((_, at) =>
    pre !== undefined && post !== undefined && pre[at] === post[at] ? [] : [at],
  );
  const cells = changed
    .slice(0, 6)
    .map((at) => `${shown(of?.columns[at]?.name ?? "")}=${clip(valueText(version[at] ?? null), 40)}`);
  return span(cells.join(" "));
}
