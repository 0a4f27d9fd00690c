import { drain } from "./file/drain.js";
import type { PlanFile } from "./file/plan-file.js";
import { rowTable } from "./tables/row-table.js";

/** Beside the plan, in the memory of this process: never part of the file. */
const kept = "memory.main.kept_change";

/** What is written of each row, as a number: a few bytes a row, of which DuckDB puts on disk what is too many. */
const changesSql = `SELECT position, hash(change_kind, list_sort(change_columns), after_as, "after") AS change
  FROM ${rowTable.name} WHERE change_kind IS NOT NULL`;

/** Remembers what the plan writes by now, to be compared with what it writes later. */
export async function keepChanges(file: PlanFile): Promise<void> {
  await file.use((connection) => connection.run(`CREATE OR REPLACE TABLE ${kept} AS ${changesSql}`));
}

/** Positions of rows of which something else is written than when it was kept. */
export function changedSince(file: PlanFile): Promise<readonly number[]> {
  return file.use(async (connection) => {
    const found = await connection.stream(
      `SELECT coalesce(before.position, now.position)::DOUBLE AS position
        FROM ${kept} AS before FULL JOIN (${changesSql}) AS now USING (position)
        WHERE before.change IS DISTINCT FROM now.change ORDER BY position`,
    );
    return drain(found, (chunk) => chunk.getRows().map(([position]) => position as number));
  });
}

/** Changes with everything that is decided, approved or applied. What only readers did leaves it as it is. */
export async function markOf(file: PlanFile): Promise<string> {
  const sql = `SELECT concat_ws('/',
    (SELECT coalesce(max(entry), 0) FROM decision_journal), (SELECT count(*) FROM approval),
    (SELECT count(*) FROM apply_batch), (SELECT count(*) FROM apply_fate),
    (SELECT coalesce(sum(hash(apply_finding)), 0) FROM apply_finding))`;
  const lines = await file.use(async (connection) => (await connection.run(sql)).getRows());
  return lines[0]?.[0] as string;
}
