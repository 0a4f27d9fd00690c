import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";
import { PlanError } from "../model/errors.js";
import { LineBuffer } from "./line-buffer.js";
import type { PlanFile } from "./plan-file.js";
import { insertLinesSql, type StoredTable } from "./stored-table.js";

/** A batch goes out when it has this many rows or bytes, whichever comes first. */
const batchRows = 2048;
const batchBytes = 4_000_000;

/**
 * Appends lines to one table, in batches. While DuckDB parses, compresses and writes one batch on its own thread, the
 * caller fills the next; no more than that is ever in memory. One transaction spans everything up to a flush: full
 * row groups then go straight to the file, without a detour through the log, and readers see all of it or nothing.
 *
 * After a failure every further call fails the same way.
 */
export class BatchWriter {
  readonly #file: PlanFile;
  readonly #table: StoredTable;
  #batch = new LineBuffer();
  /** The one that was sent last, to be filled again: fresh memory for each would wait for the garbage collector. */
  #spare: LineBuffer | undefined;
  #sending: Promise<void> = Promise.resolve();
  #session: Promise<Session> | undefined;

  constructor(file: PlanFile, table: StoredTable) {
    this.#file = file;
    this.#table = table;
  }

  /** @returns undefined, or a promise that resolves when there is room for more */
  append(line: string): Promise<void> | undefined {
    this.#batch.add(line);
    const isFull = this.#batch.lines >= batchRows || this.#batch.size >= batchBytes;
    return isFull ? this.#send() : undefined;
  }

  /** Resolves when all that was appended is written and can be read. */
  async flush(): Promise<void> {
    if (this.#batch.lines > 0) await this.#send();
    await this.#enqueue(async () => {
      if (this.#session === undefined) return;
      const { connection, statement } = await this.#session;
      this.#session = undefined;
      await connection.run("COMMIT");
      statement.destroySync();
      this.#file.release(connection);
    });
  }

  async #send(): Promise<void> {
    const batch = this.#batch;
    this.#batch = this.#spare ?? new LineBuffer();
    this.#spare = undefined;
    const before = this.#sending;
    this.#enqueue(() => this.#insert(batch));
    await before;
  }

  /** A failure is kept in the queue: it is reported to whoever comes next, and nothing runs behind it. */
  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#sending = this.#sending.then(work);
    this.#sending.catch(() => {});
    return this.#sending;
  }

  async #insert(batch: LineBuffer): Promise<void> {
    this.#session ??= begin(this.#file, this.#table);
    const { statement } = await this.#session;
    statement.bindBlob(1, batch.text);
    const { rowsChanged } = await statement.run();
    if (rowsChanged !== batch.lines) {
      throw new PlanError(`the plan took ${rowsChanged} of ${batch.lines} rows`);
    }
    batch.clear();
    this.#spare = batch;
  }
}

interface Session {
  readonly connection: DuckDBConnection;
  readonly statement: DuckDBPreparedStatement;
}

async function begin(file: PlanFile, table: StoredTable): Promise<Session> {
  if (file.readOnly) throw new PlanError("the plan was opened for reading only");
  const connection = await file.connect();
  await connection.run("BEGIN");
  return { connection, statement: await connection.prepare(insertLinesSql(table)) };
}
