import type { Relative } from "../../../src/index.js";
import type { RowPlace } from "../state/state.js";
import { type Line, line, span } from "../text/line.js";
import { shown } from "../text/measure.js";
import { table } from "../text/table.js";
import { valueText } from "../text/value.js";

/** The rows that foreign keys bind a row to: a heading, and a line for each. */
export function relativeLines({ relatives }: RowPlace, columns: number): readonly Line[] {
  if (relatives === undefined) return [line(span("looking for related rows…", "dim"))];
  const { heading, row } = table<Relative>(
    [
      { heading: "is its", width: 7, cell: ({ relation }) => relation },
      { heading: "row", width: undefined, cell: rowText },
      { heading: "in the plan", width: 18, cell: plannedText },
      { heading: "in current", width: 11, cell: currentText },
      ...(columns < 110 ? [] : [{ heading: "by", width: 40, cell: byText }]),
    ],
    columns - 2,
  );
  const { rows, more, withoutCurrent } = relatives;
  return [
    heading,
    ...rows.map((relative) => row(relative, false)),
    ...(rows.length === 0 ? [line(span("No foreign key binds this row to another one.", "dim"))] : []),
    ...(more ? [line(span("… and more", "dim"))] : []),
    ...(withoutCurrent === undefined
      ? []
      : [line(span(`current was not asked: ${shown(withoutCurrent)}`, "warning"))]),
  ];
}

const rowText = ({ table: label, key, columns }: Relative): string =>
  shown(`${label} ${key === undefined ? `(${columns.join(", ")})` : key.map(valueText).join(", ")}`);

function plannedText({ planned }: Relative): string {
  return planned === undefined ? "·" : `${planned.operation}, ${planned.outcome}`;
}

function currentText({ inCurrent }: Relative) {
  if (inCurrent === undefined) return span("not asked", "dim");
  return inCurrent ? "there" : span("not there", "warning");
}

const byText = ({ constraint, columns }: Relative): string => shown(`${constraint} (${columns.join(", ")})`);
