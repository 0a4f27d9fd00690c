import { visible } from "../model/visible.js";
import { number, plural } from "./plural.js";
import { recoveredLines } from "./recovered-text.js";
import { signatureLines } from "./signatures-text.js";
import type { Summary, TableSummary } from "./summary.js";

export { number, plural };

/** The summary for a terminal: fits one screen, says first what matters. */
export function summaryText(summary: Summary): string {
  const { totals, tables, leftOut, rekeyed, sequences, warnings } = summary;
  const changed = tables.filter((table) => sum(table.incident) > 0);
  const lines = [
    `${number(totals.rowsCompared)} rows compared in ${tables.length} ${plural(tables.length, "table")}; the incident delta has ${number(totals.incoming)}:`,
    "",
    ...grid([headings, ...changed.map(tableLine), ...(changed.length > 1 ? [totalLine(summary)] : [])]),
    "",
    ...signatureLines(summary),
    ...(totals.decided > 0
      ? [`${number(totals.decided)} conflicts were settled by a strategy or a decision.`]
      : []),
    ...(rekeyed > 0
      ? [
          `${number(rekeyed)} ${rekeyed === 1 ? "row comes" : "rows come"} back under a new key: see rekeyed.csv.`,
        ]
      : []),
    ...recoveredLines(summary),
    ...leftOut
      .filter(({ open }) => open)
      .map(({ table, reason }) => `not compared: ${visible(table)}: ${visible(reason)}`),
    ...sequencesLine(sequences),
    ...warnings.map((warning) => `warning: ${visible(warning)}`),
    totals.open === 0
      ? "Nothing is open."
      : `${number(totals.open)} open: see conflicts.csv and report.html.`,
  ];
  return `${lines.join("\n")}\n`;
}

/** Sequences named in one line; all of them are in summary.json. */
const namedSequences = 3;

function sequencesLine(sequences: Summary["sequences"]): readonly string[] {
  if (sequences.length === 0) return [];
  const named = sequences
    .slice(0, namedSequences)
    .map(({ sequence, from, to }) => `${visible(sequence)} from ${from} to ${to}`);
  const others = sequences.length - named.length;
  const more = others === 0 ? "" : `, and ${number(others)} more: see summary.json`;
  return [`${plural(sequences.length, "sequence")} moved up: ${named.join(", ")}${more}`];
}

const headings = [
  "table",
  "insert",
  "update",
  "delete",
  "already",
  "conflict",
  "kept",
  "excluded",
  "skipped",
];

function tableLine(table: TableSummary): readonly string[] {
  const conflicts = sum(table.conflicts);
  const { insert, update, delete: deleted } = table.apply;
  const { already, kept, excluded, skipped } = table;
  return [
    visible(table.table),
    ...[insert, update, deleted, already, conflicts, kept, excluded, skipped].map(number),
  ];
}

function totalLine({ tables, totals }: Summary): readonly string[] {
  const apply = (operation: "insert" | "update" | "delete") =>
    tables.reduce((total, table) => total + table.apply[operation], 0);
  const { already, conflict, kept, excluded, skipped } = totals;
  const counts = [
    apply("insert"),
    apply("update"),
    apply("delete"),
    already,
    conflict,
    kept,
    excluded,
    skipped,
  ];
  return ["in all", ...counts.map(number)];
}

/** Columns as wide as they need to be; the first to the left, numbers to the right. */
function grid(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
