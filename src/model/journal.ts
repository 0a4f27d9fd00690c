/**
 * What `apply` remembers, so that the same command finishes what was cut short, once. Before a transaction is committed
 * its id is written down; afterwards the server can say what became of it, whoever was killed in between.
 */

/** `patch` writes the plan, `rollback` takes it back. */
export type Direction = "patch" | "rollback";

export interface JournalBatch {
  /** Counts up over all batches of the plan. */
  readonly number: number;
  /** Which database: see `WriteTarget`. */
  readonly target: string;
  readonly direction: Direction;
  /** The server's id of the transaction (`xid8`). */
  readonly transaction: string;
  /** Where it was written, as far as a copy or a failover can be told from it: see `WriteTarget`. */
  readonly place: string;
  /** When that server was started. A crash may take an id back that nobody saw committed, and give it to another. */
  readonly startedAt: string;
  readonly written: readonly number[];
  /** Rows that were as planned already; nobody takes them back. */
  readonly already: readonly number[];
}

export const fates = ["unknown", "committed", "aborted"] as const;
/** Of a batch: `unknown` until somebody saw, or asked the server, how its transaction ended. */
export type Fate = (typeof fates)[number];

/** Of a row, when all batches so far are counted. */
export const rowStates = { open: 0, written: 1, already: 2 } as const;

/** By position: one of `rowStates`. */
export type RowStates = Uint8Array;

export const findingKinds = ["moved", "waits"] as const;

/** A row that was not written: it has moved, or waits for another one that was not written. */
export interface Finding {
  readonly position: number;
  readonly kind: (typeof findingKinds)[number];
  /** In words, what stands there, or what it waits for. */
  readonly text: string;
}

/** A database that is written to. */
export interface WriteTarget {
  /** Cluster and database. A physical copy has the same. */
  readonly id: string;
  readonly database: string;
  readonly systemIdentifier: string | undefined;
  /** Address and timeline. Where it is another one, this may be a copy, or a standby that took over. */
  readonly place: string;
  readonly startedAt: string;
}

/** A named sign-off over what a plan would write. */
export interface Approval {
  readonly fingerprint: string;
  readonly by: string;
  readonly comment: string | undefined;
  /** ISO time. */
  readonly at: string;
  /** By table label: what was to be written, and a digest of it. */
  readonly tables: Readonly<Record<string, ApprovedTable>>;
}

export interface ApprovedTable {
  readonly insert: number;
  readonly update: number;
  readonly delete: number;
  readonly digest: string;
}
