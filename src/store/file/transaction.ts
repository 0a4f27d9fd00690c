import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";
import { PlanError } from "../../model/errors.js";
import type { PlanFile } from "./plan-file.js";

/** What works inside a transaction. */
export interface Writing {
  readonly connection: DuckDBConnection;
  /** A statement, prepared when it is first asked for. */
  readonly prepared: (sql: string) => Promise<DuckDBPreparedStatement>;
}

/**
 * One transaction after the other on one connection. Each begins with the first work after a commit. What spans many
 * inserts is written to the file as row groups fill, without a detour through the log; and whoever reads, or finds the
 * file after a crash, finds all of it or nothing.
 *
 * Work is done in the order in which it was asked for. After a failure all further work fails the same way.
 */
export class Transaction {
  readonly #file: PlanFile;
  #last: Promise<void> = Promise.resolve();
  #open: Writing | undefined;

  constructor(file: PlanFile) {
    this.#file = file;
  }

  /** Resolves when everything asked for so far is done. */
  get settled(): Promise<void> {
    return this.#last;
  }

  /** Resolves when the work is done. Its failure is also told to whoever comes next: this promise may be dropped. */
  run(work: (writing: Writing) => Promise<void>): Promise<void> {
    return this.#enqueue(async () => {
      this.#open ??= await begin(this.#file);
      await work(this.#open);
    });
  }

  /** Resolves when all work is done and can be read. */
  commit(): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#open === undefined) return;
      const { connection } = this.#open;
      this.#open = undefined;
      await connection.run("COMMIT");
      this.#file.release(connection);
    });
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(() => this.#file.work(work));
    this.#last.catch(() => {});
    return this.#last;
  }
}

async function begin(file: PlanFile): Promise<Writing> {
  if (file.readOnly) throw new PlanError("the plan was opened for reading only");
  const connection = await file.connect();
  await connection.run("BEGIN");
  const statements = new Map<string, DuckDBPreparedStatement>();
  const prepared = async (sql: string) => {
    const statement = statements.get(sql) ?? (await connection.prepare(sql));
    statements.set(sql, statement);
    return statement;
  };
  return { connection, prepared };
}
