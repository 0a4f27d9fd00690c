import { BatchWriter } from "./batch-writer.js";
import { encodePart, partTable } from "./part-table.js";
import type { PlanFile } from "./plan-file.js";
import type { EncodedRecord, StoredTable } from "./stored-table.js";

/** Appends records to a table, and their long texts to the table of parts. */
export class RecordWriter {
  readonly #table: StoredTable;
  readonly #records: BatchWriter;
  readonly #parts: BatchWriter;

  constructor(file: PlanFile, table: StoredTable) {
    this.#table = table;
    this.#records = new BatchWriter(file, table);
    this.#parts = new BatchWriter(file, partTable(table));
  }

  /** Resolves when there is room for more, not when the records are written. */
  async append<R>(rows: readonly R[], encode: (row: R) => EncodedRecord): Promise<void> {
    for (const row of rows) {
      const { line, parts } = encode(row);
      for (const part of parts) {
        const room = this.#parts.append(encodePart(this.#table, part));
        if (room !== undefined) await room;
      }
      const room = this.#records.append(line);
      if (room !== undefined) await room;
    }
  }

  /** Resolves when all that was appended is written and can be read. Parts first: nobody asks for one without its record. */
  async flush(): Promise<void> {
    await this.#parts.flush();
    await this.#records.flush();
  }
}
