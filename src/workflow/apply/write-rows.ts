import type { PlannedRow } from "../../model/change.js";
import type { Direction } from "../../model/journal.js";
import type { PlanHeader } from "../../model/plan.js";
import { fires, type Trigger } from "../../model/table.js";
import type { Writer } from "../../postgres/writer.js";
import { lockCopies } from "../../sql/patch/bag-statements.js";
import { loadRows } from "../../sql/patch/load.js";
import type { StagingNames } from "../../sql/patch/names.js";
import { triggerSwitch } from "../../sql/patch/preamble.js";
import { driftStatement, writeStatement } from "../../sql/patch/statements.js";
import type { KeyedChange, PatchStep, StepOptions } from "../../sql/patch/step.js";
import { patchSteps } from "../patch-steps.js";
import { rowsInMemory } from "./memory-rows.js";
import type { Staging } from "./staging.js";

/** A session that writes rows of one plan, in one direction. */
export interface WritingSession {
  readonly writer: Writer;
  readonly staging: Staging;
  readonly header: PlanHeader;
  readonly direction: Direction;
  /** How a write statement is run, where that is to be watched. @returns the rows of its last part */
  readonly watch?: ((step: PatchStep, sql: string) => Promise<void>) | undefined;
}

/** A row that is not as planned, with what was found. */
export interface MovedRow {
  readonly position: number;
  readonly text: string;
  /** The server refused it; that may be for the sake of another row that it needs. */
  readonly refused?: boolean | undefined;
}

export interface Written {
  readonly written: readonly number[];
  /** They were as planned already. */
  readonly already: readonly number[];
  readonly moved: readonly MovedRow[];
}

/** Rows with their steps, ready to be written. */
export interface PreparedRows {
  readonly rows: readonly PlannedRow[];
  readonly steps: readonly PreparedStep[];
}

interface PreparedStep {
  readonly step: PatchStep;
  readonly changes: readonly KeyedChange[];
  readonly names: StagingNames;
}

/** Works out the steps of some rows and makes sure of their staging tables; to be called before `BEGIN`. */
export async function prepareRows(
  { staging, header, direction }: WritingSession,
  rows: readonly PlannedRow[],
): Promise<PreparedRows> {
  const steps = await patchSteps(rowsInMemory(rows), header, direction);
  const names = await staging.tablesFor(steps);
  const prepared = steps.map(async (step, at) => ({
    step,
    changes: await collect(step),
    names: names[at] as StagingNames,
  }));
  return { rows, steps: await Promise.all(prepared) };
}

async function collect(step: PatchStep): Promise<readonly KeyedChange[]> {
  const changes: KeyedChange[] = [];
  for await (const batch of step.changes()) changes.push(...batch);
  return changes;
}

/** The triggers that are off while these rows are written. Each is off in our transaction only, and locks its table. */
function triggersOff(header: PlanHeader, { steps }: PreparedRows): readonly Trigger[] {
  if (header.triggerPolicy === "fire") return [];
  const written = new Set(steps.map(({ step }) => step.table.label));
  const firing = new Set(header.triggers.filter(fires).map(({ table }) => table));
  return header.triggers.filter(({ table }) => written.has(table) && firing.has(table));
}

/**
 * Writes rows in the open transaction: staged, guarded, and looked at again, by the statements of the patch.
 * @throws WriteError; the transaction, or its savepoint, must be rolled back then
 */
export async function writeRows(session: WritingSession, prepared: PreparedRows): Promise<Written> {
  const { writer, header } = session;
  const off = triggersOff(header, prepared);
  const locks = lockCopies(prepared.steps.map(({ step }) => step));
  await writer.script(`SET CONSTRAINTS ALL DEFERRED;${triggerSwitch(off, false)}${locks}`);
  const skipped = new Set<number>();
  for (const step of prepared.steps)
    for (const position of await runStep(session, step)) skipped.add(position);
  // What is checked at the end is checked here, where we can still tell whose fault it is.
  const answers = await writer.script(
    `SET CONSTRAINTS ALL IMMEDIATE;${triggerSwitch(off, true)}DELETE FROM pg_temp.pgmend_drift RETURNING n, finding`,
  );
  const moved = (answers.at(-1) ?? []).map(([n, text]) => ({ position: Number(n), text: text ?? "" }));
  const gone = new Set(moved.map(({ position }) => position));
  const positions = prepared.rows.map(({ position }) => position);
  return {
    written: positions.filter((position) => !skipped.has(position) && !gone.has(position)),
    already: positions.filter((position) => skipped.has(position) && !gone.has(position)),
    moved,
  };
}

/**
 * Staging tables are not analyzed: what the planner learned of the keys of one batch would mislead it about the next.
 * @returns positions of rows that the step did not write
 */
async function runStep(
  { writer, staging: tables, header, watch }: WritingSession,
  { step, changes, names }: PreparedStep,
): Promise<readonly number[]> {
  const staging = `pg_temp.${names.table}`;
  const { sql, values } = loadRows(step, names, changes);
  if (tables.mayHoldRows(names)) await writer.script(`TRUNCATE ${staging}`);
  await writer.query(sql, values);
  const options = optionsOf(header, step);
  const write = writeStatement(step, names, options);
  if (watch !== undefined) await watch(step, write);
  const answers = await writer.script(
    [
      watch === undefined ? write : "",
      step.role === "park" ? "" : driftStatement(1, step, names, options),
      step.role === "change" ? `SELECT n FROM ${staging} WHERE done IS NOT TRUE` : "SELECT LIMIT 0",
    ].join(""),
  );
  return (answers.at(-1) ?? []).map(([n]) => Number(n));
}

function optionsOf({ touchWrite, triggerPolicy, triggers }: PlanHeader, { table }: PatchStep): StepOptions {
  const triggersFire =
    triggerPolicy === "fire" && triggers.some((trigger) => trigger.table === table.label && fires(trigger));
  return { touchWrite, triggersFire, readable: false, batchSize: 0 };
}
