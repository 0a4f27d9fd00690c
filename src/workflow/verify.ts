import { isBag } from "../model/bag.js";
import { writtenKey } from "../model/change.js";
import { InterruptedError } from "../model/errors.js";
import { type RowStates, rowStates } from "../model/journal.js";
import type { PlanHeader } from "../model/plan.js";
import type { SequenceMove } from "../model/sequence.js";
import type { ConnectionTarget } from "../model/settings.js";
import { keyObject, type Table } from "../model/table.js";
import type { Value } from "../model/value.js";
import { readSequences } from "../postgres/catalog/read-sequences.js";
import { type RowOrigin, readOrigins } from "../postgres/row-origins.js";
import { Session } from "../postgres/session/session.js";
import { readTargetId } from "../postgres/writing/write-target.js";
import { Writer } from "../postgres/writing/writer.js";
import type { Redactor } from "../report/redact-rows.js";
import type { PlanStore } from "../store/plan-store.js";
import { checkInvariants, type InvariantResult } from "./apply/invariants.js";
import type { OnProgress } from "./progress.js";
import { redactorOf } from "./redaction.js";
import { type FoundRow, type RowState, statesOf } from "./row-states.js";

/** How many planned rows are as planned, and which are not. */
export interface VerifyResult {
  readonly planId: string;
  readonly asPlanned: number;
  /** Still as the plan saw it: the patch has not reached it. */
  readonly notWritten: number;
  /** Neither, or as before the patch again though `apply` has written it: somebody changed it since. */
  readonly moved: number;
  /** The first rows that are not as planned, by table and key. */
  readonly rows: readonly VerifiedRow[];
  readonly invariants: readonly InvariantResult[];
  /** Those that the patch moves. */
  readonly sequences: readonly VerifiedSequence[];
}

export interface VerifiedRow {
  readonly table: string;
  readonly key: Readonly<Record<string, Value>>;
  readonly state: RowState;
  /** Who wrote what stands there now, if it moved and is still there. */
  readonly writtenBy?: RowOrigin | undefined;
}

export interface VerifiedSequence {
  readonly sequence: string;
  /** Where it should be, or beyond. */
  readonly wanted: string;
  /** Undefined where it is gone, or may not be read. */
  readonly at: string | undefined;
  readonly isThere: boolean;
}

export interface VerifyOptions {
  readonly store: PlanStore;
  readonly current: ConnectionTarget;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

const batchSize = 1000;
/** Of a table without a key: all of it is scanned each time. */
const copiesAtOnce = 20_000;
const listedRows = 1000;

/** Whether `current` is what the plan says: every planned row, every invariant, every sequence. Reads only. */
export async function verify(options: VerifyOptions): Promise<VerifyResult> {
  const { store, current, signal } = options;
  const header = await store.readHeader();
  const session = await Session.open({ role: "current", url: current.url, signal });
  try {
    await session.snapshot();
    const rows = await verifyRows(options, header, session);
    const sequences = await verifySequences(session, header.sequences);
    await session.release();
    return { planId: header.planId, ...rows, invariants: await verifyInvariants(current, header), sequences };
  } finally {
    await session.close();
  }
}

async function verifyRows(
  { store, signal, onProgress }: VerifyOptions,
  header: PlanHeader,
  session: Session,
): Promise<Pick<VerifyResult, "asPlanned" | "notWritten" | "moved" | "rows">> {
  const counts: Record<RowState, number> = { "as planned": 0, "not written": 0, moved: 0 };
  const rows: VerifiedRow[] = [];
  const { tables } = header;
  const redactor = redactorOf(header);
  const past = await store.journal.states(await readTargetId(session));
  const tallies = await store.tallies();
  const total = tallies.reduce(
    (sum, { change, rows: count }) => (change === undefined ? sum : sum + count),
    0,
  );
  for (const [at, table] of tables.entries()) {
    for await (const batch of store.rows(
      { table: at, anyChange: true },
      isBag(table) ? copiesAtOnce : batchSize,
    )) {
      if (signal?.aborted === true) throw new InterruptedError();
      const states = (await statesOf(session, tables, batch)).map((found) => changedBack(found, past));
      for (const { state } of states) counts[state] += 1;
      const others = states.filter(({ state }) => state !== "as planned").slice(0, listedRows - rows.length);
      rows.push(...(await named(session, table, others, redactor)));
      const done = Object.values(counts).reduce((sum, count) => sum + count, 0);
      const where = { table: table.label, tableNumber: at + 1, tables: tables.length };
      onProgress?.({ kind: "rows", phase: "verify", ...where, done, total });
    }
  }
  const { "as planned": asPlanned, "not written": notWritten, moved } = counts;
  return { asPlanned, notWritten, moved, rows };
}

/** `apply` is done with it, and would not write it again: that it is as before is somebody's doing. */
function changedBack(found: FoundRow, states: RowStates): FoundRow {
  const isOpen = (states[found.row.position] ?? rowStates.open) === rowStates.open;
  return found.state === "not written" && !isOpen ? { ...found, state: "moved" } : found;
}

async function named(
  session: Session,
  table: Table,
  rows: readonly FoundRow[],
  redactor: Redactor,
): Promise<readonly VerifiedRow[]> {
  const movedRows = rows.filter(({ state }) => state === "moved");
  const origins =
    movedRows.length === 0
      ? []
      : await readOrigins(
          session,
          table,
          movedRows.map(({ row }) => writtenKey(table, row)),
        );
  return rows.map((found) => {
    const writtenBy = origins[movedRows.indexOf(found)];
    const { row, state } = found;
    return {
      ...{ table: table.label, key: keyObject(table, redactor.key(table, writtenKey(table, row))), state },
      ...(writtenBy === undefined ? {} : { writtenBy }),
    };
  });
}

/** By the search path of the database, as in the patch. */
async function verifyInvariants(
  { url }: ConnectionTarget,
  { invariants }: PlanHeader,
): Promise<readonly InvariantResult[]> {
  if (invariants.length === 0) return [];
  const writer = await Writer.open({ url, name: "verify" });
  try {
    await writer.script("BEGIN READ ONLY");
    return await checkInvariants(writer, invariants);
  } finally {
    await writer.close();
  }
}

async function verifySequences(
  session: Session,
  moves: readonly SequenceMove[],
): Promise<readonly VerifiedSequence[]> {
  if (moves.length === 0) return [];
  const found = new Map((await readSequences(session)).map((sequence) => [sequence.label, sequence]));
  return moves.map(({ sequence, to }) => {
    const { state, increment = 1n } = found.get(sequence) ?? {};
    const ahead =
      state === undefined ? undefined : (BigInt(to) - state.lastValue) * (increment > 0n ? 1n : -1n);
    const isThere = ahead !== undefined && (ahead < 0n || (ahead === 0n && state?.isCalled === true));
    return { sequence, wanted: to, at: state?.lastValue.toString(), isThere };
  });
}
