import { type DatabaseRole, databaseRoles, number, plural } from "../../../src/index.js";
import { overviewMargin } from "../state/heights.js";
import { type OverviewRow, openTables, overviewRows, totals } from "../state/overview.js";
import type { PlanInfo } from "../state/state.js";
import { blank, type Line, line, span } from "../text/line.js";
import { shown } from "../text/measure.js";
import { bar, count, percent } from "../text/numbers.js";
import { type Column, table } from "../text/table.js";
import { windowOf } from "./list-window.js";
import type { Screen } from "./screen.js";

/** Tables, and what becomes of their rows. */
export const overview: Screen<"overview"> = {
  title: () => "Overview",
  body: (place, { plan }, { columns, height }) => {
    if (plan === undefined) return [];
    const rows = overviewRows(plan);
    const { heading, row } = table(columnsFor(columns), columns - 2);
    return [
      ...databaseRoles.map((role) => databaseLine(plan, role)),
      blank,
      progressLine(plan),
      blank,
      heading,
      ...(rows.length === 0 ? [line(span("The incident changed nothing in these tables.", "dim"))] : []),
      ...windowOf(rows, place.list, height - overviewMargin).map(({ item, selected }) => row(item, selected)),
    ];
  },
  tell: (_, { plan }) => {
    if (plan === undefined) return { lines: [], items: [] };
    const { open, decided, writes } = totals(plan);
    const conflicts = `${number(open)} ${plural(open, "conflict")} open, ${number(decided)} decided`;
    return {
      lines: [modes[plan.header.mode], `${number(writes)} ${plural(writes, "row")} to write. ${conflicts}.`],
      items: overviewRows(plan).map((row, at) => ({ at, text: toldRow(row) })),
    };
  },
};

const modes = {
  undo: "Mode undo: the damage is taken back on current.",
  replay: "Mode replay: the lost window is brought back onto current.",
} as const;

const meanings: Readonly<Record<DatabaseRole, string>> = {
  pre: "before the incident",
  post: "after it",
  current: "the live one",
};

function databaseLine({ header }: PlanInfo, role: DatabaseRole): Line {
  const { database, server, snapshotAt } = header.connections[role];
  const read = snapshotAt.slice(0, 19).replace("T", " ");
  return line(
    span(role.padEnd(9), "heading"),
    `${shown(database)} on ${shown(server)}`,
    span(`  ${meanings[role]}, read ${read}`, "dim"),
  );
}

function progressLine(plan: PlanInfo): Line {
  const { open, decided, writes } = totals(plan);
  const all = open + decided;
  const share = decided / all;
  const conflicts =
    all === 0
      ? [span("nothing is in conflict", "good")]
      : [
          span(bar(share, 20), open === 0 ? "good" : "warning"),
          ` ${percent(share)}: ${number(decided)} of ${number(all)} ${plural(all, "conflict")} decided`,
        ];
  return line(
    ...conflicts,
    span(`  ${number(writes)} ${plural(writes, "row")} to write`, "dim"),
    span(notes(plan), "warning"),
  );
}

function notes(plan: PlanInfo): string {
  const left = openTables(plan);
  const warned = plan.header.warnings.length;
  return [
    left === 0 ? "" : `  ${left} ${plural(left, "table")} not compared`,
    warned === 0 ? "" : `  ${warned} ${plural(warned, "warning")} in report.md`,
  ].join("");
}

const numbers = (heading: string, value: (row: OverviewRow) => number): Column<OverviewRow> => ({
  ...{ heading, width: 8, right: true },
  cell: (row) => count(value(row)),
});

/** On a narrow terminal, only what matters most. */
function columnsFor(columns: number): readonly Column<OverviewRow>[] {
  const writes = ({ changes }: OverviewRow) => changes.insert + changes.update + changes.delete;
  const some = [numbers("to write", writes)];
  const each = [
    numbers("insert", ({ changes }) => changes.insert),
    numbers("update", ({ changes }) => changes.update),
    numbers("delete", ({ changes }) => changes.delete),
  ];
  const others = [
    numbers("excluded", ({ outcomes }) => outcomes.excluded),
    numbers("skipped", ({ outcomes }) => outcomes.skipped),
  ];
  const isWide = columns >= 120;
  return [
    { heading: "table", width: isWide ? 48 : undefined, cell: ({ label }) => shown(label) },
    {
      ...{ heading: "open", width: 8, right: true },
      cell: ({ open }) => span(count(open), open === 0 ? undefined : "warning"),
    },
    numbers("decided", ({ decided }) => decided),
    ...(isWide ? each : some),
    numbers("already", ({ outcomes }) => outcomes.already),
    numbers("kept", ({ outcomes }) => outcomes.kept),
    ...(isWide ? others : []),
  ];
}

function toldRow({ label, open, decided, changes, outcomes }: OverviewRow): string {
  const writes = changes.insert + changes.update + changes.delete;
  return `${shown(label)}: ${number(open)} open, ${number(decided)} decided, ${number(writes)} to write, ${number(outcomes.already)} already, ${number(outcomes.kept)} kept`;
}
