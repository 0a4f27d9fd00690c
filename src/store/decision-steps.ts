import type { DuckDBConnection } from "@duckdb/node-api";
import type { Decision, Doer } from "../model/decision.js";
import { PlanError } from "../model/errors.js";
import { type ConflictSelection, selectedIds } from "./conflict-groups.js";
import { decisionTable, encodeDecision, encodeEntry, journalTable } from "./decision-table.js";
import { drain } from "./drain.js";
import type { PlanFile } from "./plan-file.js";
import { rowTable } from "./row-table.js";
import { type EncodedRecord, insertLinesSql, type StoredTable } from "./stored-table.js";

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
      let entry = first;
      for await (const batch of batches) {
        const records = batch.map((decision, at) => encodeDecision(entry + at, decision));
        const entries = batch.map((decision, at) => {
          const { by, at: time } = decision;
          return encodeEntry({ number: entry + at, deed: "decided", by, at: time, decision });
        });
        await insert(connection, decisionTable, records);
        await insert(connection, journalTable, entries);
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
        SELECT ${first} + row_number() OVER (ORDER BY entry) - 1 AS entry, 'withdrawn' AS deed,
          ${who[0]} AS done_by, ${who[1]} AS done_at, conflict, taken.decision, taken.size
        FROM decision_journal AS taken
        WHERE entry IN (SELECT entry FROM decision WHERE conflict IN (${sql}))`,
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
      await connection.run(
        `INSERT INTO decision_journal BY NAME
        SELECT ${next} + row_number() OVER (ORDER BY conflict) - 1 AS entry,
          CASE WHEN stood THEN 'decided' ELSE 'withdrawn' END AS deed,
          $1 AS done_by, $2 AS done_at, conflict, decision, length(decision) AS size
        FROM (
          SELECT conflict,
            coalesce(arg_max(deed, entry) FILTER (WHERE entry <= ${asOf}) IN ('decided', 'reused'), false) AS stood,
            coalesce(arg_max(decision, entry) FILTER (WHERE entry <= ${asOf}), arg_max(decision, entry)) AS decision
          FROM decision_journal
          WHERE conflict IN (SELECT conflict FROM decision_journal WHERE entry BETWEEN ${first} AND ${last})
          GROUP BY conflict
        )`,
        [by, at],
      );
      await connection.run(
        `DELETE FROM decision WHERE conflict IN (SELECT conflict FROM decision_journal WHERE entry >= ${next})`,
      );
      await connection.run(
        `INSERT INTO decision BY NAME
        SELECT entry, conflict, decision ->> '$.table' AS table_name, (decision -> '$.key')::VARCHAR AS key,
          decision ->> '$.kind' AS kind, (decision ->> '$.resolution')::resolution AS resolution,
          (decision -> '$.values')::VARCHAR AS "values", decision ->> '$.reason' AS reason,
          decision ->> '$.by' AS decided_by, decision ->> '$.at' AS decided_at,
          decision ->> '$.fingerprint' AS fingerprint, size
        FROM decision_journal WHERE entry >= ${next} AND deed = 'decided'`,
      );
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
            SELECT entry, conflict, CASE WHEN deed IN ('decided', 'reused') THEN decision ELSE '' END AS stood
            FROM decision_journal
            WHERE conflict IN (SELECT conflict FROM decision_journal WHERE entry > ${entry})
          ) GROUP BY conflict
        ) WHERE coalesce(before, '') <> after`)
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

async function nextNumber(connection: DuckDBConnection): Promise<number> {
  const result = await connection.run("SELECT coalesce(max(entry) + 1, 1)::DOUBLE FROM decision_journal");
  return (await result.getRows())[0]?.[0] as number;
}

/** @param records a batch: as much as may be in memory at once */
async function insert(
  connection: DuckDBConnection,
  table: StoredTable,
  records: readonly EncodedRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const statement = await connection.prepare(insertLinesSql(table));
  statement.bindBlob(1, Buffer.from(records.map(({ line }) => line).join("\n")));
  await statement.run();
}
