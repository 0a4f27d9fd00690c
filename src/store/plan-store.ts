/**
 * The plan store keeps the incident delta and the plan on disk, in one DuckDB file, with memory that grows with
 * neither. It is the only room that imports DuckDB.
 *
 * What is appended can be read once it is flushed. Reading and writing may overlap, and so may several readers. One
 * process at a time writes; see `StoreOptions` for reading.
 */
import type { Difference, PlannedRow, RowVersions, RowWrite } from "../model/change.js";
import type { Decision, Doer, JournalEntry } from "../model/decision.js";
import type { PlanHeader, Tally } from "../model/plan.js";
import type { ActorCounts, ActorTally, TenantTally } from "../model/tenant.js";
import { type Approvals, StoredApprovals } from "./applying/approvals.js";
import { type Bonds, StoredBonds } from "./applying/bonds.js";
import { type Journal, StoredJournal } from "./applying/journal.js";
import {
  countDifferences,
  type DifferenceCount,
  shapesOfUpdates,
  tallyRows,
  type UpdateShape,
} from "./counts.js";
import {
  type ConflictSelection,
  conflictGroups,
  conflictPositions,
  type GroupCount,
} from "./decisions/conflict-groups.js";
import { DecisionSteps, type JournalRange } from "./decisions/decision-steps.js";
import { Decisions } from "./decisions/decisions.js";
import { createPlanFile, openPlanFile, type PlanFile, type StoreOptions } from "./file/plan-file.js";
import { readHeader, writeHeader } from "./header.js";
import { changedSince, keepChanges, markOf } from "./kept-changes.js";
import { countActors, tallyActors, tallyTenants } from "./owner-counts.js";
import { readPages } from "./pages/page-reader.js";
import { readListed } from "./pages/read-listed.js";
import { readWrites } from "./pages/read-writes.js";
import { filterSql, type RowFilter, wholeNumber } from "./row-filter.js";
import { type CellValue, positionsByCells } from "./rows-by-cells.js";
import { checkFormat, createSchema, emptyDifferences, nextOrdinal } from "./schema.js";
import { type SignatureCalls, StoredCalls } from "./signatures/signature-calls.js";
import { openSignatureDesk, type SignatureDesk } from "./signatures/signature-desk.js";
import { SignatureFacts } from "./signatures/signature-facts.js";
import { type SignatureTally, signaturePositions, tallySignatures } from "./signatures/signature-rows.js";
import { StoredTimes, type TransactionTimes } from "./signatures/transaction-times.js";
import type { PlanStore } from "./store-contract.js";
import {
  decodeDifference,
  differenceTable,
  encodeDifference,
  passingTable,
} from "./tables/difference-table.js";
import { type LogStore, StoredLog } from "./tables/log-table.js";
import { RecordWriter } from "./tables/record-writer.js";
import { decodeRow, encodeRow, rowTable } from "./tables/row-table.js";
import { decodeVersions, versionTable } from "./tables/version-table.js";
import { cutPatches, type PlannedNeed, readPatches, type TenantPatch } from "./tenant-patches.js";

export type { PlanStore } from "./store-contract.js";
export type {
  ConflictSelection,
  DifferenceCount,
  GroupCount,
  JournalRange,
  RowFilter,
  SignatureDesk,
  SignatureFacts,
  StoreOptions,
  TenantPatch,
  UpdateShape,
};

/**
 * @param file must not exist; its folder must
 * @throws PlanError
 */
export async function createPlanStore(file: string, options: StoreOptions = {}): Promise<PlanStore> {
  const plan = await createPlanFile(file, options);
  return storeOf(plan, () => createSchema(plan));
}

/** @throws PlanError when the file is missing, no plan of ours, of another format version, or in use */
export async function openPlanStore(file: string, options: StoreOptions = {}): Promise<PlanStore> {
  const plan = await openPlanFile(file, options);
  return storeOf(plan, () => checkFormat(plan, file));
}

async function storeOf(file: PlanFile, prepare: () => Promise<void>): Promise<PlanStore> {
  try {
    await prepare();
    return new DuckDBPlanStore(file, await nextOrdinal(file));
  } catch (error) {
    await file.close();
    throw error;
  }
}

class DuckDBPlanStore implements PlanStore {
  readonly #file: PlanFile;
  readonly #differences: RecordWriter;
  readonly #passing: RecordWriter;
  readonly #rows: RecordWriter;
  readonly log: LogStore;
  readonly bonds: Bonds;
  readonly journal: Journal;
  readonly approvals: Approvals;
  readonly times: TransactionTimes;
  readonly calls: SignatureCalls;
  readonly #decisions: Decisions;
  readonly #steps: DecisionSteps;
  #ordinal: number;

  constructor(file: PlanFile, ordinal: number) {
    this.#file = file;
    this.#ordinal = ordinal;
    this.#differences = new RecordWriter(file, differenceTable);
    this.#passing = new RecordWriter(file, passingTable);
    this.#rows = new RecordWriter(file, rowTable);
    this.log = new StoredLog(file);
    this.bonds = new StoredBonds(file);
    this.journal = new StoredJournal(file);
    this.approvals = new StoredApprovals(file);
    this.times = new StoredTimes(file);
    this.calls = new StoredCalls(file);
    this.#decisions = new Decisions(file);
    this.#steps = new DecisionSteps(file);
  }

  appendDifferences(table: number, rows: readonly Difference[]): Promise<void> {
    return this.#differences.append(rows, (row) => encodeDifference(this.#ordinal++, table, row));
  }

  appendPassing(table: number, rows: readonly Difference[]): Promise<void> {
    return this.#passing.append(rows, (row) => encodeDifference(this.#ordinal++, table, row));
  }

  async flushDifferences(): Promise<void> {
    await this.#differences.flush();
    await this.#passing.flush();
  }

  passing(table: number, batchSize?: number): AsyncIterable<readonly Difference[]> {
    const where = `table_id = ${wholeNumber(table)}`;
    return readPages(this.#file, { table: passingTable, where, decode: decodeDifference }, batchSize);
  }

  countDifferences(): Promise<readonly DifferenceCount[]> {
    return countDifferences(this.#file);
  }

  signatureDesk(blind: boolean): Promise<SignatureDesk> {
    return openSignatureDesk(this.#file, blind);
  }

  signatureFacts(blind: boolean): SignatureFacts {
    return new SignatureFacts(this.#file, blind);
  }

  differences(table: number, batchSize?: number): AsyncIterable<readonly Difference[]> {
    const where = `table_id = ${wholeNumber(table)}`;
    return readPages(this.#file, { table: differenceTable, where, decode: decodeDifference }, batchSize);
  }

  async dropDifferences(): Promise<void> {
    await this.flushDifferences();
    await emptyDifferences(this.#file);
  }

  appendRows(rows: readonly PlannedRow[]): Promise<void> {
    return this.#rows.append(rows, encodeRow);
  }

  flushRows(): Promise<void> {
    return this.#rows.flush();
  }

  async replaceRows(rows: readonly PlannedRow[]): Promise<void> {
    // What throws, throws before anything is removed.
    const records = rows.map(encodeRow);
    await this.#rows.remove(rows.map(({ position }) => position));
    await this.#rows.append(records, (record) => record);
    await this.#rows.flush();
  }

  rows(filter: RowFilter = {}, batchSize?: number): AsyncIterable<readonly PlannedRow[]> {
    const { descending } = filter;
    const query = { table: rowTable, where: filterSql(filter), descending, decode: decodeRow };
    return readPages(this.#file, query, batchSize);
  }

  listed(filter: RowFilter = {}): AsyncIterable<readonly PlannedRow[]> {
    return readListed(this.#file, filter);
  }

  writes(filter: RowFilter = {}): AsyncIterable<readonly RowWrite[]> {
    return readWrites(this.#file, filter);
  }

  versions(filter: RowFilter = {}, columns?: readonly number[]): AsyncIterable<readonly RowVersions[]> {
    const [table, decode] = [versionTable(columns), decodeVersions(columns)];
    return readPages(this.#file, { table, where: filterSql(filter), decode });
  }

  tallies(filter?: RowFilter): Promise<readonly Tally[]> {
    return tallyRows(this.#file, filter);
  }

  updateShapes(table: number, filter?: RowFilter): Promise<readonly UpdateShape[]> {
    return shapesOfUpdates(this.#file, table, filter);
  }

  signatureTallies(): Promise<readonly SignatureTally[]> {
    return tallySignatures(this.#file);
  }

  signaturePositions(signature: number): Promise<readonly number[]> {
    return signaturePositions(this.#file, signature);
  }

  tenantTallies(): Promise<readonly TenantTally[]> {
    return tallyTenants(this.#file);
  }

  actorTallies(): AsyncIterable<readonly ActorTally[]> {
    return tallyActors(this.#file);
  }

  countActors(): Promise<ActorCounts> {
    return countActors(this.#file);
  }

  cutPatches(needs: Iterable<PlannedNeed>): Promise<void> {
    return cutPatches(this.#file, needs);
  }

  tenantPatches(): Promise<readonly TenantPatch[]> {
    return readPatches(this.#file);
  }

  writeHeader(header: PlanHeader): Promise<void> {
    return writeHeader(this.#file, header);
  }

  readHeader(): Promise<PlanHeader> {
    return readHeader(this.#file);
  }

  saveDecisions(decisions: readonly Decision[], deed?: "decided" | "reused"): Promise<void> {
    return this.#decisions.save(decisions, deed);
  }

  withdrawDecisions(conflicts: readonly string[], who: Doer): Promise<readonly Decision[]> {
    return this.#decisions.withdraw(conflicts, who);
  }

  lapseDecisions(decisions: readonly Decision[], who: Doer): Promise<void> {
    return this.#decisions.lapse(decisions, who);
  }

  decisions(batchSize?: number): AsyncIterable<readonly Decision[]> {
    return this.#decisions.all(batchSize);
  }

  async decisionOf(conflict: string): Promise<Decision | undefined> {
    return (await this.#decisions.of([conflict]))[0];
  }

  async decisionsOf(conflicts: readonly string[]): Promise<ReadonlyMap<string, Decision>> {
    const found = await this.#decisions.of(conflicts);
    return new Map(found.map((decision) => [decision.conflict, decision]));
  }

  decidedKinds(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    return this.#decisions.kinds();
  }

  decisionJournal(batchSize?: number): AsyncIterable<readonly JournalEntry[]> {
    return this.#decisions.journal(batchSize);
  }

  lastJournalNumber(): Promise<number> {
    return this.#decisions.lastNumber();
  }

  mark(): Promise<string> {
    return markOf(this.#file);
  }

  keepChanges(): Promise<void> {
    return keepChanges(this.#file);
  }

  changedSince(): Promise<readonly number[]> {
    return changedSince(this.#file);
  }

  conflictGroups(table?: number): Promise<readonly GroupCount[]> {
    return conflictGroups(this.#file, table);
  }

  conflictPositions(selection: ConflictSelection): Promise<readonly number[]> {
    return conflictPositions(this.#file, selection);
  }

  positionsByCells(table: number, cells: readonly CellValue[], limit: number): Promise<readonly number[]> {
    return positionsByCells(this.#file, table, cells, limit);
  }

  positionsOfStep(step: JournalRange): Promise<readonly number[]> {
    return this.#steps.positionsOf(step);
  }

  countDecidedSince(entry: number): Promise<number> {
    return this.#steps.countSince(entry);
  }

  takeDecisions(batches: AsyncIterable<readonly Decision[]>): Promise<JournalRange> {
    return this.#steps.take(batches);
  }

  withdrawSelected(selection: ConflictSelection, who: Doer): Promise<JournalRange> {
    return this.#steps.withdraw(selection, who);
  }

  restoreDecisions(step: JournalRange, asOf: number, who: Doer): Promise<JournalRange> {
    return this.#steps.restore(step, asOf, who);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
