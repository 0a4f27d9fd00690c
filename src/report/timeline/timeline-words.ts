import { identifier } from "../../model/names.js";
import type { Operation } from "../../model/value.js";
import { number, plural } from "../plural.js";
import type { ColumnSummary, FindingSummary, KindSummary, TimelineSummary } from "./timeline-summary.js";

const done: Readonly<Record<Operation, string>> = {
  insert: "inserted",
  update: "updated",
  delete: "deleted",
};

/** `1 982 updated: is_pinned_on__release → NULL`. Not escaped. */
export function kindWords({ operation, columns, rows }: KindSummary): string {
  const what = columns.map(columnWords).join(", ");
  return `${number(rows)} ${done[operation]}${what === "" ? "" : `: ${what}`}`;
}

function columnWords({ name, transition, value }: ColumnSummary): string {
  const column = identifier(name);
  switch (transition) {
    case "to-null":
      return `${column} → NULL`;
    case "from-null":
      return `${column} NULL → ${value === null ? "a value" : quoted(value)}`;
    default:
      return value === null ? column : `${column} → ${quoted(value)}`;
  }
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** `public.device: 1 982 updated: …, usually about 3`. Not escaped. */
export function findingWords(finding: FindingSummary, minutes: number | null): string {
  const { reason, table, rows, usual } = finding;
  if (reason === "emptied") return `${table}: emptied, all ${number(rows)} ${plural(rows, "row")} are gone`;
  if (reason === "dropped") return `${table}: dropped with ${number(rows)} ${plural(rows, "row")}`;
  const span = minutes === null ? "in an interval" : `in ${number(minutes)} min`;
  const expected = usual === null || usual === 0 ? "usually none" : `usually about ${number(usual)}`;
  return `${table}: ${kindWords(finding)} (${expected} ${span})`;
}

/** What came out, in one sentence. */
export function headline({ intervals, abnormal }: TimelineSummary): string {
  if (intervals.length === 1)
    return abnormal === 0
      ? "One interval has no other to be held against: nothing can be called abnormal, and no table was emptied."
      : "The interval is abnormal: a table lost all its rows.";
  if (abnormal === 0)
    return `None of the ${number(intervals.length)} intervals is abnormal against the others.`;
  const names = intervals.filter((interval) => interval.abnormal).map(({ from, to }) => `${from} → ${to}`);
  const verb = abnormal === 1 ? "is" : "are";
  return `${number(abnormal)} of ${number(intervals.length)} intervals ${verb} abnormal: ${names.join(", ")}`;
}
