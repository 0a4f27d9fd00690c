import type { PlannedRow, Table } from "../../../src/index.js";
import type { PlanInfo, RowPlace } from "./state.js";

/** What the list of the row screen holds: columns, by position, or relatives, by number. */
export function rowItems(place: RowPlace, plan: PlanInfo | undefined): readonly number[] {
  const { detail, relatives, shows } = place;
  const table = tableOf(place, plan);
  if (detail === undefined || table === undefined) return [];
  if (shows === "relatives") return (relatives?.rows ?? []).map((_, at) => at);
  if (shows === "all columns") return table.columns.map((_, at) => at);
  return columnsInQuestion(detail.row);
}

export function tableOf({ detail }: RowPlace, plan: PlanInfo | undefined): Table | undefined {
  return detail === undefined ? undefined : plan?.header.tables[detail.row.table];
}

/** The columns in conflict; of a row that is in conflict as a whole, those in which its versions differ. */
export function columnsInQuestion({ conflict, pre, post, current }: PlannedRow): readonly number[] {
  if (conflict !== undefined && conflict.columns.length > 0) return conflict.columns;
  const versions = [pre, post, current].filter((row) => row !== undefined);
  const [first = []] = versions;
  if (versions.length < 2) return first.map((_, at) => at);
  const differing = first.flatMap((value, at) => (versions.every((row) => row[at] === value) ? [] : [at]));
  return differing.length > 0 ? differing : first.map((_, at) => at);
}
