import { PlanError } from "../../model/errors.js";
import type { Transaction, Writing } from "../file/transaction.js";
import { LineBuffer } from "./line-buffer.js";
import { insertLinesSql, type StoredTable } from "./stored-table.js";

/** A batch goes out when it has this many rows or bytes, whichever comes first. */
const batchRows = 2048;
const batchBytes = 4_000_000;

/**
 * Appends lines to one table, in batches. While DuckDB parses, compresses and writes one batch on its own thread, the
 * caller fills the next; no more than that is ever in memory.
 */
export class BatchWriter {
  readonly #transaction: Transaction;
  readonly #insertSql: string;
  #batch = new LineBuffer();
  /** The one that was sent last, to be filled again: fresh memory for each would wait for the garbage collector. */
  #spare: LineBuffer | undefined;

  constructor(transaction: Transaction, table: StoredTable) {
    this.#transaction = transaction;
    this.#insertSql = insertLinesSql(table);
  }

  /** @returns undefined, or a promise that resolves when there is room for more */
  append(line: string): Promise<void> | undefined {
    this.#batch.add(line);
    const isFull = this.#batch.lines >= batchRows || this.#batch.size >= batchBytes;
    return isFull ? this.send() : undefined;
  }

  /** Sends what there is, and resolves when the batch before it is written. */
  send(): Promise<void> {
    const before = this.#transaction.settled;
    if (this.#batch.lines === 0) return before;
    const batch = this.#batch;
    this.#batch = this.#spare ?? new LineBuffer();
    this.#spare = undefined;
    this.#transaction.run((writing) => this.#insert(batch, writing));
    return before;
  }

  async #insert(batch: LineBuffer, writing: Writing): Promise<void> {
    const statement = await writing.prepared(this.#insertSql);
    statement.bindBlob(1, batch.text);
    const { rowsChanged } = await statement.run();
    if (rowsChanged !== batch.lines) {
      throw new PlanError(`the plan took ${rowsChanged} of ${batch.lines} rows`);
    }
    batch.clear();
    this.#spare = batch;
  }
}
