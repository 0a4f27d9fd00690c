import { isBag } from "../../model/bag.js";
import type { DatabaseFacts, WorkEstimate } from "../../model/preflight.js";
import { columnAt, type Table } from "../../model/table.js";
import type { DatabaseRole } from "../../model/value.js";

/** Measured with servers and pgmend on one machine of two cores; both sides are read at once. */
const rowsPerSecond = 300_000;
const bytesPerSecond = 60_000_000;

/** What a plan has to read of `pre` and `post`, by the servers' own estimates. */
export function estimateWork(
  tables: readonly Table[],
  databases: Readonly<Record<DatabaseRole, Pick<DatabaseFacts, "tables">>>,
): WorkEstimate {
  const work = tables.map((table) => ({ table, ...sizeOf(table, databases) }));
  const rows = work.map((entry) => entry.rows);
  const bytes = sum(work.map((entry) => entry.bytes));
  return {
    tables: tables.length,
    rows: rows.includes(undefined) ? undefined : sum(rows.map((count) => count ?? 0)),
    bytes,
    seconds: Math.ceil(
      Math.max(bytes / bytesPerSecond, sum(rows.map((count) => count ?? 0)) / rowsPerSecond),
    ),
    temporaryBytes: Math.max(0, ...work.filter(({ table }) => isSorted(table)).map((entry) => entry.bytes)),
  };
}

/** The larger of the two, as both are read side by side. */
function sizeOf(
  { label }: Pick<Table, "label">,
  databases: Readonly<Record<DatabaseRole, Pick<DatabaseFacts, "tables">>>,
): { readonly bytes: number; readonly rows: number | undefined } {
  const facts = [databases.pre.tables.get(label), databases.post.tables.get(label)];
  const estimates = facts.flatMap((fact) => fact?.estimatedRows ?? []);
  return {
    bytes: Math.max(0, ...facts.map((fact) => fact?.bytes ?? 0)),
    rows: estimates.length === 0 ? undefined : Math.max(...estimates),
  };
}

/** Keys in another order than their index has them, or none: the server sorts the whole table (pitfall 20). */
function isSorted(table: Table): boolean {
  return isBag(table) || table.key.some((at) => ["text", "printed"].includes(columnAt(table, at).keyOrder));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
