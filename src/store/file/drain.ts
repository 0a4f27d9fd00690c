import type { DuckDBDataChunk, DuckDBResult } from "@duckdb/node-api";

/**
 * Reads a streaming result to its end, always: one that is not keeps the file locked until it is garbage collected,
 * even when the instance was closed long ago. A materialized one would do worse: what it holds counts against
 * DuckDB's limit until it is collected, and nothing tells the collector that there is any hurry.
 */
export async function drain<T>(
  result: DuckDBResult,
  read: (chunk: DuckDBDataChunk) => readonly T[],
): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return all;
    for (const value of read(chunk)) all.push(value);
  }
}
