import type { DuckDBConnection } from "@duckdb/node-api";
import type { Decision, Doer } from "../../model/decision.js";
import { PlanError } from "../../model/errors.js";
import { drain } from "../file/drain.js";
import type { PlanFile } from "../file/plan-file.js";
import { positionIn } from "../row-filter.js";
import { rowTable } from "../tables/row-table.js";
import { type EncodedRecord, insertLinesSql, type StoredTable } from "../tables/stored-table.js";
import { type ConflictSelection, selectedIds } from "./conflict-groups.js";
import { decisionTable, encodeDecision, encodeEntry, journalTable } from "./decision-table.js";

/** Entries of the journal that belong together: what one key did. Empty when `last` is less than `first`. */
export interface JournalRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Decisions about many conflicts at once, and steps that are taken back or done again as one. Each is one transaction;
 * only taking a decision passes through our hands, for its fingerprint, and there a batch at a time.
 */
export class DecisionSteps {
  readonly #file: PlanFile;

  constructor(file: PlanFile) {
    this.#file = file;
  }

  /** Takes decisions, all or none; each replaces the one on the same conflict. */
  take(batches: AsyncIterable<readonly Decision[]>): Promise<JournalRange> {
    return this.#change(async (connection, first) => {
      const intoDecisions = await linesInto(connection, decisionTable);
      const intoJournal = await linesInto(connection, journalTable);
      let entry = first;
      for await (const batch of batches) {
        const records = batch.map((decision, at) => encodeDecision(entry + at, decision));
        const entries = batch.map((decision, at) => {
          const { by, at: time } = decision;
          return encodeEntry({ number: entry + at, deed: "decided", by, at: time, decision });
        });
        await intoDecisions(records);
        await intoJournal(entries);
        entry += batch.length;
      }
      await connection.run(`
        DELETE FROM decision WHERE entry < ${first} AND conflict IN
          (SELECT conflict FROM decision WHERE entry >= ${first})`);
    });
  }

  /** Leaves the selected conflicts open again, in one statement. */
  withdraw(selection: ConflictSelection, { by, at }: Doer): Promise<JournalRange> {
    return this.#change(async (connection, first) => {
      const { sql, values } = selectedIds({ ...selection, decided: true });
      const who = [`$${values.length + 1}`, `$${values.length + 2}`];
      await connection.run(
        `INSERT INTO decision_journal BY NAME
        SELECT ${first} + row_number() OVER () - 1 AS entry, 'withdrawn' AS deed,
          ${who[0]} AS done_by, ${who[1]} AS done_at, conflict, taken.decision, taken.size
        FROM decision_journal AS taken
        WHERE taken.entry IN (SELECT entry FROM decision WHERE conflict IN (${sql}))`,
        [...values, by, at],
      );
      await connection.run(
        `DELETE FROM decision WHERE conflict IN (SELECT conflict FROM decision_journal WHERE entry >= ${first})`,
      );
    });
  }

  /**
   * Puts the conflicts that a step was about back to how they were decided when the journal ended with `asOf`: before
   * the step to take it back, at its end to do it again. Set-based, however many they are.
   */
  restore({ first, last }: JournalRange, asOf: number, { by, at }: Doer): Promise<JournalRange> {
    return this.#change(async (connection, next) => {
      const meant = await entriesBefore(connection, { first, last }, asOf);
      await connection.run(
        `DELETE FROM decision WHERE conflict IN
          (SELECT conflict FROM decision_journal WHERE entry BETWEEN ${first} AND ${last})`,
      );
      let entry = next;
      for (const entries of slices(meant)) {
        const told = toldSql(entries, entry, asOf);
        await connection.run(standAgainSql(told));
        await connection.run(writeDownSql(told), [by, at]);
        entry += entries.length;
      }
    });
  }

  /** Where the conflicts of a step stand in the plan, rising. */
  positionsOf({ first, last }: JournalRange): Promise<readonly number[]> {
    return this.#file.use(async (connection) => {
      const found = await connection.stream(
        `SELECT position::DOUBLE FROM ${rowTable.name} WHERE conflict_id IN
          (SELECT conflict FROM decision_journal WHERE entry BETWEEN ${first} AND ${last}) ORDER BY position`,
      );
      return drain(found, (chunk) => chunk.getRows().map(([position]) => position as number));
    });
  }

  /** How many conflicts are decided otherwise than when the journal ended with `entry`. */
  async countSince(entry: number): Promise<number> {
    const lines = await this.#file.use(async (connection) =>
      (
        await connection.run(`
        SELECT count(*)::DOUBLE FROM (
          SELECT arg_max(stood, entry) FILTER (WHERE entry <= ${entry}) AS before, arg_max(stood, entry) AS after
          FROM (
            SELECT entry, conflict, CASE WHEN deed IN ('decided', 'reused') THEN hash(decision) ELSE 0 END AS stood
            FROM decision_journal
            WHERE conflict IN (SELECT conflict FROM decision_journal WHERE entry > ${entry})
          ) GROUP BY conflict
        ) WHERE coalesce(before, 0) <> after`)
      ).getRows(),
    );
    return lines[0]?.[0] as number;
  }

  #change(work: (connection: DuckDBConnection, first: number) => Promise<void>): Promise<JournalRange> {
    if (this.#file.readOnly) throw new PlanError("the plan was opened for reading only");
    return this.#file.use(async (connection) => {
      await connection.run("BEGIN");
      const first = await nextNumber(connection);
      await work(connection, first);
      const last = (await nextNumber(connection)) - 1;
      await connection.run("COMMIT");
      return { first, last };
    });
  }
}

/** An entry of the journal, and how long its text is. */
type Told = readonly [entry: number, size: number];

/**
 * By what each conflict of a step was decided when the journal ended with `asOf`; where it was not, its last entry.
 * In rising order; numbers alone, so that all of them fit into memory.
 */
async function entriesBefore(
  connection: DuckDBConnection,
  { first, last }: JournalRange,
  asOf: number,
): Promise<readonly Told[]> {
  const found = await connection.stream(
    `SELECT entry::DOUBLE, size::DOUBLE FROM decision_journal WHERE entry IN (
      SELECT coalesce(max(entry) FILTER (WHERE entry <= ${asOf}), max(entry)) FROM decision_journal
      WHERE conflict IN (SELECT conflict FROM decision_journal WHERE entry BETWEEN ${first} AND ${last})
      GROUP BY conflict)`,
  );
  const entries = await drain(found, (chunk) => chunk.getRows() as unknown as readonly Told[]);
  return entries.sort(([a], [b]) => a - b);
}

/** Copied in one statement. DuckDB needs some twenty times the texts to take them apart. */
const sliceLimits = { entries: 2000, size: 700_000 };

function* slices(entries: readonly Told[]): Generator<readonly number[]> {
  let slice: number[] = [];
  let size = 0;
  for (const [entry, length] of entries) {
    if (slice.length === sliceLimits.entries || (slice.length > 0 && size + length > sliceLimits.size)) {
      yield slice;
      slice = [];
      size = 0;
    }
    slice.push(entry);
    size += length;
  }
  if (slice.length > 0) yield slice;
}

/** Entries of the journal under the numbers that they get as new ones, from `first`; `stands`: what they say holds again. */
const toldSql = (entries: readonly number[], first: number, asOf: number): string => `(
  SELECT ${first} + row_number() OVER (ORDER BY entry) - 1 AS entry, conflict, decision,
    entry <= ${asOf} AND deed IN ('decided', 'reused') AS stands
  FROM decision_journal WHERE ${positionIn(entries, "entry")})`;

const writeDownSql = (told: string): string => `
  INSERT INTO decision_journal BY NAME
  SELECT entry, CASE WHEN stands THEN 'decided' ELSE 'withdrawn' END AS deed, $1 AS done_by, $2 AS done_at,
    conflict, decision, length(decision) AS size
  FROM ${told}`;

const standAgainSql = (told: string): string => `
  INSERT INTO decision BY NAME
  SELECT entry, conflict, decision ->> '$.table' AS table_name, (decision -> '$.key')::VARCHAR AS key,
    decision ->> '$.kind' AS kind, (decision ->> '$.resolution')::resolution AS resolution,
    (decision -> '$.values')::VARCHAR AS "values", decision ->> '$.reason' AS reason,
    decision ->> '$.by' AS decided_by, decision ->> '$.at' AS decided_at,
    decision ->> '$.fingerprint' AS fingerprint, length(decision) AS size
  FROM ${told} WHERE stands`;

async function nextNumber(connection: DuckDBConnection): Promise<number> {
  const result = await connection.run("SELECT coalesce(max(entry) + 1, 1)::DOUBLE FROM decision_journal");
  return (await result.getRows())[0]?.[0] as number;
}

/**
 * A statement that is prepared once: each keeps what was bound to it for as long as the connection is open, and so many
 * of them would keep all that was written.
 * @returns writes a batch, as much as may be in memory at once
 */
async function linesInto(
  connection: DuckDBConnection,
  table: StoredTable,
): Promise<(records: readonly EncodedRecord[]) => Promise<void>> {
  const statement = await connection.prepare(insertLinesSql(table));
  return async (records) => {
    if (records.length === 0) return;
    statement.bindBlob(1, Buffer.from(records.map(({ line }) => line).join("\n")));
    await statement.run();
  };
}
