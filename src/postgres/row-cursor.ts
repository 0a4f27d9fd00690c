import type pg from "pg";
import Cursor from "pg-cursor";
import type { Row } from "../model/value.js";
import { asText } from "./session/client.js";

/** Text that may wait to be taken, in UTF-16 units; a row that is longer waits alone. */
const longestWaiting = 8_000_000;

/** As `pg` hands it over: values are texts, the format in which we ask for them. */
interface DataRow {
  readonly fields: Row;
}

interface Taker {
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * Reads batches, and cuts them short where rows are long: the server is kept waiting until they are taken. A number of rows
 * alone says nothing of memory: a thousand documents are as well a megabyte as fifty gigabytes.
 */
export class RowCursor {
  readonly #client: pg.Client;
  readonly #cursor: Cursor<Row>;
  #rows: Row[] = [];
  #size = 0;
  /** Rows of what was last asked for; undefined: nothing is on its way. */
  #arrived: number | undefined;
  #taker: Taker | undefined;
  #failure: { readonly cause: unknown } | undefined;
  #ended = false;
  #closing = false;

  constructor(client: pg.Client, sql: string, values: readonly unknown[]) {
    this.#client = client;
    const cursor = new Cursor<Row>(sql, [...values], { rowMode: "array", types: asText });
    // In place of what would keep all rows of a batch until the last of them is there.
    Object.assign(cursor, { handleDataRow: ({ fields }: DataRow) => this.#keep(fields) });
    this.#cursor = client.query(cursor);
    client.once("end", this.#gone);
  }

  /**
   * @returns the next rows: so many, or fewer where they are long or the last; none at the end
   * @throws what the server says, or that the connection is lost
   */
  take(count: number): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      this.#taker = { resolve, reject };
      this.#client.connection.stream.resume();
      if (this.#failure !== undefined) this.#fail(this.#failure.cause);
      else if (this.#arrived === undefined && this.#rows.length === 0) this.#ask(count);
      else if (this.#arrived === undefined || this.#size >= longestWaiting) this.#handOut();
    });
  }

  /** What is on its way still arrives, and is dropped. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#client.off("end", this.#gone);
    this.#client.connection.stream.resume();
    // A failed statement has no portal left. pg-cursor would wait for the server to be ready, which it may have said before
    // anybody took the failure; whatever is asked next waits for that by itself.
    if (this.#failure === undefined) await this.#cursor.close();
  }

  #ask(count: number): void {
    if (this.#ended) {
      this.#handOut();
      return;
    }
    this.#arrived = 0;
    this.#cursor.read(count, (error) => {
      const arrived = this.#arrived;
      this.#arrived = undefined;
      this.#ended = arrived === 0;
      if (error !== undefined && error !== null) this.#fail(error);
      else if (this.#rows.length > 0 || this.#ended) this.#handOut();
      else if (this.#taker !== undefined) this.#ask(count);
    });
  }

  #keep(row: Row): void {
    if (this.#closing) return;
    this.#arrived = (this.#arrived ?? 0) + 1;
    this.#rows.push(row);
    for (const value of row) this.#size += value?.length ?? 0;
    if (this.#size < longestWaiting) return;
    this.#client.connection.stream.pause();
    this.#handOut();
  }

  #handOut(): void {
    if (this.#taker === undefined) return;
    const [taker, rows] = [this.#taker, this.#rows];
    [this.#taker, this.#rows, this.#size] = [undefined, [], 0];
    taker.resolve(rows);
  }

  /** Whoever takes next is told, where nobody waits now. */
  #fail(cause: unknown): void {
    this.#failure ??= { cause };
    this.#taker?.reject(this.#failure.cause);
    this.#taker = undefined;
  }

  /** A cursor whose connection is lost between its last row and the word that it is done never answers (pg-cursor 2.22). */
  readonly #gone = () => this.#fail(new Error("Connection terminated"));
}
