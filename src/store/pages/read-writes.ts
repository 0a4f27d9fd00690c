import type { RowWrite } from "../../model/change.js";
import type { Key, Value } from "../../model/value.js";
import type { PlanFile } from "../file/plan-file.js";
import { filterSql, type RowFilter } from "../row-filter.js";
import { rowTable } from "../tables/row-table.js";
import { cellsAt } from "../tables/stored-change.js";
import { decodeWrite, writeTable } from "../tables/write-table.js";
import { type Brief, readPages } from "./page-reader.js";

/** They are small: as many as DuckDB keeps together, so that it unpacks none of them twice. */
const pageRows = 4096;

/** Rows as far as it takes to write them, in the order of the plan. */
export async function* readWrites(
  file: PlanFile,
  filter: RowFilter,
): AsyncGenerator<readonly RowWrite[], void, undefined> {
  const where = filterSql(filter);
  // A few rows are not worth looking for what they have in common.
  const brief = filter.positions === undefined ? await briefWrites(file, where) : undefined;
  yield* readPages(file, { table: writeTable, where, decode: decodeWrite, brief, pageRows });
}

/** How many sets of columns are looked for, and in how many rows at least: each is one more comparison a row. */
const [mostShapes, leastRows] = [8, 500];

const place = (column: string, itself: string) =>
  `CASE ${column} WHEN 'pre' THEN pre WHEN 'post' THEN post ELSE "${itself}" END`;
const [before, after] = [place("current_as", "current"), place("after_as", "after")];

/**
 * The usual case of a write, in a quarter of the time: an update of columns that many rows have in common, where no long
 * text and no second step are in play. DuckDB chooses the versions and takes the cells out by paths that it knows
 * beforehand. All other rows are read as `writeTable` has them.
 *
 * @param where which rows are read
 * @returns undefined where no such columns are written
 */
async function briefWrites(file: PlanFile, where: string): Promise<Brief<RowWrite> | undefined> {
  const shapes = await usualShapes(file, where);
  if (shapes.length === 0) return undefined;
  const isPlain = `change_kind = 'update' AND park IS NULL AND rekeyed IS NULL
    AND starts_with(${before}, '[') AND starts_with(${after}, '[')`;
  const cases = shapes.map(
    (columns, shape) => `WHEN [${columns.join(", ")}]::INTEGER[] THEN ${print(columns, shape)}`,
  );
  return {
    sql: `CASE WHEN ${isPlain} THEN CASE change_columns ${cases.join(" ")} END END`,
    decode: (printed) => decode(printed as unknown as Printed, shapes),
  };
}

type Printed = readonly [number, number, Key, number, readonly Value[], readonly Value[], string | null];

function print(columns: readonly number[], shape: number): string {
  const paths = columns.map((column) => `'$[${column}]'`).join(", ");
  const cells = (version: string) => `to_json(json_extract(${version}, [${paths}]))`;
  const parts = [
    "position",
    "table_id",
    "key",
    shape,
    cells(before),
    cells(after),
    "coalesce(to_json(tenant), 'null')",
  ];
  return `concat('[', ${parts.join(", ',', ")}, ']')`;
}

function decode(
  [position, table, key, shape, was, becomes, tenant]: Printed,
  shapes: readonly (readonly number[])[],
): RowWrite {
  const columns = shapes[shape] ?? [];
  const change = {
    kind: "update",
    before: cellsAt(was, columns),
    after: cellsAt(becomes, columns),
    columns,
  } as const;
  return { position, table, key, change, ...(tenant === null ? {} : { tenant }) };
}

/** The sets of columns, as they are stored, that most updates write. */
function usualShapes(file: PlanFile, where: string): Promise<readonly (readonly number[])[]> {
  return file.use(async (connection) => {
    const result = await connection.run(
      `SELECT array_to_string(change_columns, ',') FROM ${rowTable.name} WHERE change_kind = 'update' AND (${where})
      GROUP BY change_columns HAVING count(*) >= ${leastRows} ORDER BY count(*) DESC, 1 LIMIT ${mostShapes}`,
    );
    return ((await result.getRows()) as [string][]).map(([columns]) => columns.split(",").map(Number));
  });
}
