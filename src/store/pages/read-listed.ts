import type { Outcome, PlannedRow } from "../../model/change.js";
import type { Key, Operation, Row, Value } from "../../model/value.js";
import type { PlanFile } from "../file/plan-file.js";
import { filterSql, type RowFilter } from "../row-filter.js";
import { decodeRow, rowTable } from "../tables/row-table.js";
import { cellsAt } from "../tables/stored-change.js";
import { type Brief, readPages } from "./page-reader.js";

/**
 * Rows as a list shows them: of the usual update, which is written and about which there is nothing more to say, only the
 * cells that changed, at their places. All other rows are whole.
 */
export function readListed(file: PlanFile, filter: RowFilter): AsyncIterable<readonly PlannedRow[]> {
  return readPages(file, {
    ...{ table: rowTable, where: filterSql(filter), descending: filter.descending },
    ...{ decode: decodeRow, brief: briefRow },
  });
}

type Printed = readonly [
  position: number,
  table: number,
  key: Key,
  operation: Operation,
  outcome: Outcome,
  changed: readonly number[],
  changedTo: readonly Value[],
  written: readonly [readonly number[], readonly Value[], readonly Value[]],
  transaction: string | null,
  tenant: string | null,
];

const orNull = (column: string): string => `coalesce(to_json(${column})::VARCHAR, 'null')`;

const briefRow: Brief<PlannedRow> = {
  where: `written IS NOT NULL AND changed IS NOT NULL AND conflict_id IS NULL AND NOT decided AND reason IS NULL
    AND park IS NULL AND rekeyed IS NULL AND causes IS NULL AND wanted IS NULL AND seen IS NULL`,
  sql: `concat('[', position, ',', table_id, ',', key, ',"', operation, '","', outcome, '",', changed::VARCHAR, ',', changed_to, ',',
      written, ',', ${orNull("transaction_id")}, ',', ${orNull("tenant")}, ']')`,
  decode: (printed) => decode(printed as unknown as Printed),
};

const nothing: Row = [];

function decode(printed: Printed): PlannedRow {
  const [columns, was, becomes] = printed[7];
  const before = cellsAt(was, columns);
  return {
    position: printed[0],
    table: printed[1],
    key: printed[2],
    operation: printed[3],
    outcome: printed[4],
    pre: nothing,
    post: cellsAt(printed[6], printed[5]),
    current: before,
    transaction: printed[8] ?? undefined,
    change: { kind: "update", before, after: cellsAt(becomes, columns), columns },
    conflict: undefined,
    decided: false,
    reason: undefined,
    tenant: printed[9] ?? undefined,
  };
}
