import type { PlanFile } from "../file/plan-file.js";
import { differenceTable } from "../tables/difference-table.js";

/** When transactions were committed, as ISO text, where the server of `post` told. */
export interface TransactionTimes {
  /** Transactions of the differences, each once, by their text from behind this one. */
  page(after: string, limit: number): Promise<readonly string[]>;
  add(times: readonly { readonly transaction: string; readonly at: string }[]): Promise<void>;
  /** Undefined: nobody told. */
  of(transaction: string): Promise<string | undefined>;
}

export const transactionTimeSql =
  "CREATE TABLE transaction_time (transaction_id VARCHAR NOT NULL, committed_at VARCHAR NOT NULL)";

export class StoredTimes implements TransactionTimes {
  readonly #file: PlanFile;

  constructor(file: PlanFile) {
    this.#file = file;
  }

  page(after: string, limit: number): Promise<readonly string[]> {
    const sql = `SELECT DISTINCT transaction_id FROM ${differenceTable.name}
      WHERE transaction_id > $1 ORDER BY transaction_id LIMIT ${limit}`;
    return this.#file.use(async (connection) =>
      (await (await connection.run(sql, [after])).getRows()).map(([id]) => id as string),
    );
  }

  async add(times: readonly { readonly transaction: string; readonly at: string }[]): Promise<void> {
    await this.#file.use((connection) =>
      connection.run(
        `INSERT INTO transaction_time SELECT unnest(from_json($1,
          '[{"transaction":"VARCHAR","at":"VARCHAR"}]'), recursive := true)`,
        [JSON.stringify(times)],
      ),
    );
  }

  of(transaction: string): Promise<string | undefined> {
    return this.#file.use(async (connection) => {
      const sql = "SELECT committed_at FROM transaction_time WHERE transaction_id = $1";
      const [row] = await (await connection.run(sql, [transaction])).getRows();
      return (row?.[0] ?? undefined) as string | undefined;
    });
  }
}
