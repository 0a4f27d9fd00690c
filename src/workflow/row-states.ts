import { sameButForTouch } from "../merge/classify.js";
import { type Change, type PlannedRow, writtenKey } from "../model/change.js";
import type { Table } from "../model/table.js";
import { assertNever, type Row } from "../model/value.js";
import { lookUpRows } from "../postgres/look-up.js";
import type { Session } from "../postgres/session/session.js";

/** How one planned row stands in `current`. */
export type RowState = "as planned" | "not written" | "moved";

export interface FoundRow {
  readonly row: PlannedRow;
  readonly state: RowState;
}

/** Looks rows up, those of one table at a time; rows without a change are left out. */
export async function statesOf(
  session: Session,
  tables: readonly Table[],
  rows: readonly PlannedRow[],
): Promise<readonly FoundRow[]> {
  const states: FoundRow[] = [];
  for (const at of new Set(rows.map(({ table }) => table))) {
    const table = tables[at] as Table;
    const some = rows.filter((row) => row.table === at && row.change !== undefined);
    const keys = some.map((row) => writtenKey(table, row));
    for (const [n, found] of (await lookUpRows(session, table, keys)).entries()) {
      const row = some[n] as PlannedRow;
      states.push({ row, state: stateOf(table, row.change as Change, found) });
    }
  }
  return states;
}

/** Touch columns do not count: a trigger may have stamped the row when the patch wrote it. */
function stateOf(table: Table, change: Change, found: Row | undefined): RowState {
  switch (change.kind) {
    case "insert":
      if (found === undefined) return "not written";
      return sameButForTouch(table, found, change.after) ? "as planned" : "moved";
    case "delete":
      if (found === undefined) return "as planned";
      return sameButForTouch(table, found, change.before) ? "not written" : "moved";
    case "update": {
      if (found === undefined) return "moved";
      const content = change.columns.filter((at) => !table.touch.includes(at));
      const says = (row: Row, columns: readonly number[]) => columns.every((at) => found[at] === row[at]);
      if (content.length > 0) {
        return says(change.after, content)
          ? "as planned"
          : says(change.before, content)
            ? "not written"
            : "moved";
      }
      // Nothing but a touch: whoever touched the row since is as good.
      return says(change.before, change.columns) ? "not written" : "as planned";
    }
    default:
      return assertNever(change);
  }
}
