import { isBag } from "../../model/bag.js";
import { type Column, columnAt } from "../../model/table.js";
import { columnReference, type StagingNames, target } from "./names.js";
import type { PatchStep } from "./step.js";

/** Which columns the staging table of a step has: the key, the values expected and the values to write. */
export interface StagingShape {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

export function stagingShape(step: PatchStep): StagingShape {
  switch (step.kind) {
    case "insert":
      return { before: [], after: step.columns };
    case "update":
      return { before: [...new Set([...step.columns, ...(step.guarded ?? [])])], after: step.columns };
    case "delete":
      return { before: step.columns, after: [] };
  }
}

/** The staged rows `s`, for FROM. What is folded is unfolded once for each row: a field of a composite reads all of it. */
export function stagedRows(step: PatchStep, names: StagingNames): string {
  const { before, after } = stagingShape(step);
  const unfold = (name: string) => ` CROSS JOIN LATERAL pg_catalog.unnest(ARRAY[s.${name}]) AS ${name}`;
  const unfolded =
    names.folded === undefined
      ? ""
      : `${before.length === 0 ? "" : unfold("was")}${after.length === 0 ? "" : unfold("becomes")}`;
  return `pg_temp.${names.table} AS s${unfolded}`;
}

/** To be put behind `stagedRows`: `d.n` is NULL for rows that the step did not write. */
export function joinWritten({ written }: StagingNames): string {
  return ` LEFT JOIN pg_temp.${written} AS d ON d.n = s.n`;
}

/** The staging table, with the very types of the columns. */
export function stagingTable(step: PatchStep, names: StagingNames, onCommit: "DROP" | "DELETE ROWS"): string {
  const { table } = step;
  const shape = stagingShape(step);
  const create = (name: string, columns: readonly string[]) =>
    `CREATE TEMP TABLE ${name} ON COMMIT ${onCommit} AS
  SELECT ${columns.join(", ")}
  FROM ${target(table)} AS t WITH NO DATA;\n`;
  const before = shape.before.map((position) => typed(columnAt(table, position), names.before(position)));
  const after = shape.after.map((position) => typed(columnAt(table, position), names.after(position)));
  const own = [
    "0::bigint AS n",
    ...(mayBeAside(step) ? ["false AS aside"] : []),
    ...(isBag(table) ? ["0::bigint AS copy"] : []),
    ...table.key.map((position) => typed(columnAt(table, position), names.key(position))),
  ];
  const { folded, written } = names;
  const marks = `CREATE TEMP TABLE ${written} (n bigint) ON COMMIT ${onCommit};\n`;
  if (folded === undefined) return `${create(names.table, [...own, ...before, ...after])}${marks}`;
  const composites = [`NULL::pg_temp.${folded.before} AS was`, `NULL::pg_temp.${folded.after} AS becomes`];
  return `${create(folded.before, before)}${create(folded.after, after)}${create(names.table, [...own, ...composites])}${marks}`;
}

/** Below any domain: a value that was there before a domain got its constraint must still be comparable. */
function typed(column: Column, name: string): string {
  const reference = columnReference("t", column);
  return column.baseType === column.type
    ? `${reference} AS ${name}`
    : `${reference}::${column.baseType} AS ${name}`;
}

export function mayBeAside({ held = [] }: PatchStep): boolean {
  return held.length > 0;
}

/** Two lists of values as two composites. */
export function fold(
  { before, after }: NonNullable<StagingNames["folded"]>,
  [was, becomes]: readonly [readonly string[], readonly string[]],
): readonly string[] {
  return [`ROW(${was.join(", ")})::pg_temp.${before}`, `ROW(${becomes.join(", ")})::pg_temp.${after}`];
}
