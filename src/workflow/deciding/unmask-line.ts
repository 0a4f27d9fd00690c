import type { PlannedRow } from "../../model/change.js";
import { columnNames, keyObject, type Table } from "../../model/table.js";
import type { Value } from "../../model/value.js";
import type { DecidedLine } from "../../report/csv/read-conflicts-csv.js";
import { isMark, type Redactor } from "../../report/redact-rows.js";
import { compact } from "./read-line.js";

/** What a line of a redacted `conflicts.csv` means: its marks are the values that they were written for. */
export interface UnmaskedLine {
  readonly line: DecidedLine;
  /** Marks that stand for nothing of this row: written as values, they would be data. */
  readonly mistake: string | undefined;
}

export function unmaskLine(
  table: Table,
  row: PlannedRow,
  line: DecidedLine,
  redactor: Redactor,
): UnmaskedLine {
  const shown = redactor.row(row);
  const isShownKey = line.key !== undefined && compact(line.key) === keyText(table, shown.key);
  const isShownReason = line.reason === (shown.conflict?.reason ?? "").trim();
  const value = unmaskedValue(table, row, line, redactor);
  return {
    line: {
      ...line,
      key: isShownKey ? keyText(table, row.key) : line.key,
      reason: isShownReason ? (row.conflict?.reason ?? "").trim() : line.reason,
      value: value ?? line.value,
    },
    mistake:
      value === undefined
        ? "has a value that is the mark of a redacted one: write the value itself, or take another resolution"
        : undefined,
  };
}

function keyText(table: Table, key: readonly string[]): string {
  return JSON.stringify(keyObject(table, key));
}

/** Undefined where a mark is none of this row's. */
function unmaskedValue(
  table: Table,
  row: PlannedRow,
  { column, value }: DecidedLine,
  redactor: Redactor,
): string | undefined {
  let strange = false;
  const real = (name: string | undefined, text: unknown): unknown => {
    if (typeof text !== "string" || !isMark(text)) return text;
    const found = valuesOf(table, row, name).find(
      ({ at, value: own }) => own !== null && redactor.value(table.label, at, own) === text,
    );
    strange ||= found === undefined;
    return found === undefined ? text : found.value;
  };
  const parsed = parsedJson(value);
  if (parsed === undefined) return value;
  const whole = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  const unmasked = whole
    ? Object.fromEntries(Object.entries(parsed).map(([name, text]) => [name, real(name, text)]))
    : real(column, parsed);
  return strange ? undefined : JSON.stringify(unmasked);
}

/** All that the row has, or is to have, in a column; in any, where none is named. */
function valuesOf(
  table: Table,
  { pre, post, current, rekeyed, change }: PlannedRow,
  name: string | undefined,
): readonly { readonly at: number; readonly value: Value }[] {
  const after = change === undefined || change.kind === "delete" ? undefined : change.after;
  const named = columnNames(
    table,
    table.columns.map((_, at) => at),
  ).indexOf(name ?? "");
  const positions = table.columns.flatMap((_, at) => (named === -1 || named === at ? [at] : []));
  return [pre, post, current, rekeyed, after].flatMap((version) =>
    positions.map((at) => ({ at, value: version?.[at] ?? null })),
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
