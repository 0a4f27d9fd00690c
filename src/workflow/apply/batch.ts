import { WriteError } from "../../postgres/writing/write-error.js";
import { answersTo } from "../../postgres/writing/writer.js";
import type { Batch } from "./ahead.js";
import type { Connection } from "./connection.js";
import { writeOneByOne } from "./isolate.js";
import type { JournalKeeper } from "./keeper.js";
import { type Past, settleUnknown } from "./settle.js";
import { hasCopies, type MovedRow, type Written, writeRows } from "./write-rows.js";

export type BatchResult =
  | {
      readonly kind: "committed";
      readonly written: readonly number[];
      readonly already: readonly number[];
      /** For about how long it held its locks. */
      readonly ms: number;
      /** The batch that was sent behind the commit. */
      readonly next?: Underway | undefined;
    }
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

/** A batch that the server is at work on. Its transaction is open. */
export interface Underway {
  readonly batch: Batch;
  /** The id of the transaction. */
  readonly transaction: Promise<string>;
  readonly written: Promise<Written>;
  /** When nothing of it can have been locked yet. */
  readonly since: () => number;
}

/** Begins a transaction and writes the rows. Nothing is waited for: it may be sent while another one is committed. */
export function sendBatch(bench: BatchBench, batch: Batch): Underway {
  const { session } = bench.connection;
  // Outside of the transaction: they are to stay, however that ends.
  const { made } = session.staging.tablesFor(batch.prepared.steps.map(({ step }) => step));
  let since = performance.now();
  const transaction = begin(bench, batch).then((id) => {
    since = performance.now();
    return id;
  });
  const writing = writeRows(session, batch.prepared);
  const written = answersTo<unknown>([...made, transaction, writing]).then(() => writing);
  // Whoever awaits them sees the failure; until then it must not count as unhandled.
  transaction.catch(() => undefined);
  written.catch(() => undefined);
  return { batch, transaction, written, since: () => since };
}

/**
 * Sees a batch to its end: all of its rows are committed, or none. The id of the transaction is in the journal before
 * `COMMIT` is sent, so that whatever happens in that moment, the server can be asked afterwards.
 *
 * @param follow asked for another batch, to be sent behind the commit, so that the server need not wait for us
 */
export async function finishBatch(
  bench: BatchBench,
  underway: Underway,
  follow: () => Batch | undefined,
): Promise<BatchResult> {
  try {
    return await attempt(bench, underway, follow);
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    return await afterFailure(bench, underway, error);
  }
}

async function attempt(
  bench: BatchBench,
  { batch, ...underway }: Underway,
  follow: () => Batch | undefined,
): Promise<BatchResult> {
  const { session, target } = bench.connection;
  const positions = batch.prepared.rows.map(({ position }) => position);
  // The intent is written while the server is at work.
  const { number, isWritten } = bench.keeper.intend(target, await underway.transaction, positions);
  try {
    const result = await underway.written;
    await isWritten;
    if (result.moved.length > 0) {
      await rollBack(bench);
      bench.keeper.settle({ number, fate: "aborted" });
      return { kind: "moved", moved: result.moved };
    }
    if (result.already.length > 0) await bench.past.store.journal.amend({ number, ...result });
    const committed = session.writer.script("COMMIT");
    session.staging.transactionEnds();
    const following = follow();
    const next = following === undefined ? undefined : sendBatch(bench, following);
    await committed;
    bench.keeper.settle({ number, fate: "committed" });
    return { kind: "committed", ...result, ms: performance.now() - underway.since(), next };
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
  { connection, lockTimeoutMs, statementTimeoutMs: usual }: BatchBench,
  { prepared }: Pick<Batch, "prepared">,
): Promise<string> {
  const { writer, staging } = connection.session;
  const statementTimeoutMs = hasCopies(prepared) ? usual * scanPatience : usual;
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
  { batch: mine }: Underway,
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
    return { kind: "committed", written: batch.written, already: batch.already, ms: 0 };
  }
  if (error.fault === "failed") throw error;
  return error.fault === "refused" ? await findRefused(bench, mine, error) : { kind: "again", error };
}

/** Which rows the server does not want, in a transaction that is rolled back. */
async function findRefused(bench: BatchBench, batch: Batch, error: WriteError): Promise<BatchResult> {
  const { session } = bench.connection;
  const { made } = session.staging;
  try {
    await begin(bench, batch);
    const { moved }: Written = await writeOneByOne(session, batch.units);
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
