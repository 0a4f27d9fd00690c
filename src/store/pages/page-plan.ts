import type { DuckDBConnection } from "@duckdb/node-api";
import type { StoredTable } from "../tables/stored-table.js";
import { cutPages, fits, type PageLimits, type Stretch } from "./pages.js";

/** Which records to read, and which first. */
export interface Selection {
  readonly table: StoredTable;
  /** A SQL condition. */
  readonly where: string;
  readonly descending?: boolean | undefined;
}

/** Numbers of the ordering column in one stretch; what DuckDB tells of a million rows is then 30 000 lines. */
const stretchLength = 32;

/** Cuts a selection into pages, in the order in which they are to be read. */
export async function planPages(
  connection: DuckDBConnection,
  selection: Selection,
  limits: PageLimits,
): Promise<readonly Stretch[]> {
  const stretches = await measure(connection, selection, stretchLength);
  const large = stretches.filter((stretch) => !fits(stretch, limits));
  if (large.length === 0) return cutPages(stretches, limits);
  return cutPages(await refine(connection, selection, stretches, large), limits);
}

/** Where rows are so large that a few are too many, record by record. */
async function refine(
  connection: DuckDBConnection,
  selection: Selection,
  stretches: readonly Stretch[],
  large: readonly Stretch[],
): Promise<readonly Stretch[]> {
  const { table, where } = selection;
  const numbers = large.map(({ low }) => low / stretchLength).join(", ");
  const within = `(${where}) AND "${table.order}" // ${stretchLength} IN (${numbers})`;
  const records = await measure(connection, { ...selection, where: within }, 1);
  const kept = stretches.filter((stretch) => !large.includes(stretch));
  return [...kept, ...records].sort((a, b) =>
    selection.descending === true ? b.low - a.low : a.low - b.low,
  );
}

async function measure(
  connection: DuckDBConnection,
  { table, where, descending }: Selection,
  length: number,
): Promise<readonly Stretch[]> {
  const result = await connection.run(`
    SELECT ("${table.order}" // ${length})::DOUBLE AS number, count(*)::DOUBLE, sum(size)::DOUBLE
    FROM ${table.name} WHERE ${where}
    GROUP BY number ORDER BY number ${descending === true ? "DESC" : "ASC"}`);
  const lines = (await result.getRows()) as [number, number, number][];
  return lines.map(([number, rows, size]) => ({
    low: number * length,
    high: (number + 1) * length,
    rows,
    size,
  }));
}
