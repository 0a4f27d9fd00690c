import {
  type ConflictDetail,
  type DatabaseRole,
  databaseRoles,
  type Mode,
  type Table,
} from "../../../src/index.js";
import { blank, type Line, line, type Span, span } from "../text/line.js";
import { markChanges } from "../text/mark-changes.js";
import { shown } from "../text/measure.js";
import { clipAround, fitSpans, table as textTable } from "../text/table.js";
import { noRow, valueSpan } from "../text/value.js";
import { versionNames } from "../text/versions.js";
import type { View } from "./screen.js";

/** A conflict with what is needed to show its cells. */
export interface ShownRow {
  readonly detail: ConflictDetail;
  readonly table: Table;
  readonly mode: Mode;
}

/** pre, post and current beside each other, a line for each column. */
export function sideBySide(shownRow: ShownRow, view: View) {
  const names = versionNames(shownRow.mode);
  const nameWidth = Math.min(32, Math.max(12, ...shownRow.table.columns.map(({ name }) => name.length)));
  const width = Math.floor((view.columns - 2 - nameWidth - 3 * 2) / 3);
  const { heading, row } = textTable<number>(
    [
      { heading: "column", width: nameWidth, cell: (at) => nameCell(shownRow, at) },
      ...databaseRoles.map((role) => ({
        ...{ heading: names[role], width },
        cell: (at: number) => versionCell(shownRow, role, at, view.color, width),
      })),
    ],
    view.columns - 2,
  );
  return { heading, rowOf: row };
}

/** The versions of one column, one under the other. */
export function stacked(shownRow: ShownRow, at: number, selected: boolean, view: View): readonly Line[] {
  const [head, ...versions] = cellLines(shownRow, at, view.color, view.columns - 2);
  return [{ ...(head ?? blank), selected }, ...versions, blank];
}

export function cellLines(shownRow: ShownRow, at: number, color: boolean, columns?: number): readonly Line[] {
  const names = versionNames(shownRow.mode);
  const labelWidth = 18;
  const room = columns === undefined ? undefined : columns - labelWidth - 2;
  return [
    line(nameCell(shownRow, at), span(`  ${shown(shownRow.table.columns[at]?.type ?? "")}`, "dim")),
    ...databaseRoles.map((role) =>
      line(
        span(`  ${names[role].padEnd(labelWidth - 2)}`, "dim"),
        ...versionCell(shownRow, role, at, color, room),
      ),
    ),
  ];
}

/** In conflict: said by more than colour. */
function nameCell({ detail, table }: ShownRow, at: number): Span {
  const name = shown(table.columns[at]?.name ?? "");
  const isInConflict = detail.row.conflict?.columns.includes(at) === true;
  return span(isInConflict ? `${name} !` : name, isInConflict ? "warning" : "heading");
}

/** A cell of one version, marked where it differs from the base; what was decided for has a tick. */
function versionCell(
  { detail, mode }: ShownRow,
  role: DatabaseRole,
  at: number,
  color: boolean,
  room?: number,
): readonly Span[] {
  const version = detail.row[role];
  const tick = isTaken(detail, role, mode) ? [span("✓ ", "good")] : [];
  if (version === undefined) return [...tick, noRow];
  const value = version[at] ?? null;
  const base = detail.row[mode === "undo" ? "post" : "pre"];
  const isBase = role === (mode === "undo" ? "post" : "pre");
  const marked =
    isBase || base === undefined ? [valueSpan(value)] : markChanges(value, base[at] ?? null, color);
  if (room === undefined) return [...tick, ...marked];
  return fitSpans([...tick, ...clipAround(marked, room - 2 * tick.length)], room);
}

function isTaken({ decision, row }: ConflictDetail, role: DatabaseRole, mode: Mode): boolean {
  const taken = decision?.resolution ?? row.conflict?.resolution;
  if (taken === "current") return role === "current";
  const base = mode === "undo" ? "post" : "pre";
  if (taken === "base") return role === base;
  return taken === "incoming" && role !== base && role !== "current";
}
