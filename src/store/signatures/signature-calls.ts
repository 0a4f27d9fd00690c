import type { DuckDBConnection } from "@duckdb/node-api";
import type { Doer } from "../../model/decision.js";
import { PlanError } from "../../model/errors.js";
import type { Call } from "../../model/signature.js";
import type { PlanFile } from "../file/plan-file.js";

/** What people called signatures since the plan was made. Each save is one transaction, and nothing is ever removed. */
export interface SignatureCalls {
  /** By id of the signature, what was said last; undefined: what was said before was withdrawn. */
  read(): Promise<ReadonlyMap<string, Call | undefined>>;
  save(calls: ReadonlyMap<string, Call | undefined>, who: Doer): Promise<void>;
}

const table = "signature_call";

/** Made with the first call: a plan without one, as of an earlier version, is as it was. */
const tableSql = `CREATE TABLE IF NOT EXISTS ${table}
  (number BIGINT NOT NULL, signature VARCHAR NOT NULL, called VARCHAR, done_by VARCHAR NOT NULL, done_at VARCHAR NOT NULL)`;

export class StoredCalls implements SignatureCalls {
  readonly #file: PlanFile;

  constructor(file: PlanFile) {
    this.#file = file;
  }

  read(): Promise<ReadonlyMap<string, Call | undefined>> {
    return this.#file.use(async (connection) => {
      if (!(await isThere(connection))) return new Map();
      const found = await connection.run(`SELECT signature, called FROM ${table} ORDER BY number`);
      const lines = (await found.getRows()) as unknown as (readonly [string, Call | null])[];
      return new Map(lines.map(([signature, called]) => [signature, called ?? undefined]));
    });
  }

  async save(calls: ReadonlyMap<string, Call | undefined>, { by, at }: Doer): Promise<void> {
    if (this.#file.readOnly) throw new PlanError("the plan was opened for reading only");
    await this.#file.use(async (connection) => {
      await connection.run("BEGIN");
      await connection.run(tableSql);
      await connection.run(
        `INSERT INTO ${table}
        SELECT (SELECT count(*) FROM ${table}) + row_number() OVER (), call ->> '$[0]', call ->> '$[1]', $2, $3
        FROM (SELECT unnest(from_json($1, '["JSON"]')) AS call)`,
        [JSON.stringify([...calls].map(([signature, called]) => [signature, called ?? null])), by, at],
      );
      await connection.run("COMMIT");
    });
  }
}

async function isThere(connection: DuckDBConnection): Promise<boolean> {
  const found = await connection.run(
    `SELECT 1 FROM duckdb_tables() WHERE database_name = 'plan' AND table_name = '${table}'`,
  );
  return found.rowCount > 0;
}
