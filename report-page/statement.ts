import type { Change } from "../src/model/change.js";
import type { Row, Value } from "../src/model/value.js";
import type { PagePlan, PageRow, PageValue } from "../src/report/html/page-data.js";
import { rowStatement } from "../src/sql/row-statement.js";

/** The statement that writes this row, or why it cannot be shown; undefined where nothing is written. */
export function statementOf(
  plan: PagePlan,
  row: PageRow,
): { readonly sql: string } | { readonly why: string } | undefined {
  const { write } = row;
  const table = plan.tables[row.table];
  if (write === undefined || table == null) return undefined;
  if ([...(write.from ?? []), ...(write.to ?? [])].some(isCut))
    return { why: "A value of this row is too long for the page: its statement is in patch.sql." };
  const change = changeOf(write);
  return { sql: rowStatement(table, { key: write.key ?? row.key, change }, plan.touchWrite) };
}

const isCut = (value: PageValue): boolean => typeof value === "object" && value !== null;

function changeOf({ kind, columns, from = [], to = [] }: NonNullable<PageRow["write"]>): Change {
  const [before, after] = [spread(columns, from), spread(columns, to)];
  switch (kind) {
    case "insert":
      return { kind, after };
    case "delete":
      return { kind, before };
    case "update":
      return { kind, before, after, columns };
  }
}

/** Values at the positions that they belong to. */
function spread(columns: readonly number[], values: readonly PageValue[]): Row {
  const row: Value[] = [];
  columns.forEach((position, at) => {
    row[position] = values[at] as Value;
  });
  return row;
}
