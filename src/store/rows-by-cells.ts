import type { Value } from "../model/value.js";
import { drain } from "./file/drain.js";
import type { PlanFile } from "./file/plan-file.js";
import { wholeNumber } from "./row-filter.js";
import { rowTable } from "./tables/row-table.js";

/** A cell by its position in `Table.columns`, and the value it has in some version of the row. */
export interface CellValue {
  readonly column: number;
  readonly value: Value;
}

/**
 * Positions of rows of one table of which one version has all of these values: what refers to a row, say. Reads the
 * whole table, but parses only what holds the texts at all. Rows whose text is stored in parts are not looked at.
 */
export async function positionsByCells(
  file: PlanFile,
  table: number,
  cells: readonly CellValue[],
  limit: number,
): Promise<readonly number[]> {
  const texts = cells.map(({ value }) => value ?? "");
  const matches = (version: string) =>
    cells
      .flatMap(({ column, value }, at) => [
        `contains(${version}, $${cells.length + at + 1})`,
        value === null ? "false" : `(${version} ->> '$[${wholeNumber(column)}]') = $${at + 1}`,
      ])
      .join(" AND ");
  const versions = ["pre", "post", "current"].map(
    (version) => `coalesce(${version} LIKE '[%' AND ${matches(version)}, false)`,
  );
  return file.use(async (connection) => {
    const result = await connection.stream(
      `SELECT position::DOUBLE FROM ${rowTable.name} WHERE table_id = ${wholeNumber(table)} AND (${versions.join(" OR ")})
      ORDER BY position LIMIT ${wholeNumber(limit)}`,
      [...texts, ...texts.map((text) => JSON.stringify(text))],
    );
    return drain(result, (chunk) => chunk.getColumnValues(0) as readonly number[]);
  });
}
