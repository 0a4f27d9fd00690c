/** What the plan store can do, in the order in which a plan comes about. How it does it: `plan-store.ts`. */
import type { Difference, PlannedRow, RowVersions, RowWrite } from "../model/change.js";
import type { Decision, Doer, JournalEntry } from "../model/decision.js";
import type { PlanHeader, Tally } from "../model/plan.js";
import type { ActorCounts, ActorTally, TenantTally } from "../model/tenant.js";
import type { Approvals } from "./applying/approvals.js";
import type { Bonds } from "./applying/bonds.js";
import type { Journal } from "./applying/journal.js";
import type { DifferenceCount, UpdateShape } from "./counts.js";
import type { ConflictSelection, GroupCount } from "./decisions/conflict-groups.js";
import type { JournalRange } from "./decisions/decision-steps.js";
import type { RowFilter } from "./row-filter.js";
import type { CellValue } from "./rows-by-cells.js";
import type { SignatureCalls } from "./signatures/signature-calls.js";
import type { SignatureDesk } from "./signatures/signature-desk.js";
import type { SignatureFacts } from "./signatures/signature-facts.js";
import type { SignatureTally } from "./signatures/signature-rows.js";
import type { TransactionTimes } from "./signatures/transaction-times.js";
import type { LogStore } from "./tables/log-table.js";
import type { PlannedNeed, TenantPatch } from "./tenant-patches.js";

/** A plan on disk, open. Whoever opened it closes it. */
export interface PlanStore {
  /**
   * Keeps differences of one table. Resolves when there is room for more.
   * @param table index into the plan's tables
   */
  appendDifferences(table: number, rows: readonly Difference[]): Promise<void>;
  /** Until then, readers and counts do not see what was appended. */
  flushDifferences(): Promise<void>;
  /** The same for rows that are in `post` as they were in `pre`: they are counted and signed nowhere. */
  appendPassing(table: number, rows: readonly Difference[]): Promise<void>;
  passing(table: number, batchSize?: number): AsyncIterable<readonly Difference[]>;
  countDifferences(): Promise<readonly DifferenceCount[]>;
  /**
   * Sorts them into signatures; the caller closes it.
   * @param blind what is known of transactions tells nothing
   */
  signatureDesk(blind: boolean): Promise<SignatureDesk>;
  /** Of differences that have their numbers. @param blind as above */
  signatureFacts(blind: boolean): SignatureFacts;
  /** In the order in which they were appended. */
  differences(table: number, batchSize?: number): AsyncIterable<readonly Difference[]>;
  /** Once classified they are part of the rows. */
  dropDifferences(): Promise<void>;

  /**
   * Keeps rows of the plan, in any order. Resolves when there is room for more.
   * @throws Error when an update or a delete does not replace what is `current`
   */
  appendRows(rows: readonly PlannedRow[]): Promise<void>;
  /** Until then, readers and counts do not see what was appended. */
  flushRows(): Promise<void>;
  /** Puts rows in the place of those at the same positions, all or none; a few thousand at a time. */
  replaceRows(rows: readonly PlannedRow[]): Promise<void>;
  /** In order of position; batches hold `batchSize` rows at most. */
  rows(filter?: RowFilter, batchSize?: number): AsyncIterable<readonly PlannedRow[]>;
  /** The same rows; of most of those that are written, and of which there is no more to say, only the cells that changed. */
  listed(filter?: RowFilter): AsyncIterable<readonly PlannedRow[]>;
  /** The same rows, but for what it does not take to write them; several times as fast. */
  writes(filter?: RowFilter): AsyncIterable<readonly RowWrite[]>;
  /**
   * The same rows in their versions, without what the plan says of them.
   * @param columns positions of the only cells that are read; all, if undefined
   */
  versions(filter?: RowFilter, columns?: readonly number[]): AsyncIterable<readonly RowVersions[]>;
  tallies(filter?: RowFilter): Promise<readonly Tally[]>;
  /** The different sets of columns that updates of one table write, with how many rows each. */
  updateShapes(table: number, filter?: RowFilter): Promise<readonly UpdateShape[]>;
  readonly calls: SignatureCalls;
  /** Rows by signature, outcome and rule. */
  signatureTallies(): Promise<readonly SignatureTally[]>;
  /** Where the rows of a signature stand in the plan, rising. */
  signaturePositions(signature: number): Promise<readonly number[]>;
  /** Rows by tenant, outcome and conflict kind; as many lines as there are tenants, or a few more. */
  tenantTallies(): Promise<readonly TenantTally[]>;
  /** Rows by actor and tenant, those first of whom most is not back. */
  actorTallies(): AsyncIterable<readonly ActorTally[]>;
  countActors(): Promise<ActorCounts>;

  /**
   * Cuts the plan into patches, one for each tenant: what it writes, and what that needs of others.
   * @param needs rows of which one can only be written with the other, by position
   */
  cutPatches(needs: Iterable<PlannedNeed>): Promise<void>;
  /** Those that were cut, by number; none before. */
  tenantPatches(): Promise<readonly TenantPatch[]>;

  /** The change log that a plan is made from, where it is. */
  readonly log: LogStore;
  readonly bonds: Bonds;
  readonly journal: Journal;
  readonly approvals: Approvals;
  readonly times: TransactionTimes;

  /** Replaces the header there was. */
  writeHeader(header: PlanHeader): Promise<void>;
  /** @throws PlanError when there is none yet */
  readHeader(): Promise<PlanHeader>;

  /**
   * Keeps decisions, all or none; each takes the place of the one on the same conflict. On disk when it resolves. What
   * they make of the plan is not worked out here.
   * @param deed `reused`: they were taken for an earlier plan
   */
  saveDecisions(decisions: readonly Decision[], deed?: "decided" | "reused"): Promise<void>;
  /**
   * Leaves these conflicts open again, all or none; where nothing was decided, nothing is done.
   * @returns what stood
   */
  withdrawDecisions(conflicts: readonly string[], who: Doer): Promise<readonly Decision[]>;
  /** Writes down that decisions of an earlier plan were not taken over. */
  lapseDecisions(decisions: readonly Decision[], who: Doer): Promise<void>;
  /** Those that stand, in the order in which they were taken. */
  decisions(batchSize?: number): AsyncIterable<readonly Decision[]>;
  /** Undefined: nothing is decided. */
  decisionOf(conflict: string): Promise<Decision | undefined>;
  /** Those that stand on these conflicts; a few thousand at most. */
  decisionsOf(conflicts: readonly string[]): Promise<ReadonlyMap<string, Decision>>;
  /** Kinds of conflicts on which decisions stand, by label of the table. */
  decidedKinds(): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** All that was ever decided or withdrawn, in that order. */
  decisionJournal(batchSize?: number): AsyncIterable<readonly JournalEntry[]>;
  /** Number of the journal's last entry; 0 while it is empty. */
  lastJournalNumber(): Promise<number>;

  /** Where it is the same, nothing was decided, approved or applied meanwhile. */
  mark(): Promise<string>;
  /** Remembers what is written of each row, while the store is open. */
  keepChanges(): Promise<void>;
  /** Positions, rising, of rows of which something else is written than when it was kept. */
  changedSince(): Promise<readonly number[]>;

  /** Conflicts counted by what they have in common; those with most that is open first. */
  conflictGroups(table?: number): Promise<readonly GroupCount[]>;
  /** Where the selected conflicts stand in the plan, rising. */
  conflictPositions(selection: ConflictSelection): Promise<readonly number[]>;
  /** Positions of rows of one table of which one version has all of these values. */
  positionsByCells(table: number, cells: readonly CellValue[], limit: number): Promise<readonly number[]>;
  /** Where the conflicts stand in the plan that a step was about, rising. */
  positionsOfStep(step: JournalRange): Promise<readonly number[]>;
  /** Conflicts decided otherwise than when the journal ended with this entry. */
  countDecidedSince(entry: number): Promise<number>;
  /** `saveDecisions` for any number of them, all or none. */
  takeDecisions(batches: AsyncIterable<readonly Decision[]>): Promise<JournalRange>;
  /** `withdrawDecisions` of all that is selected. */
  withdrawSelected(selection: ConflictSelection, who: Doer): Promise<JournalRange>;
  /** The conflicts of a step, decided as they were when the journal ended with entry `asOf`. */
  restoreDecisions(step: JournalRange, asOf: number, who: Doer): Promise<JournalRange>;

  /** What was not flushed is discarded. Leaves one file, and no lock. A second call does nothing. */
  close(): Promise<void>;
}
