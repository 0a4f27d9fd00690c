import type { PlannedConflict, PlannedRow } from "../../model/change.js";
import { type ResolutionWord, resolutions } from "../../model/decision.js";
import { identifier } from "../../model/names.js";
import { columnAt, columnNames, keyObject, type Table } from "../../model/table.js";
import type { Value } from "../../model/value.js";
import type { DecidedLine } from "../../report/csv/read-conflicts-csv.js";

/** A line, as far as it can be understood. */
export interface ReadLine {
  readonly line: number;
  readonly mistakes: readonly string[];
  /** Position of the column; undefined: the row as a whole. */
  readonly column: number | undefined;
  readonly resolution: ResolutionWord;
  /** Of a cell. */
  readonly value: Value | undefined;
  /** Of the row as a whole. */
  readonly values: Readonly<Record<string, Value>> | undefined;
}

export function readLine(
  table: Table,
  row: PlannedRow,
  conflict: PlannedConflict,
  line: DecidedLine,
): ReadLine {
  const mistakes: string[] = [...changedCells(table, row, conflict, line)];
  const column = columnOf(table, conflict, line);
  if (typeof column === "string") mistakes.push(column);
  const at = typeof column === "number" ? column : undefined;
  const resolution = resolutions.find((word) => word === line.resolution);
  if (resolution === undefined)
    mistakes.push(`resolution "${line.resolution}" is none of ${resolutions.join(", ")}`);
  let value: Value | undefined;
  let values: ReadLine["values"];
  if (resolution === "value") {
    if (at === undefined) values = rowValues(line.value);
    else value = cellValue(line.value);
    if (value === undefined && values === undefined) mistakes.push(notAValue(line.value, at === undefined));
  } else if (resolution !== undefined && line.value !== "") {
    mistakes.push(`contradicts itself: the resolution is ${resolution}, and there is a value`);
  }
  return {
    ...{ line: line.line, mistakes, column: at, resolution: resolution ?? "current", value, values },
  };
}

/** Columns that only inform say which conflict was meant: changed, they cast doubt on the line. */
function* changedCells(
  table: Table,
  row: PlannedRow,
  { kind }: PlannedConflict,
  line: DecidedLine,
): Generator<string> {
  if (line.table !== undefined && line.table !== "" && line.table !== table.label)
    yield `conflict ${line.conflict} is about ${table.label}, not ${line.table}`;
  const key = JSON.stringify(keyObject(table, row.key));
  if (line.key !== undefined && line.key !== "" && compact(line.key) !== key)
    yield `conflict ${line.conflict} is about the key ${key}, not ${line.key}`;
  if (line.kind !== undefined && line.kind !== "" && line.kind !== kind)
    yield `conflict ${line.conflict} is ${kind}, not ${line.kind}`;
}

export function compact(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return json;
  }
}

/** @returns the position, undefined for the row as a whole, or what is wrong */
function columnOf(
  table: Table,
  { id, columns }: PlannedConflict,
  { column }: DecidedLine,
): number | string | undefined {
  if (column === undefined && columns.length === 1) return columns[0];
  if (column === undefined || column === "") {
    if (columns.length === 0 || column === undefined) return undefined;
    return `names no column; in conflict are ${columnNames(table, columns).join(", ")}`;
  }
  const isNamed = (at: number) =>
    [identifier(columnAt(table, at).name), columnAt(table, at).name].includes(column);
  const found = columns.find(isNamed);
  if (found !== undefined) return found;
  const known = columns.length === 0 ? "the row as a whole" : columnNames(table, columns).join(", ");
  return `column ${column} is not in conflict ${id}; in conflict is ${known}`;
}

function cellValue(json: string): Value | undefined {
  const value = parsed(json);
  return value === null || typeof value === "string" ? value : undefined;
}

function rowValues(json: string): ReadLine["values"] {
  const values = parsed(json);
  if (typeof values !== "object" || values === null || Array.isArray(values)) return undefined;
  const all = Object.values(values);
  return all.every((value) => value === null || typeof value === "string")
    ? (values as Readonly<Record<string, Value>>)
    : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function notAValue(text: string, whole: boolean): string {
  const found = text === "" ? "there is none" : `not ${text}`;
  if (whole)
    return `the value of a whole row is a JSON object like {"column": "text", "other": null}; ${found}`;
  return `a value is a JSON text like "17", or null; ${found}`;
}
