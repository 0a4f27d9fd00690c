import type { DuckDBConnection } from "@duckdb/node-api";
import {
  type Direction,
  type Fate,
  type Finding,
  fates,
  findingKinds,
  type JournalBatch,
  type RowStates,
  rowStates,
} from "../../model/journal.js";
import { drain } from "../file/drain.js";
import type { PlanFile } from "../file/plan-file.js";
import { quoted, wholeNumber } from "../row-filter.js";
import { rowTable } from "../tables/row-table.js";
import { positionsOf, positionText } from "./position-text.js";

/** See `src/model/journal.ts`. What is written here is on disk when the promise resolves. */
export interface Journal {
  /** Written before the batch is committed. In the same breath, the fate of batches before it. */
  intend(batch: JournalBatch, settled: readonly Settled[]): Promise<void>;
  settle(settled: readonly Settled[]): Promise<void>;
  /** What was found of the rows of a batch that is not committed yet. */
  amend(batch: Pick<JournalBatch, "number" | "written" | "already">): Promise<void>;
  /** Batches of which nobody knows how they ended. */
  unknown(target: string): Promise<readonly JournalBatch[]>;
  /** The last number that was given to a batch. */
  lastNumber(): Promise<number>;
  /** Where committed batches were written; the last one last. */
  places(target: string): Promise<readonly string[]>;
  states(target: string): Promise<RowStates>;
  /** Rows that are not open in some database, or may not be: a batch of which nobody knows how it ended counts. */
  statesAnywhere(): Promise<RowStates>;
  /** Rows count as open again: they were found not to be there. */
  forget(target: string, rows: readonly number[]): Promise<void>;
  clearFindings(target: string, direction: Direction): Promise<void>;
  addFindings(target: string, direction: Direction, findings: readonly Finding[]): Promise<void>;
  /** In plan order, at most this many. */
  findings(target: string | undefined, direction: Direction, limit: number): Promise<readonly Finding[]>;
}

export interface Settled {
  readonly number: number;
  readonly fate: Fate;
}

const enumSql = (name: string, words: readonly string[]) =>
  `CREATE TYPE ${name} AS ENUM (${words.map((word) => `'${word}'`).join(", ")})`;

export const journalSql: readonly string[] = [
  enumSql("fate", fates),
  enumSql("finding_kind", findingKinds),
  enumSql("direction", ["patch", "rollback"]),
  `CREATE TABLE apply_batch (number BIGINT NOT NULL, target VARCHAR NOT NULL, place VARCHAR NOT NULL, started_at VARCHAR NOT NULL,
    direction direction NOT NULL, transaction_id VARCHAR NOT NULL, begun_at VARCHAR NOT NULL,
    written VARCHAR NOT NULL, already VARCHAR NOT NULL)`,
  // Beside the batches, not in them: an update costs DuckDB many times what an insert does, and batches wait for it.
  "CREATE TABLE apply_fate (number BIGINT NOT NULL, fate fate NOT NULL)",
  `CREATE VIEW apply_settled AS SELECT apply_batch.*, coalesce(settled.fate, 'unknown') AS fate
    FROM apply_batch LEFT JOIN (SELECT number, any_value(fate) AS fate FROM apply_fate GROUP BY number) AS settled USING (number)`,
  `CREATE TABLE apply_finding (target VARCHAR NOT NULL, direction direction NOT NULL, position BIGINT NOT NULL,
    kind finding_kind NOT NULL, finding VARCHAR NOT NULL)`,
];

export class StoredJournal implements Journal {
  readonly #file: PlanFile;
  readonly #intents: KeptConnection;

  constructor(file: PlanFile) {
    this.#file = file;
    this.#intents = new KeptConnection(file);
  }

  /**
   * All in one piece: each question that DuckDB is asked comes back to our thread, which reads and writes rows meanwhile,
   * and the batch waits for it with its locks.
   */
  intend(batch: JournalBatch, settled: readonly Settled[]): Promise<void> {
    const { number, target, place, startedAt, direction, transaction, written, already } = batch;
    const texts = [target, place, startedAt, direction, transaction, new Date().toISOString()];
    const values = [...texts, positionText(written), positionText(already)].map(quoted);
    const statements = [
      ...settled.map((of) => `INSERT INTO apply_fate VALUES (${wholeNumber(of.number)}, ${quoted(of.fate)})`),
      `INSERT INTO apply_batch VALUES (${[wholeNumber(number), ...values].join(", ")})`,
    ];
    return this.#intents.run(`BEGIN; ${statements.join("; ")}; COMMIT`);
  }

  settle(settled: readonly Settled[]): Promise<void> {
    if (settled.length === 0) return Promise.resolve();
    return this.#write((connection) => settleAll(connection, settled));
  }

  amend({ number, written, already }: Pick<JournalBatch, "number" | "written" | "already">): Promise<void> {
    return this.#write(async (connection) => {
      await connection.run("UPDATE apply_batch SET written = $1, already = $2 WHERE number = $3", [
        positionText(written),
        positionText(already),
        BigInt(number),
      ]);
    });
  }

  async unknown(target: string): Promise<readonly JournalBatch[]> {
    const lines = await this.#ask(
      `SELECT number::DOUBLE, place, started_at, direction::VARCHAR, transaction_id, written, already
      FROM apply_settled WHERE target = $1 AND fate = 'unknown' ORDER BY number`,
      [target],
    );
    return lines.map(([number, place, startedAt, direction, transaction, written, already]) => ({
      number: number as number,
      target,
      place: place as string,
      startedAt: startedAt as string,
      direction: direction as Direction,
      transaction: transaction as string,
      written: positionsOf(written as string),
      already: positionsOf(already as string),
    }));
  }

  async lastNumber(): Promise<number> {
    return (await this.#ask("SELECT coalesce(max(number), 0)::DOUBLE FROM apply_batch"))[0]?.[0] as number;
  }

  async places(target: string): Promise<readonly string[]> {
    const lines = await this.#ask(
      `SELECT place FROM apply_settled WHERE target = $1 AND fate = 'committed' AND place <> '' GROUP BY place ORDER BY max(number)`,
      [target],
    );
    return lines.map(([place]) => place as string);
  }

  async states(target: string): Promise<RowStates> {
    const states = await this.#allOpen();
    await this.#countBatches(states, "target = $1 AND fate = 'committed'", target);
    return states;
  }

  async statesAnywhere(): Promise<RowStates> {
    const all = await this.#allOpen();
    for (const [target] of await this.#ask("SELECT DISTINCT target FROM apply_batch")) {
      const states = await this.states(target as string);
      await this.#countBatches(
        states,
        "target = $1 AND fate = 'unknown' AND direction = 'patch'",
        target as string,
      );
      for (const [position, state] of states.entries())
        all[position] = Math.max(all[position] ?? rowStates.open, state);
    }
    return all;
  }

  async #allOpen(): Promise<Uint8Array> {
    const [[rows] = [0]] = await this.#ask(
      `SELECT coalesce(max(position) + 1, 0)::DOUBLE FROM ${rowTable.name}`,
    );
    return new Uint8Array(rows as number);
  }

  async #countBatches(states: Uint8Array, where: string, target: string): Promise<void> {
    await this.#file.use(async (connection) => {
      const sql = `SELECT direction::VARCHAR, written, already FROM apply_settled WHERE ${where} ORDER BY number`;
      const statement = await connection.prepare(sql);
      statement.bindVarchar(1, target);
      await drain(await statement.stream(), (chunk) => {
        for (const line of chunk.getRows() as [Direction, string, string][]) count(states, line);
        return [];
      });
    });
  }

  /** As if somebody had taken them back. */
  async forget(target: string, rows: readonly number[]): Promise<void> {
    if (rows.length === 0) return;
    const number = (await this.lastNumber()) + 1;
    const where = { target, place: "", startedAt: "", direction: "rollback", transaction: "" } as const;
    await this.intend({ number, ...where, written: rows, already: [] }, []);
    await this.settle([{ number, fate: "committed" }]);
  }

  clearFindings(target: string, direction: Direction): Promise<void> {
    return this.#write(async (connection) => {
      await connection.run("DELETE FROM apply_finding WHERE target = $1 AND direction = $2::direction", [
        target,
        direction,
      ]);
    });
  }

  addFindings(target: string, direction: Direction, findings: readonly Finding[]): Promise<void> {
    return this.#write(async (connection) => {
      for (let from = 0; from < findings.length; from += 1000) {
        await connection.run(
          `INSERT INTO apply_finding SELECT $1, $2::direction, (finding ->> '$.position')::BIGINT,
            (finding ->> '$.kind')::finding_kind, finding ->> '$.text' FROM (SELECT unnest($3::JSON[]) AS finding)`,
          [target, direction, JSON.stringify(findings.slice(from, from + 1000))],
        );
      }
    });
  }

  async findings(
    target: string | undefined,
    direction: Direction,
    limit: number,
  ): Promise<readonly Finding[]> {
    const lines = await this.#ask(
      `SELECT DISTINCT position::DOUBLE, kind::VARCHAR, finding FROM apply_finding
      WHERE direction = $1::direction AND ($2::VARCHAR IS NULL OR target = $2) ORDER BY ALL LIMIT ${Math.floor(limit)}`,
      [direction, target ?? null],
    );
    return lines.map(([position, kind, text]) => ({
      position: position as number,
      kind: kind as Finding["kind"],
      text: text as string,
    }));
  }

  #write(work: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
    return this.#file.use(async (connection) => {
      await connection.run("BEGIN");
      await work(connection);
      await connection.run("COMMIT");
    });
  }

  #ask(sql: string, values: (string | null)[] = []): Promise<readonly (readonly unknown[])[]> {
    return this.#file.use(async (connection) => (await connection.run(sql, values)).getRows());
  }
}

async function settleAll(connection: DuckDBConnection, settled: readonly Settled[]): Promise<void> {
  for (const { number, fate } of settled) {
    await connection.run("INSERT INTO apply_fate VALUES ($1, $2::fate)", [BigInt(number), fate]);
  }
}

/** What was taken back is open again. */
function count(states: RowStates, [direction, written, already]: readonly [Direction, string, string]): void {
  const [asWritten, asAlready] =
    direction === "patch" ? [rowStates.written, rowStates.already] : [rowStates.open, rowStates.open];
  for (const position of positionsOf(written)) states[position] = asWritten;
  for (const position of positionsOf(already)) states[position] = asAlready;
}

/** One connection for many short writes, one after the other. */
class KeptConnection {
  readonly #file: PlanFile;
  #connection: DuckDBConnection | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: PlanFile) {
    this.#file = file;
  }

  run(sql: string): Promise<void> {
    const running = this.#last.then(() => this.#file.work(() => this.#run(sql)));
    this.#last = running.catch(() => undefined);
    return running;
  }

  async #run(sql: string): Promise<void> {
    this.#connection ??= await this.#file.connect();
    try {
      await this.#connection.run(sql);
    } catch (error) {
      // What it has begun is rolled back with it.
      this.#file.release(this.#connection);
      this.#connection = undefined;
      throw error;
    }
  }
}
