import { setTimeout as sleep } from "node:timers/promises";
import { invert, type PlannedRow } from "../../model/change.js";
import { PlanError } from "../../model/errors.js";
import { type JournalBatch, type RowStates, rowStates } from "../../model/journal.js";
import type { Table } from "../../model/table.js";
import { Session } from "../../postgres/session/session.js";
import { transactionStatus } from "../../postgres/writing/write-target.js";
import type { Settled } from "../../store/applying/journal.js";
import type { PlanStore } from "../../store/plan-store.js";
import { type RowState, statesOf } from "../row-states.js";
import type { Connection } from "./connection.js";

/** What finding out about the past takes. */
export interface Past {
  readonly store: PlanStore;
  readonly tables: readonly Table[];
  readonly connection: Connection;
  /** Of `current`, for looking at rows. */
  readonly url: string;
  readonly onWait: (text: string) => void;
}

/** A session whose client was killed notices within seconds, unless it waits for something else. */
const patienceMs = 120_000;

/**
 * Finds out what became of batches whose end nobody saw: the process was killed, or the connection was lost. The
 * server knows, by the id of the transaction; where it does not, the rows do.
 */
export async function settleUnknown(past: Past): Promise<readonly Settled[]> {
  const { store, connection } = past;
  const settled: Settled[] = [];
  for (const batch of await store.journal.unknown(connection.target.id)) {
    settled.push({ number: batch.number, fate: await fateOf(past, batch) });
  }
  await store.journal.settle(settled);
  return settled;
}

async function fateOf(past: Past, batch: JournalBatch): Promise<"committed" | "aborted"> {
  const { connection, onWait } = past;
  const until = performance.now() + patienceMs;
  for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
    const status = await connection.steady(({ writer }) => transactionStatus(writer, batch.transaction));
    if (status === "aborted") return "aborted";
    if (status === "committed" && isTheSameServer(past, batch)) return "committed";
    if (status !== "in progress") return (await rowsAreThere(past, batch)) ? "committed" : "aborted";
    if (performance.now() > until) throw stillAtWork(batch);
    onWait(`transaction ${batch.transaction} of an earlier run is not over yet`);
    await sleep(pause);
  }
}

/** A crash may give the id of a transaction that nobody saw committed to another one. */
function isTheSameServer({ connection }: Past, { place, startedAt }: JournalBatch): boolean {
  return connection.target.place === place && connection.target.startedAt === startedAt;
}

function stillAtWork({ transaction }: JournalBatch): PlanError {
  return new PlanError(`transaction ${transaction} of an earlier run is still open on the server`, {
    hint: "wait, or end its session (pg_stat_activity, backend_xid), then run the same command again",
  });
}

/** A batch is there as a whole or not at all. What is mixed was not: then each row is looked at by its guard again. */
async function rowsAreThere(past: Past, batch: JournalBatch): Promise<boolean> {
  let [there, missing] = [0, 0];
  await lookAt(past, batch.written, batch.direction, (_, state) => {
    if (state === "as planned") there += 1;
    if (state === "not written") missing += 1;
  });
  return there > 0 && missing === 0;
}

/**
 * On another server than before, the journal may speak of writes that are not there: it is a copy, or a standby that
 * took over without the last of them. Rows that still are as before the recovery are written again.
 *
 * @returns how many rows are not there
 */
export async function recheckWritten(past: Past, states: RowStates): Promise<number> {
  const written: number[] = [];
  for (const [position, state] of states.entries()) if (state === rowStates.written) written.push(position);
  const missing: number[] = [];
  await lookAt(past, written, "patch", (position, state) => {
    if (state === "not written") missing.push(position);
  });
  await past.store.journal.forget(past.connection.target.id, missing);
  return missing.length;
}

async function lookAt(
  { store, tables, url }: Past,
  positions: readonly number[],
  direction: JournalBatch["direction"],
  see: (position: number, state: RowState) => void,
): Promise<void> {
  const session = await Session.open({ role: "current", url });
  try {
    for (let from = 0; from < positions.length; from += 1000) {
      for await (const batch of store.rows({ positions: positions.slice(from, from + 1000) })) {
        const rows = direction === "patch" ? batch : batch.map(inverted);
        for (const { row, state } of await statesOf(session, tables, rows)) see(row.position, state);
      }
    }
  } finally {
    await session.close();
  }
}

function inverted(row: PlannedRow): PlannedRow {
  return row.change === undefined ? row : { ...row, change: invert(row.change) };
}
