import type { DuckDBConnection } from "@duckdb/node-api";
import type { Decision, Deed, Doer, JournalEntry } from "../../model/decision.js";
import { PlanError } from "../../model/errors.js";
import { drain } from "../file/drain.js";
import type { PlanFile } from "../file/plan-file.js";
import { readPages } from "../pages/page-reader.js";
import {
  type EncodedRecord,
  insertLinesSql,
  printedIn,
  recordSql,
  valuesOf,
} from "../tables/stored-table.js";
import {
  decisionTable,
  decodeDecision,
  decodeEntry,
  encodeDecision,
  encodeEntry,
  journalTable,
} from "./decision-table.js";

/**
 * The decisions of a plan and their journal. Each change is one transaction: when its promise resolves it is on disk,
 * and whatever happens afterwards, it stays. Changes are made in the order in which they were asked for.
 */
export class Decisions {
  readonly #file: PlanFile;
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: PlanFile) {
    this.#file = file;
  }

  /** Each takes the place of the one on the same conflict. @param deed `reused` for those of an earlier plan */
  save(decisions: readonly Decision[], deed: Deed = "decided"): Promise<void> {
    return this.#change(async (connection) => {
      const only = [...new Map(decisions.map((decision) => [decision.conflict, decision])).values()];
      const first = await nextNumber(connection);
      const entries = only.map((decision, at): JournalEntry => {
        const { by, at: time } = decision;
        return { number: first + at, deed, by, at: time, decision };
      });
      const records = entries.map(({ number, decision }) => encodeDecision(number, decision));
      await insert(connection, decisionTable, records);
      await connection.run(`DELETE FROM ${decisionTable.name} WHERE entry < ${first} AND conflict IN
        (SELECT conflict FROM ${decisionTable.name} WHERE entry >= ${first})`);
      await insert(connection, journalTable, entries.map(encodeEntry));
    });
  }

  /** @returns those that stood; a conflict on which none did is passed over */
  withdraw(conflicts: readonly string[], { by, at }: Doer): Promise<readonly Decision[]> {
    return this.#change(async (connection) => {
      const withdrawn = await decisionsOn(connection, conflicts);
      const first = await nextNumber(connection);
      const entries = withdrawn.map(
        (decision, place): JournalEntry => ({
          number: first + place,
          deed: "withdrawn",
          by,
          at,
          decision,
        }),
      );
      await insert(connection, journalTable, entries.map(encodeEntry));
      await connection.run(
        `DELETE FROM ${decisionTable.name} WHERE conflict IN (SELECT unnest(from_json($1, '["VARCHAR"]')))`,
        [JSON.stringify(conflicts)],
      );
      return withdrawn;
    });
  }

  /** Writes down that decisions of an earlier plan were not taken over. */
  lapse(decisions: readonly Decision[], { by, at }: Doer): Promise<void> {
    return this.#change(async (connection) => {
      const first = await nextNumber(connection);
      const entries = decisions.map(
        (decision, place): JournalEntry => ({ number: first + place, deed: "lapsed", by, at, decision }),
      );
      await insert(connection, journalTable, entries.map(encodeEntry));
    });
  }

  of(conflicts: readonly string[]): Promise<readonly Decision[]> {
    return this.#file.use((connection) => decisionsOn(connection, conflicts));
  }

  /** Kinds of conflicts that are decided, by label of the table. */
  async kinds(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const sql = `SELECT DISTINCT table_name, kind FROM ${decisionTable.name}`;
    const lines = await this.#file.use(async (connection) => (await connection.run(sql)).getRows());
    const kinds = new Map<string, Set<string>>();
    for (const [table, kind] of lines as [string, string][])
      kinds.set(table, (kinds.get(table) ?? new Set()).add(kind));
    return kinds;
  }

  /** In the order in which they were taken. */
  all(batchSize?: number): AsyncIterable<readonly Decision[]> {
    return readPages(this.#file, { table: decisionTable, where: "true", decode: decodeDecision }, batchSize);
  }

  journal(batchSize?: number): AsyncIterable<readonly JournalEntry[]> {
    return readPages(this.#file, { table: journalTable, where: "true", decode: decodeEntry }, batchSize);
  }

  async lastNumber(): Promise<number> {
    return (await this.#file.use(nextNumber)) - 1;
  }

  #change<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const change = this.#last.then(() =>
      this.#file.use((connection) => inTransaction(this.#file, connection, work)),
    );
    this.#last = change.catch(() => undefined);
    return change;
  }
}

/** A failure closes the connection, which takes everything back. */
async function inTransaction<T>(
  file: PlanFile,
  connection: DuckDBConnection,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  if (file.readOnly) throw new PlanError("the plan was opened for reading only");
  await connection.run("BEGIN");
  const result = await work(connection);
  await connection.run("COMMIT");
  return result;
}

async function nextNumber(connection: DuckDBConnection): Promise<number> {
  const result = await connection.run(`SELECT coalesce(max(entry) + 1, 1)::DOUBLE FROM ${journalTable.name}`);
  return (await result.getRows())[0]?.[0] as number;
}

async function decisionsOn(
  connection: DuckDBConnection,
  conflicts: readonly string[],
): Promise<readonly Decision[]> {
  if (conflicts.length === 0) return [];
  const found = await connection.stream(
    `SELECT ${recordSql(decisionTable)} FROM ${decisionTable.name}
      WHERE conflict IN (SELECT unnest(from_json($1, '["VARCHAR"]'))) ORDER BY entry`,
    [JSON.stringify(conflicts)],
  );
  return (await drain(found, printedIn)).map((printed) => decodeDecision(valuesOf(decisionTable, printed)));
}

/** Lines that go to DuckDB in one piece. */
const linesAtOnce = 1000;

async function insert(
  connection: DuckDBConnection,
  table: typeof decisionTable | typeof journalTable,
  records: readonly EncodedRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const statement = await connection.prepare(insertLinesSql(table));
  for (let from = 0; from < records.length; from += linesAtOnce) {
    const lines = records.slice(from, from + linesAtOnce).map(({ line }) => line);
    statement.bindBlob(1, Buffer.from(lines.join("\n")));
    await statement.run();
  }
}
