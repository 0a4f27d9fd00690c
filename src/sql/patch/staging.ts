import { copyNumberOf, isBag } from "../../model/bag.js";
import { type Column, columnAt, type Table } from "../../model/table.js";
import type { Row, Value } from "../../model/value.js";
import { comment, identifier, literal } from "../quote.js";
import { columnReference, type StagingNames, target } from "./names.js";
import type { KeyedChange, PatchStep, Shown, StepOptions } from "./step.js";

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

/** Creates the staging table and fills it, in batches. */
export async function* stage(
  step: PatchStep,
  names: StagingNames,
  options: StepOptions,
): AsyncGenerator<string> {
  yield stagingTable(step, names, "DROP");
  yield* insertRows(step, names, stagingShape(step), options);
  if (step.rows > options.batchSize) yield `ANALYZE pg_temp.${names.table};\n`;
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
    "false AS done",
    ...(mayBeAside(step) ? ["false AS aside"] : []),
    ...(isBag(table) ? ["0::bigint AS copy"] : []),
    ...table.key.map((position) => typed(columnAt(table, position), names.key(position))),
  ];
  const { folded } = names;
  if (folded === undefined) return create(names.table, [...own, ...before, ...after]);
  const composites = [`NULL::pg_temp.${folded.before} AS was`, `NULL::pg_temp.${folded.after} AS becomes`];
  return `${create(folded.before, before)}${create(folded.after, after)}${create(names.table, [...own, ...composites])}`;
}

/** Below any domain: a value that was there before a domain got its constraint must still be comparable. */
function typed(column: Column, name: string): string {
  const reference = columnReference("t", column);
  return column.baseType === column.type
    ? `${reference} AS ${name}`
    : `${reference}::${column.baseType} AS ${name}`;
}

async function* insertRows(
  step: PatchStep,
  names: StagingNames,
  shape: StagingShape,
  { readable, batchSize, shown = (_, value) => value }: StepOptions,
): AsyncGenerator<string> {
  const { table, changes } = step;
  const head = `INSERT INTO pg_temp.${names.table} (${[
    "n",
    ...(mayBeAside(step) ? ["aside"] : []),
    ...(isBag(table) ? ["copy"] : []),
    ...table.key.map(names.key),
    ...(names.folded === undefined
      ? [...shape.before.map(names.before), ...shape.after.map(names.after)]
      : ["was", "becomes"]),
  ].join(", ")}) VALUES\n`;
  let n = 0;
  for await (const batch of inBatches(changes(), batchSize)) {
    const lines = batch.map((change, at) => {
      n += 1;
      const end = at === batch.length - 1 ? ";" : ",";
      const note = readable ? ` -- ${describe(table, change, shown)}` : "";
      return `  (${tuple(n, change, step, names)})${end}${note}\n`;
    });
    yield head + lines.join("");
  }
}

export function mayBeAside({ held = [] }: PatchStep): boolean {
  return held.length > 0;
}

function tuple(n: number, { key, change, aside }: KeyedChange, step: PatchStep, names: StagingNames): string {
  const shape = stagingShape(step);
  const before: Row = change.kind === "insert" ? [] : change.before;
  const after: Row = change.kind === "delete" ? [] : change.after;
  const literals = (row: Row, positions: readonly number[]) =>
    positions.map((position) => literal(row[position] ?? null));
  const values = [literals(before, shape.before), literals(after, shape.after)] as const;
  return [
    String(n),
    ...(mayBeAside(step) ? [String(aside === true)] : []),
    ...(isBag(step.table) ? [String(copyNumberOf(key))] : key.map(literal)),
    ...(names.folded === undefined ? values.flat() : fold(names.folded, values)),
  ].join(", ");
}

/** Two lists of values as two composites. */
export function fold(
  { before, after }: NonNullable<StagingNames["folded"]>,
  [was, becomes]: readonly [readonly string[], readonly string[]],
): readonly string[] {
  return [`ROW(${was.join(", ")})::pg_temp.${before}`, `ROW(${becomes.join(", ")})::pg_temp.${after}`];
}

/** `id=17: is_pinned_on__release NULL → 42`, on one line whatever the values hold. */
function describe(table: Table, { key, change }: KeyedChange, shown: Shown): string {
  if (isBag(table)) return comment(`${change.kind}, copy ${copyNumberOf(key)}`);
  const show = (position: number, value: Value = null) => shorten(shown(position, value));
  const where = table.key.map(
    (position, at) => `${identifier(columnAt(table, position).name)}=${show(position, key[at])}`,
  );
  const what =
    change.kind === "update"
      ? change.columns.map(
          (at) =>
            `${identifier(columnAt(table, at).name)} ${show(at, change.before[at])} → ${show(at, change.after[at])}`,
        )
      : [change.kind];
  return comment(`${where.join(", ")}: ${what.join(", ")}`);
}

const longestShown = 60;

function shorten(value: Value): string {
  if (value === null) return "NULL";
  if (value === "") return "''";
  // A character takes two units at most: of a long value only its beginning is taken apart.
  const characters = [...value.slice(0, 2 * longestShown + 2)];
  return characters.length > longestShown ? `${characters.slice(0, longestShown).join("")}…` : value;
}

async function* inBatches<T>(
  source: AsyncIterable<readonly T[]>,
  size: number,
): AsyncGenerator<readonly T[]> {
  let batch: T[] = [];
  for await (const items of source) {
    for (const item of items) {
      batch.push(item);
      if (batch.length === size) {
        yield batch;
        batch = [];
      }
    }
  }
  if (batch.length > 0) yield batch;
}
