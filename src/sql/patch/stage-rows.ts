import { copyNumberOf, isBag } from "../../model/bag.js";
import { columnAt, type Table } from "../../model/table.js";
import type { Row, Value } from "../../model/value.js";
import { compositeText } from "../composite.js";
import { comment, identifier, literal } from "../quote.js";
import type { StagingNames } from "./names.js";
import { mayBeAside, stagingShape, stagingTable } from "./staging.js";
import type { KeyedChange, PatchStep, Shown, StepOptions } from "./step.js";

/** Creates the staging table and fills it, in batches. */
export async function* stage(
  step: PatchStep,
  names: StagingNames,
  options: StepOptions,
): AsyncGenerator<string> {
  yield stagingTable(step, names, "DROP");
  yield* insertRows(step, names, options);
  if (step.rows > options.batchSize) yield `ANALYZE pg_temp.${names.table};\n`;
}

/** Each row is one text: of many, the server reads that in half the time of a list of values. */
async function* insertRows(
  step: PatchStep,
  names: StagingNames,
  { readable, batchSize, shown = (_, value) => value }: StepOptions,
): AsyncGenerator<string> {
  let n = 0;
  for await (const batch of inBatches(step.changes(), batchSize)) {
    const lines = batch.map((change, at) => {
      n += 1;
      const end = at === batch.length - 1 ? "" : ",";
      const note = readable ? ` -- ${describe(step.table, change, shown)}` : "";
      return `  ${literal(stagedRow(n, change, step, names))}${end}${note}\n`;
    });
    const type = `pg_temp.${names.table}`;
    yield `INSERT INTO ${type} SELECT * FROM pg_catalog.unnest(ARRAY[\n${lines.join("")}]::${type}[]);\n`;
  }
}

/** With the columns of `stagingTable`, in their order. */
function stagedRow(
  n: number,
  { key, change, aside }: KeyedChange,
  step: PatchStep,
  names: StagingNames,
): string {
  const shape = stagingShape(step);
  const cells = (row: Row, positions: readonly number[]) =>
    positions.map((position) => row[position] ?? null);
  const before = cells(change.kind === "insert" ? [] : change.before, shape.before);
  const after = cells(change.kind === "delete" ? [] : change.after, shape.after);
  return compositeText([
    String(n),
    ...(mayBeAside(step) ? [String(aside === true)] : []),
    ...(isBag(step.table) ? [String(copyNumberOf(key))] : key),
    ...(names.folded === undefined ? [...before, ...after] : [compositeText(before), compositeText(after)]),
  ]);
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
