import type { Value } from "../model/value.js";
import { drain } from "./file/drain.js";
import type { PlanFile } from "./file/plan-file.js";
import { wholeNumber } from "./row-filter.js";
import { postCell } from "./tables/changed-cells.js";
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
  const matches = (versions: readonly string[], cell: (column: number) => string) =>
    cells
      .flatMap(({ column, value }, at) => [
        `(${versions.map((version) => `contains(${version}, $${cells.length + at + 1})`).join(" OR ")})`,
        value === null ? "false" : `(${cell(column)}) = $${at + 1}`,
      ])
      .join(" AND ");
  const versions = ["pre", "post", "current"].map((version) => {
    const own = matches([version], (column) => `${version} ->> '$[${wholeNumber(column)}]'`);
    return `coalesce(${version} LIKE '[%' AND ${own}, false)`;
  });
  versions.push(`coalesce(changed IS NOT NULL AND ${matches(["pre", "changed_to"], postCell)}, false)`);
  return file.use(async (connection) => {
    const result = await connection.stream(
      `SELECT position::DOUBLE FROM ${rowTable.name} WHERE table_id = ${wholeNumber(table)} AND (${versions.join(" OR ")})
      ORDER BY position LIMIT ${wholeNumber(limit)}`,
      [...texts, ...texts.map((text) => JSON.stringify(text))],
    );
    return drain(result, (chunk) => chunk.getColumnValues(0) as readonly number[]);
  });
}
