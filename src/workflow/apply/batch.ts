import { isBag } from "../../model/bag.js";
import type { Table } from "../../model/table.js";
import { WriteError } from "../../postgres/write-error.js";
import type { Connection } from "./connection.js";
import { type Unit, writeOneByOne } from "./isolate.js";
import type { JournalKeeper } from "./keeper.js";
import { type Past, settleUnknown } from "./settle.js";
import { type MovedRow, prepareRows, type Written, writeRows } from "./write-rows.js";

export type BatchResult =
  | { readonly kind: "committed"; readonly written: readonly number[]; readonly already: readonly number[] }
  /** Nothing of the batch was written. */
  | { readonly kind: "moved"; readonly moved: readonly MovedRow[] }
  /** Somebody was in the way, or the connection was lost: nothing was written, and it may be tried again. */
  | { readonly kind: "again"; readonly error: WriteError };

/** Copies of rows without a key are counted by a scan of their table, which takes longer than a look-up by key. */
const scanPatience = 20;

export interface BatchBench {
  readonly connection: Connection;
  readonly keeper: JournalKeeper;
  readonly past: Past;
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/**
 * Writes some rows in one transaction: all of them, or none. Its id is in the journal before `COMMIT` is sent, so that
 * whatever happens in that moment, the server can be asked afterwards.
 */
export async function writeBatch(bench: BatchBench, units: readonly Unit[]): Promise<BatchResult> {
  try {
    return await attempt(bench, units);
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    return await afterFailure(bench, units, error);
  }
}

async function attempt(bench: BatchBench, units: readonly Unit[]): Promise<BatchResult> {
  const { connection, keeper } = bench;
  const { session, target } = connection;
  const prepared = await prepareRows(session, units.flat());
  const transaction = await begin(bench, units);
  const positions = prepared.rows.map(({ position }) => position);
  // The intent is written while the server is at work.
  const { number, isWritten } = keeper.intend(target, transaction, positions);
  try {
    const result = await writeRows(session, prepared);
    await isWritten;
    if (result.moved.length > 0) {
      await rollBack(bench);
      keeper.settle({ number, fate: "aborted" });
      return { kind: "moved", moved: result.moved };
    }
    if (result.already.length > 0) await bench.past.store.journal.amend({ number, ...result });
    await session.writer.script("COMMIT");
    session.staging.transactionEnds();
    keeper.settle({ number, fate: "committed" });
    return { kind: "committed", ...result };
  } catch (error) {
    // Only then may it be asked about.
    await isWritten;
    throw error;
  }
}

/**
 * A few rows of a table are to be found by their keys: told that the disk is slow, the planner may read all of it.
 * @returns the id of the transaction
 */
async function begin(
  { connection, lockTimeoutMs, statementTimeoutMs: usual, past }: BatchBench,
  units: readonly Unit[],
): Promise<string> {
  const { writer, staging } = connection.session;
  const scans = units.some(([row]) => row !== undefined && isBag(past.tables[row.table] as Table));
  const statementTimeoutMs = scans ? usual * scanPatience : usual;
  staging.transactionEnds();
  const answers = await writer.script(`BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE;
    SET LOCAL lock_timeout = ${Math.ceil(lockTimeoutMs)}; SET LOCAL statement_timeout = ${Math.ceil(statementTimeoutMs)};
    SET LOCAL random_page_cost = 1.1; SELECT pg_catalog.pg_current_xact_id()`);
  return answers.at(-1)?.[0]?.[0] ?? "";
}

async function rollBack({ connection }: BatchBench): Promise<void> {
  await connection.session.writer.script("ROLLBACK");
  connection.session.staging.transactionEnds();
}

async function afterFailure(
  bench: BatchBench,
  units: readonly Unit[],
  error: WriteError,
): Promise<BatchResult> {
  const { connection, keeper } = bench;
  // Then there is one batch at most of which nobody knows: this one.
  await keeper.flush();
  const [batch] = await bench.past.store.journal.unknown(connection.target.id);
  if (error.fault === "lost") await connection.again();
  else await rollBack(bench).catch(() => connection.again());
  const fates = await settleUnknown(bench.past);
  if (
    batch !== undefined &&
    fates.some(({ number, fate }) => number === batch.number && fate === "committed")
  ) {
    return { kind: "committed", written: batch.written, already: batch.already };
  }
  if (error.fault === "failed") throw error;
  return error.fault === "refused" ? await findRefused(bench, units, error) : { kind: "again", error };
}

/** Which rows the server does not want, in a transaction that is rolled back. */
async function findRefused(
  bench: BatchBench,
  units: readonly Unit[],
  error: WriteError,
): Promise<BatchResult> {
  const { session } = bench.connection;
  const { made } = session.staging;
  try {
    await begin(bench, units);
    const { moved }: Written = await writeOneByOne(session, units);
    await rollBack(bench);
    session.staging.forgetSince(made);
    // Somebody was in the way and is gone: the next attempt will do.
    return moved.length > 0 ? { kind: "moved", moved } : { kind: "again", error };
  } catch (failure) {
    if (!(failure instanceof WriteError) || failure.fault === "failed") throw failure;
    session.staging.forgetSince(made);
    if (failure.fault === "lost") await bench.connection.again();
    else await rollBack(bench).catch(() => bench.connection.again());
    return { kind: "again", error: failure };
  }
}
