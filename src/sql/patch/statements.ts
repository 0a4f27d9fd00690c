import { isBag } from "../../model/bag.js";
import { type Column, columnAt, columnNames, type Table } from "../../model/table.js";
import { assertNever } from "../../model/value.js";
import { comment, identifier, literal } from "../quote.js";
import { copiesDrift, writeCopies } from "./bag-statements.js";
import { finding } from "./findings.js";
import {
  columnReference,
  isNotNull,
  isNull,
  keyCondition,
  overriding,
  type StagingNames,
  sameExpression,
  target,
} from "./names.js";
import { joinWritten, stagedRows } from "./staging.js";
import { contentOf, type PatchStep, type StepOptions } from "./step.js";

/**
 * Writes the staged rows, guarded by what they expect, and notes the numbers of those that it wrote, all in one statement.
 * They go to a table of their own: marking the staged rows would write each of them once more, and look them up in a
 * list that the planner does not hash where it expects many.
 */
export function writeStatement(step: PatchStep, names: StagingNames, options: StepOptions): string {
  if (isBag(step.table)) return writeCopies(step, names);
  switch (step.kind) {
    case "insert":
      return `WITH written AS (
  INSERT INTO ${step.table.label} AS t (${columnNames(step.table, step.columns).map(identifier).join(", ")})${overriding(step.table)}
  SELECT ${step.columns.map((at) => insertedValue(step.table, at, names, options)).join(", ")}
  FROM ${stagedRows(step, names)}
  WHERE NOT EXISTS (SELECT FROM ${target(step.table)} AS t WHERE ${keyCondition(step.table, names)})
  ORDER BY s.n
  RETURNING ${step.table.key.map((at) => columnReference("t", columnAt(step.table, at))).join(", ")}
)
INSERT INTO pg_temp.${names.written} (n) SELECT ${once(step)}s.n FROM pg_temp.${names.table} AS s, written AS t WHERE ${keyCondition(step.table, names)};\n`;
    case "update":
      return `WITH written AS (
  UPDATE ${target(step.table)} AS t
  SET ${assignments(step, names, options).join(",\n    ")}
  FROM ${stagedRows(step, names)}
  WHERE ${[keyCondition(step.table, names), ...guards(step, names)].join("\n    AND ")}
  RETURNING s.n
)
${noteWritten(step, names)}`;
    case "delete":
      return `WITH written AS (
  DELETE FROM ${target(step.table)} AS t
  USING ${stagedRows(step, names)}
  WHERE ${[keyCondition(step.table, names), ...guards(step, names)].join("\n    AND ")}
  RETURNING s.n
)
${noteWritten(step, names)}`;
    default:
      return assertNever(step.kind);
  }
}

function noteWritten(step: PatchStep, names: StagingNames): string {
  return `INSERT INTO pg_temp.${names.written} (n) SELECT ${once(step)}n FROM written;\n`;
}

/** Nothing keeps a key of the config from being there twice; its number is to be noted once. */
function once({ table }: PatchStep): string {
  return table.keySource === "config" ? "DISTINCT " : "";
}

/** The numbers of staged rows that the step did not write. */
export function skippedRows(names: StagingNames): string {
  return `SELECT s.n FROM pg_temp.${names.table} AS s${joinWritten(names)} WHERE d.n IS NULL`;
}

function isStamped(table: Table, position: number, { touchWrite }: StepOptions): boolean {
  return touchWrite === "now" && table.touch.includes(position) && columnAt(table, position).isTime;
}

function insertedValue(table: Table, position: number, names: StagingNames, options: StepOptions): string {
  return isStamped(table, position, options) ? "pg_catalog.now()" : names.becomes(position);
}

function assignments(
  { table, columns }: PatchStep,
  names: StagingNames,
  options: StepOptions,
): readonly string[] {
  const stamped = table.touch.filter((position) => isStamped(table, position, options));
  const written = columns.filter((position) => !stamped.includes(position));
  return [
    ...written.map((position) => assignment(table, position, names)),
    ...stamped.map((position) => `${identifier(columnAt(table, position).name)} = pg_catalog.now()`),
  ];
}

/** A touch column that moved since the plan keeps what it has: that alone never holds a row back. */
function assignment(table: Table, position: number, names: StagingNames): string {
  const column = columnAt(table, position);
  const value = names.becomes(position);
  if (!table.touch.includes(position)) return `${identifier(column.name)} = ${value}`;
  const reference = columnReference("t", column);
  const asPlanned = sameExpression(column, reference, names.was(position));
  return `${identifier(column.name)} = CASE WHEN ${asPlanned} THEN ${value} ELSE ${reference} END`;
}

/** What a row must still say to be written. */
function guards({ table, kind, columns, guarded: more }: PatchStep, names: StagingNames): readonly string[] {
  const content = contentOf(table, more ?? columns);
  // An update of nothing but touch columns is guarded by them, so that a second run finds nothing to do.
  const guarded = kind === "update" && content.length === 0 ? columns : content;
  return guarded
    .filter((position) => !(kind === "delete" && table.key.includes(position)))
    .map((position) => {
      const column = columnAt(table, position);
      return sameExpression(column, columnReference("t", column), names.was(position));
    });
}

/**
 * Collects the rows that are not as the plan wants them after the write, each with what was found instead. A row that
 * was already as planned is none of them: that is what makes a second run harmless.
 */
export function driftStatement(
  number: number,
  step: PatchStep,
  names: StagingNames,
  { triggersFire }: StepOptions,
): string {
  const { table } = step;
  // Rows that were written are read again only where a trigger may have made something else of them.
  const candidates = triggersFire ? "true" : "d.n IS NULL";
  if (isBag(table)) return copiesDrift(number, step, names, candidates);
  const keyPairs = table.key.map(
    (position) => `${literal(columnAt(table, position).name)}, s.${names.key(position)}::pg_catalog.text`,
  );
  const firstKey = columnAt(table, table.key[0] ?? 0);
  const label = literal(comment(table.label));
  return `INSERT INTO pg_temp.pgmend_drift (step, n, "table", operation, key, finding)
SELECT ${number}, s.n, ${label}, ${literal(step.kind)}, pg_catalog.json_build_object(${keyPairs.join(", ")})::pg_catalog.text,
  ${finding(step, names, firstKey)}
FROM ${stagedRows(step, names)}${joinWritten(names)} LEFT JOIN ${target(table)} AS t ON ${keyCondition(table, names)}
WHERE ${candidates} AND NOT (${asPlanned(step, names, firstKey)});\n`;
}

/** What was written, counted once: rows that had to step aside are counted with their change. */
export function resultStatement(
  number: number,
  { table, kind, role }: PatchStep,
  names: StagingNames,
): string {
  if (role !== "change") return "";
  return `INSERT INTO pg_temp.pgmend_result (step, "table", operation, planned, written)
SELECT ${number}, ${literal(comment(table.label))}, ${literal(kind)}, (SELECT count(*) FROM pg_temp.${names.table}), (SELECT count(*) FROM pg_temp.${names.written});\n`;
}

/** Whether the row `t` is as the plan wants it. */
function asPlanned(
  { table, kind, columns, held = [] }: PatchStep,
  names: StagingNames,
  firstKey: Column,
): string {
  if (kind === "delete") return isNull(firstKey, columnReference("t", firstKey));
  const conditions = contentOf(table, columns)
    .filter((position) => !table.key.includes(position))
    .map((position) => {
      const column = columnAt(table, position);
      const same = sameExpression(column, columnReference("t", column), names.becomes(position));
      return held.includes(position) ? `(s.aside OR ${same})` : same;
    });
  return [isNotNull(firstKey, columnReference("t", firstKey)), ...conditions].join(" AND ");
}
