import type { PlanFile } from "../file/plan-file.js";
import { Transaction } from "../file/transaction.js";
import { BatchWriter } from "./batch-writer.js";
import { encodePart, partTable } from "./part-table.js";
import type { EncodedRecord, StoredTable } from "./stored-table.js";

/** Appends records to a table, and their long texts to the table of parts. */
export class RecordWriter {
  readonly #table: StoredTable;
  readonly #transaction: Transaction;
  readonly #records: BatchWriter;
  readonly #parts: BatchWriter;

  constructor(file: PlanFile, table: StoredTable) {
    this.#table = table;
    this.#transaction = new Transaction(file);
    this.#records = new BatchWriter(this.#transaction, table);
    this.#parts = new BatchWriter(this.#transaction, partTable(table));
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

  /** Takes out the records with these numbers in the ordering column, with their long texts. */
  async remove(numbers: readonly number[]): Promise<void> {
    if (numbers.length === 0) return;
    await Promise.all([this.#parts.send(), this.#records.send()]);
    await this.#transaction.run(async ({ connection }) => {
      const list = numbers.join(", ");
      await connection.run(`DELETE FROM ${this.#table.name} WHERE "${this.#table.order}" IN (${list})`);
      await connection.run(`DELETE FROM ${partTable(this.#table).name} WHERE owner IN (${list})`);
    });
  }

  /** Resolves when all that was appended or removed is written and can be read. */
  async flush(): Promise<void> {
    await Promise.all([this.#parts.send(), this.#records.send()]);
    await this.#transaction.commit();
  }
}
