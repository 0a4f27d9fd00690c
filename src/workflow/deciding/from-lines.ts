import { type PlannedConflict, type PlannedRow, versionsOf } from "../../model/change.js";
import { isRowConflict } from "../../model/conflict.js";
import type { PlanHeader } from "../../model/plan.js";
import { columnAt, columnNames, type Table } from "../../model/table.js";
import type { Row, Triple, Value } from "../../model/value.js";
import { decidedCells } from "../../report/csv/decided-cells.js";
import type { DecidedLine, LineMistake } from "../../report/csv/read-conflicts-csv.js";
import type { Redactor } from "../../report/redact-rows.js";
import type { PlanStore } from "../../store/plan-store.js";
import { redactorOf } from "../redaction.js";
import { compact, type ReadLine, readLine } from "./read-line.js";
import { type DecisionRequest, subjectOf } from "./take-decisions.js";
import { unmaskLine } from "./unmask-line.js";

export interface RequestedLines {
  readonly requests: readonly DecisionRequest[];
  readonly mistakes: readonly LineMistake[];
  /** Conflicts whose lines say what the plan says already. */
  readonly unchanged: number;
}

interface Asked {
  readonly header: Pick<PlanHeader, "mode" | "tables" | "redaction">;
  /** `conflicts.csv`, for messages. */
  readonly file: string;
  /** For lines without one. */
  readonly reason: string | undefined;
}

/** Conflicts looked up in one query. */
const chunkSize = 1000;

/** What the lines of a `conflicts.csv` ask for; those of one conflict, one for each cell, make one decision. */
export async function requestsOf(
  store: PlanStore,
  lines: readonly DecidedLine[],
  asked: Asked,
): Promise<RequestedLines> {
  const byConflict = new Map<string, DecidedLine[]>();
  for (const line of lines) {
    const known = byConflict.get(line.conflict);
    if (known === undefined) byConflict.set(line.conflict, [line]);
    else known.push(line);
  }
  const found = { requests: [] as DecisionRequest[], mistakes: [] as LineMistake[], unchanged: 0 };
  const redactor = redactorOf(asked.header);
  const ids = [...byConflict.keys()];
  for (let from = 0; from < ids.length; from += chunkSize) {
    const some = ids.slice(from, from + chunkSize);
    const rows = await rowsOf(store, some);
    for (const id of some) {
      const mine = byConflict.get(id) ?? [];
      const read = readConflict(rows.get(id), mine, asked, redactor);
      if (read === "unchanged") found.unchanged += 1;
      else if (Array.isArray(read)) found.mistakes.push(...read);
      else found.requests.push(read as DecisionRequest);
    }
  }
  return found;
}

async function rowsOf(
  store: PlanStore,
  conflicts: readonly string[],
): Promise<ReadonlyMap<string, PlannedRow>> {
  const rows = new Map<string, PlannedRow>();
  for await (const batch of store.rows({ conflicts }))
    for (const row of batch) if (row.conflict !== undefined) rows.set(row.conflict.id, row);
  return rows;
}

function readConflict(
  row: PlannedRow | undefined,
  given: readonly DecidedLine[],
  asked: Asked,
  redactor: Redactor,
): DecisionRequest | "unchanged" | readonly LineMistake[] {
  const table = row && asked.header.tables[row.table];
  const conflict = row?.conflict;
  if (row === undefined || table === undefined || conflict === undefined) return given.map(unknownConflict);
  const lines = given.map((line) => unmaskLine(table, row, line, redactor));
  const unknown = lines.flatMap(({ line, mistake }) =>
    mistake === undefined ? [] : [{ line: line.line, what: mistake }],
  );
  if (unknown.length > 0) return unknown;
  return readLines(
    table,
    { ...row, conflict },
    lines.map(({ line }) => line),
    asked,
  );
}

function readLines(
  table: Table,
  row: PlannedRow & { readonly conflict: PlannedConflict },
  lines: readonly DecidedLine[],
  { header, file, reason }: Asked,
): DecisionRequest | "unchanged" | readonly LineMistake[] {
  const { conflict } = row;
  const read = lines.map((line) => readLine(table, row, conflict, line));
  const mistakes = [
    ...read.flatMap(({ line, mistakes }) => mistakes.map((what) => ({ line, what }))),
    ...doubles(lines),
    ...(read.some(({ mistakes }) => mistakes.length > 0) ? [] : partial(table, conflict, lines, read)),
  ];
  if (mistakes.length > 0) return mistakes;
  if (isUnchanged(table, row, conflict, lines, read)) return "unchanged";
  const decided = combine(table, versionsOf(header.mode, row), conflict, read);
  if ("what" in decided) return [decided];
  const reasons = [...new Set(lines.flatMap((line) => line.reason || []))].join("; ");
  return {
    ...decided,
    subject: subjectOf(header.mode, { table, row }),
    reason: reasons === "" ? reason : reasons,
    where: `${file} line ${lines[0]?.line}`,
  };
}

function unknownConflict({ line, conflict }: DecidedLine): LineMistake {
  const what =
    conflict === "" ? "names no conflict" : `there is no conflict ${conflict} in the plan, or not any more`;
  return { line, what };
}

function doubles(lines: readonly DecidedLine[]): readonly LineMistake[] {
  const first = new Map<string, number>();
  return lines.flatMap(({ line, conflict, column }) => {
    const before = column === undefined ? undefined : first.get(column);
    if (column !== undefined && before === undefined) first.set(column, line);
    return before === undefined
      ? []
      : [{ line, what: `conflict ${conflict}, column "${column}" is on line ${before} already` }];
  });
}

/** A row is decided as a whole, so some of its cells are not enough. */
function partial(
  table: Table,
  { id, columns }: PlannedConflict,
  lines: readonly DecidedLine[],
  read: readonly ReadLine[],
): readonly LineMistake[] {
  if (read.every(({ column }) => column === undefined)) return differing(id, lines, read);
  const missing = columns.filter((at) => !read.some(({ column }) => column === at));
  if (missing.length === 0) return [];
  const names = columnNames(table, missing).join(", ");
  const what = `conflict ${id} is decided in part only: a resolution for ${names} is missing`;
  return [{ line: lines[0]?.line ?? 0, what }];
}

/** Without the column of columns, lines of one conflict can only say the same. */
function differing(
  id: string,
  lines: readonly DecidedLine[],
  read: readonly ReadLine[],
): readonly LineMistake[] {
  const [first, ...others] = read;
  return others.flatMap(({ resolution, values }, at) =>
    resolution === first?.resolution && values === undefined
      ? []
      : [{ line: lines[at + 1]?.line ?? 0, what: `contradicts line ${lines[0]?.line} about conflict ${id}` }],
  );
}

function isUnchanged(
  table: Table,
  row: PlannedRow,
  conflict: PlannedConflict,
  lines: readonly DecidedLine[],
  read: readonly ReadLine[],
): boolean {
  const planned = decidedCells(table, row, conflict);
  return read.every(({ column, resolution }, at) => {
    const cell = planned.find((one) => one.column === column) ?? planned[0];
    const line = lines[at] as DecidedLine;
    return (
      cell?.resolution === resolution &&
      compact(line.value) === cell.value &&
      (line.reason === undefined || line.reason === (conflict.reason ?? "").trim())
    );
  });
}

type Combined = Pick<DecisionRequest, "resolution" | "values">;

/** The same resolution for all is one for the row; several make values, cell by cell. */
function combine(
  table: Table,
  rows: Triple<Row | undefined>,
  conflict: PlannedConflict,
  read: readonly ReadLine[],
): Combined | LineMistake {
  const words = new Set(read.map(({ resolution }) => resolution));
  const [only = "current"] = words;
  if (words.size === 1 && only !== "value") return { resolution: only };
  const whole = read.find(({ values }) => values !== undefined)?.values;
  if (whole !== undefined) return { resolution: "value", values: whole };
  const cells: [string, Value][] = [];
  for (const { line, column, resolution, value } of read) {
    if (column === undefined) continue;
    const version = resolution === "value" ? undefined : rows[resolution];
    if (resolution !== "value" && version === undefined)
      return { line, what: `there is no ${resolution} row to take this cell from` };
    const taken = resolution === "value" ? value : version?.[column];
    const { name } = columnAt(table, column);
    // What is not named keeps what current has; where a constraint does not allow a row, what the row would have.
    if (resolution !== "current" || !isRowConflict(conflict.kind)) cells.push([name, taken ?? null]);
  }
  return { resolution: "value", values: Object.fromEntries(cells) };
}
