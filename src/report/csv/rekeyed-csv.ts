import { Readable } from "node:stream";
import { format } from "fast-csv";
import { type PlannedRow, writtenKey } from "../../model/change.js";
import { keyObject, type Table } from "../../model/table.js";

type Line = Record<"table" | "old" | "new" | "why", string>;

/**
 * `rekeyed.csv`: rows that come back under another key than they had in `post`, as JSON objects like the keys of
 * `conflicts.csv`. `why` is `rekey` for a row that was given a new number, and `reference` for one whose key holds a
 * reference to such a row. Rows that are not written are not here.
 */
export async function* rekeyedCsv(
  tables: readonly Table[],
  rows: AsyncIterable<readonly PlannedRow[]>,
): AsyncGenerator<string> {
  const csv = format<Line, Line>({
    headers: ["table", "old", "new", "why"],
    alwaysWriteHeaders: true,
    includeEndRowDelimiter: true,
  });
  const lines = Readable.from(linesOf(tables, rows));
  lines.on("error", (error) => csv.destroy(error));
  for await (const chunk of lines.pipe(csv)) yield String(chunk);
}

async function* linesOf(
  tables: readonly Table[],
  rows: AsyncIterable<readonly PlannedRow[]>,
): AsyncGenerator<Line> {
  for await (const batch of rows) {
    for (const row of batch) {
      const table = tables[row.table];
      if (table === undefined || row.change?.kind !== "insert") continue;
      const [old, own] = [row.key, writtenKey(table, row)].map((key) =>
        JSON.stringify(keyObject(table, key)),
      );
      if (old === undefined || own === undefined || old === own) continue;
      yield { table: table.label, old, new: own, why: row.conflict === undefined ? "reference" : "rekey" };
    }
  }
}
