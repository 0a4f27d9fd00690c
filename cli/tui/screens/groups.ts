import { type ConflictGroup, number, plural } from "../../../src/index.js";
import { groupsMargin } from "../state/heights.js";
import { type GroupsPlace, listedGroups } from "../state/state.js";
import { blank, type Line, line, span } from "../text/line.js";
import { shown, wrap } from "../text/measure.js";
import { count } from "../text/numbers.js";
import { type Column, table } from "../text/table.js";
import { windowOf } from "./list-window.js";
import type { Screen } from "./screen.js";

/** Conflicts grouped by what they have in common. */
export const groups: Screen<"groups"> = {
  title: (place, { plan }) => {
    const label = place.table === undefined ? "all tables" : plan?.header.tables[place.table]?.label;
    const search = place.search === "" ? "" : ` with "${place.search}"`;
    return shown(`Conflicts of ${label ?? ""}${search}`);
  },
  body: (place, _, { columns, height }) => {
    if (place.groups === undefined) return [line(span("reading the conflicts…", "dim"))];
    const listed = listedGroups(place);
    if (listed.length === 0) return [line(span(empty(place), "dim"))];
    const { heading, row } = table(columnsFor(place, columns), columns - 2);
    const room = Math.max(1, height - groupsMargin);
    const list = windowOf(listed, place.list, room).map(({ item, selected }) => row(item, selected));
    const filler = new Array<Line>(room - list.length).fill(blank);
    return [heading, ...list, ...filler, ...pane(listed[place.list.selected], columns)];
  },
  tell: (place) => ({
    lines: place.groups === undefined ? ["Reading the conflicts."] : [],
    items: listedGroups(place).map((group, at) => ({ at, text: told(group) })),
  }),
};

const empty = ({ search }: GroupsPlace): string =>
  search === ""
    ? "Nothing is in conflict."
    : `No group has "${shown(search)}". Search again with / and an empty text.`;

function columnsFor({ table: only }: GroupsPlace, columns: number): readonly Column<ConflictGroup>[] {
  const label: Column<ConflictGroup> = {
    ...{ heading: "table", width: columns < 110 ? 20 : 36 },
    cell: (group) => shown(group.label),
  };
  return [
    {
      ...{ heading: "open", width: 7, right: true },
      cell: ({ open }) => (open === 0 ? span("✓", "good") : span(number(open), "warning")),
    },
    { heading: "decided", width: 7, right: true, cell: ({ decided }) => count(decided) },
    ...(only === undefined ? [label] : []),
    { heading: "kind", width: 13, cell: ({ kind }) => kind },
    { heading: "what happened to which column", width: undefined, cell: summary },
  ];
}

/** The pattern on one line; where there is none, the columns. */
function summary({ described, columns }: ConflictGroup): string {
  return shown(described.length > 0 ? described.join("; ") : columns.join(", "));
}

/** More about the group that is selected, below the list. */
function pane(group: ConflictGroup | undefined, columns: number): readonly Line[] {
  if (group === undefined) return [];
  const { rows, open, decided, label, kind } = group;
  const head = line(
    span(`${number(rows)} ${plural(rows, "row")}`, "heading"),
    ` of ${shown(label)}, ${kind}: `,
    open === 0 ? span("all decided", "good") : span(`${number(open)} open`, "warning"),
    open > 0 && decided > 0 ? `, ${number(decided)} decided` : "",
  );
  const all = group.described.flatMap((text) => wrap(shown(text), columns - 4));
  const lines = all.length > 3 ? [...all.slice(0, 2), `… and ${all.length - 2} more`] : all;
  return [
    line(span("─".repeat(Math.max(0, columns - 2)), "dim")),
    head,
    ...lines.map((text) => line(`  ${text}`)),
  ];
}

function told(group: ConflictGroup): string {
  const { label, kind, rows, open } = group;
  return `${shown(label)}, ${kind}, ${number(rows)} ${plural(rows, "row")}, ${number(open)} open. ${summary(group)}`;
}
