import type { RowWrite } from "../../model/change.js";
import type { Key, Value } from "../../model/value.js";
import type { PlanFile } from "../file/plan-file.js";
import { filterSql, type RowFilter } from "../row-filter.js";
import { cellsAt } from "../tables/stored-change.js";
import { decodeWrite, writeTable } from "../tables/write-table.js";
import { type Brief, readPages } from "./page-reader.js";

/** They are small: as many as DuckDB keeps together, so that it unpacks none of them twice. */
const pageRows = 4096;

/** Rows as far as it takes to write them, in the order of the plan. */
export function readWrites(file: PlanFile, filter: RowFilter): AsyncIterable<readonly RowWrite[]> {
  return readPages(file, {
    ...{ table: writeTable, where: filterSql(filter), descending: filter.descending },
    ...{ decode: decodeWrite, brief: briefWrite, pageRows },
  });
}

type Printed = readonly [
  number,
  number,
  Key,
  readonly [readonly number[], readonly Value[], readonly Value[]],
  string | null,
];

/**
 * The usual case of a write: an update of few columns, where no second step is in play. What it writes is stored beside
 * the row, so that nothing else of it need be unpacked. All other rows are read as `writeTable` has them.
 */
const briefWrite: Brief<RowWrite> = {
  where: "written IS NOT NULL AND park IS NULL AND rekeyed IS NULL",
  sql: `concat('[', position, ',', table_id, ',', key, ',', written, ',', coalesce(to_json(tenant)::VARCHAR, 'null'), ']')`,
  decode: (printed) => decode(printed as unknown as Printed),
};

function decode([position, table, key, [columns, was, becomes], tenant]: Printed): RowWrite {
  const change = {
    kind: "update",
    before: cellsAt(was, columns),
    after: cellsAt(becomes, columns),
    columns,
  } as const;
  return tenant === null ? { position, table, key, change } : { position, table, key, change, tenant };
}
