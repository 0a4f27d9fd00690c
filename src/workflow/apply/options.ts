import type { Direction } from "../../model/journal.js";
import type { ConnectionTarget } from "../../model/settings.js";
import type { Operation, Value } from "../../model/value.js";
import type { PlanStore } from "../../store/plan-store.js";
import type { OnProgress } from "../progress.js";
import type { InvariantResult } from "./invariants.js";
import type { Pauses } from "./pause.js";
import type { Selection } from "./selection.js";

export interface ApplyOptions {
  /** Open for writing: the journal is kept in it. */
  readonly store: PlanStore;
  readonly current: ConnectionTarget;
  /** `rollback` takes back what was applied. */
  readonly direction: Direction;
  /** What to do about rows that are no longer as planned. */
  readonly onDrift: "stop" | "skip";
  readonly selection: Selection;
  /** For clones. */
  readonly allowOtherDatabase: boolean;
  /** Refuse what nobody signed, or what is no longer what was signed. */
  readonly requireApproval: boolean;
  readonly limits?: Partial<ApplyLimits> | undefined;
  readonly pauses?: Pauses | undefined;
  /** Asked before the first write; anything but true ends it there. */
  readonly confirm: (preview: ApplyPreview) => Promise<boolean>;
  readonly onProgress?: OnProgress | undefined;
  /** When aborted, the batch at hand is finished or rolled back, and no other is begun. */
  readonly signal?: AbortSignal | undefined;
}

/** How gentle `apply` is to others. Times are in milliseconds. */
export interface ApplyLimits {
  /** Rows of a batch at most, but for rows that only one transaction can write. */
  readonly batchRows: number;
  /** How long a batch should take. */
  readonly batchMs: number;
  /** How long a batch waits for a lock before it gives up what it holds. Less than any server's deadlock_timeout. */
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  /** How long to try to connect again. */
  readonly reconnectMs: number;
  /** How long to go on while others are in the way of every attempt. */
  readonly patienceMs: number;
}

export const defaultLimits: ApplyLimits = {
  batchRows: 2000,
  batchMs: 100,
  lockTimeoutMs: 100,
  statementTimeoutMs: 30_000,
  reconnectMs: 60_000,
  patienceMs: 600_000,
};

/** What is about to be written. */
export interface ApplyPreview {
  readonly database: string;
  readonly server: string;
  readonly direction: Direction;
  readonly tables: readonly ({ readonly table: string } & Readonly<Record<Operation, number>>)[];
  /** Rows that are still to be written, of all that are planned or selected. */
  readonly open: number;
}

/** What became of the rows that were to be written. */
export interface ApplyResult {
  readonly planId: string;
  readonly direction: Direction;
  /** Rows written by this run. */
  readonly written: number;
  /** Rows that were as planned before anybody wrote them. */
  readonly already: number;
  /** Rows written by earlier runs. */
  readonly before: number;
  /** Rows that are no longer as planned, and were left. */
  readonly moved: number;
  /** Rows that were left because they need another one that was not written. */
  readonly waits: number;
  readonly batches: number;
  /** The first of the rows that were left. */
  readonly rows: readonly LeftRow[];
  /** It ended at the first batch with rows that have moved. */
  readonly stopped: boolean;
  /** Empty where not everything was written. */
  readonly invariants: readonly InvariantResult[];
  /** Conflicts and tables of the plan that nobody decided. */
  readonly openInPlan: number;
  readonly seconds: number;
}

/** A row that was not written, and why. */
export interface LeftRow {
  readonly table: string;
  readonly key: Readonly<Record<string, Value>>;
  readonly state: "moved" | "waits";
  readonly finding: string;
}
