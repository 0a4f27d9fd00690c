import type { Table } from "../model/table.js";

/** What is said of each row, a batch at a time. @param lineOf with its line feed; undefined where nothing is to be said */
export async function* rowLines<R extends { readonly table: number }>(
  tables: readonly Table[],
  batches: AsyncIterable<readonly R[]>,
  lineOf: (table: Table, row: R) => string | undefined,
): AsyncGenerator<string> {
  for await (const batch of batches) {
    const lines = batch.map((row) => {
      const table = tables[row.table];
      return (table && lineOf(table, row)) ?? "";
    });
    yield lines.join("");
  }
}
