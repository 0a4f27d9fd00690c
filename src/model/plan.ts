import type { IntervalRange } from "./between.js";
import type { Outcome } from "./change.js";
import type { PostLogFacts } from "./post-log.js";
import type { Redaction } from "./redaction.js";
import type { Numbering, SequenceMove } from "./sequence.js";
import type { Signature } from "./signature.js";
import type { ForeignKey, LeftOut, Table, Trigger } from "./table.js";
import type { TenantScope } from "./tenant.js";
import type { DatabaseRole, Mode, Operation } from "./value.js";

/** Where a snapshot was taken; never holds a secret. */
export interface DatabaseIdentity {
  readonly database: string;
  /** host:port or the socket, as we reached it. */
  readonly server: string;
  readonly version: string;
  /** ISO time at which the snapshot was taken, by that server's clock. */
  readonly snapshotAt: string;
  /** Of the cluster; undefined where the role may not ask. Physical copies share it. */
  readonly systemIdentifier: string | undefined;
  readonly inRecovery: boolean;
}

/** What a plan tells of the snapshots it was made with. */
export interface BetweenFacts {
  /** Without those of `pre` and `post`. */
  readonly snapshots: readonly { readonly label: string; readonly identity: DatabaseIdentity }[];
  readonly damage: readonly IntervalRange[];
  /** Changed rows by table label, for each interval. */
  readonly tables: Readonly<Record<string, readonly Readonly<Record<Operation, number>>[]>>;
}

/** A rule, as far as rows speak of it. */
export interface PlannedRule {
  readonly where: string;
  readonly is: "damage" | "legitimate" | "excluded";
  /** Of a rule that calls signatures what they are, from a flag or the review: their ids. */
  readonly calls?: readonly string[] | undefined;
}

/** How touch columns are written by an update. */
export type TouchWrite = "restore" | "keep" | "now";

/** All of a plan but its rows. Kept in the plan store; enough to write every file again. */
export interface PlanHeader {
  readonly planId: string;
  readonly toolVersion: string;
  readonly mode: Mode;
  readonly createdAt: string;
  readonly granularity: "row" | "cell";
  readonly touchWrite: TouchWrite;
  readonly triggerPolicy: "fire" | "disable";
  readonly connections: Readonly<Record<DatabaseRole, DatabaseIdentity>>;
  /** In plan order: parents before children where foreign keys allow it. */
  readonly tables: readonly Table[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly triggers: readonly Trigger[];
  /** Those that the patch moves up. */
  readonly sequences: readonly SequenceMove[];
  /** From which they follow: decisions change what is written, and so which are moved. */
  readonly numbering: Numbering;
  readonly leftOut: readonly LeftOut[];
  readonly invariants: readonly Invariant[];
  readonly warnings: readonly string[];
  /** Those of them that follow from what is written. */
  readonly sequenceWarnings: readonly string[];
  /** Number of the last entry in the journal of decisions that the plan takes into account. */
  readonly decidedUpTo: number;
  /** Rows compared, by table label. */
  readonly rowsCompared: Readonly<Record<string, number>>;
  /** Undefined: the config names no tenant. */
  readonly tenant?: TenantScope | undefined;
  readonly actor?: { readonly column: string } | undefined;
  /** How each was compared, by table label. A plan written before there was a choice has none: all were streamed. */
  readonly methods?: Readonly<Record<string, CompareMethod>>;
  /** Undefined: `post` was a database. */
  readonly postLog?: PostLogFacts | undefined;
  /** Undefined: there were no snapshots from inside the window. */
  readonly between?: BetweenFacts | undefined;
  /** What the incident delta looks like, largest first. A plan of a part of it has those of the part. */
  readonly signatures?: readonly Signature[] | undefined;
  /** In order: rows of the plan name them by number. */
  readonly rules?: readonly PlannedRule[] | undefined;
  /** Undefined: every value may be shown. */
  readonly redaction?: Redaction | undefined;
}

/**
 * How the difference between pre and post was found. The result is the same: `digest` lets the servers say which
 * blocks of rows differ and reads those, `stream` reads all rows, `lineage` reads rows that are not of one version in two
 * physical copies. `log`: it was not compared, but follows from a change log. `bag` counts the copies of rows that have
 * no key.
 */
export type CompareMethod = "digest" | "stream" | "lineage" | "log" | "bag";

/** A query that must return no row once the patch is in. */
export interface Invariant {
  readonly name: string;
  readonly sql: string;
}

/** Rows counted by what they have in common; the summary is made of these. */
export interface Tally {
  readonly table: number;
  readonly operation: Operation;
  readonly outcome: Outcome;
  /** What the patch does with them. */
  readonly change: Operation | undefined;
  readonly conflictKind: string | undefined;
  readonly decided: boolean;
  /** The row comes back under a new key of its own. */
  readonly rekeyed: boolean;
  readonly rows: number;
}
