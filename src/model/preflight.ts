import type { DatabaseIdentity } from "./plan.js";
import type { LeftOut, Table } from "./table.js";
import type { DatabaseRole, Mode } from "./value.js";

/** Worst first: what a tired person must see stands on top. */
export const findingLevels = ["error", "warning", "note", "ok"] as const;
export type FindingLevel = (typeof findingLevels)[number];

/** One thing that was looked at before any long work. */
export interface Finding {
  /**
   * `error`: `plan` or the patch would fail, or the databases are not what they are named as. `warning`: somebody has
   * to look. `note`: good to know. `ok`: was looked at, and is as it should be.
   */
  readonly level: FindingLevel;
  /** Where it was found; empty where it is about all of them, or about what was asked. */
  readonly databases: readonly DatabaseRole[];
  /** What it is about: `public.device`, `triggers`; undefined: the databases themselves. */
  readonly subject?: string | undefined;
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** A plan would stay open because of it (exit code 3). */
  readonly open?: boolean | undefined;
}

/** What one server and database say of themselves, beyond the catalog of tables. Bytes are plain numbers. */
export interface DatabaseFacts {
  readonly identity: DatabaseIdentity & { readonly instance: string };
  /** Undefined where the role may not ask. */
  readonly timeline: string | undefined;
  /** Last written, or on a standby last replayed. */
  readonly lsn: string | undefined;
  /** Of the last transaction a standby replayed. */
  readonly replayedAt: string | undefined;
  readonly replayPaused: boolean;
  readonly encoding: string;
  /** Of the database: `libc en_US.UTF-8`. */
  readonly collation: string;
  /** Collations whose rules have changed since indexes were built with them. */
  readonly staleCollations: readonly string[];
  readonly user: string;
  readonly mayMakeTemporaryTables: boolean;
  /** Sessions of others in this database. */
  readonly otherSessions: number;
  readonly hotStandbyFeedback: boolean;
  /** Bytes of temporary files one session may make; undefined: no limit. */
  readonly temporaryLimit: number | undefined;
  readonly largeObjects: number;
  readonly logicalSlots: readonly string[];
  /** A pooler in session mode stands in between. */
  readonly pooled: boolean;
  /** By table label. */
  readonly tables: ReadonlyMap<string, TableFacts>;
  readonly publications: readonly Publication[];
  /** Sequences that the role may not move. */
  readonly lockedSequences: readonly string[];
}

export interface TableFacts {
  /** With what is stored out of line, without indexes; all partitions together. */
  readonly bytes: number;
  /** Stored out of line. */
  readonly toastBytes: number;
  /** The planner's estimate over all partitions; undefined where it was never analyzed. */
  readonly estimatedRows: number | undefined;
  readonly unlogged: boolean;
  /** Rows are hidden from our role. */
  readonly rowSecurity: boolean;
  readonly mayInsert: boolean;
  readonly mayUpdate: boolean;
  readonly mayDelete: boolean;
  readonly isOwner: boolean;
  /** An UPDATE or DELETE can be told to a subscriber: it has a key, an index or the whole row to be named by. */
  readonly hasReplicaIdentity: boolean;
  /** Dates and times that say when a row was made or written, and whose latest is found fast: indexed, or few rows. */
  readonly timeColumns: readonly string[];
}

export interface Publication {
  readonly name: string;
  readonly tables: readonly string[];
  /** It tells of updates or deletes. */
  readonly tellsChanges: boolean;
}

/** The latest time found in a column that says when rows were made or written. */
export interface NewestRow {
  readonly table: string;
  readonly column: string;
  /** ISO, UTC. */
  readonly at: string;
}

/** A large value, by a look at sizes alone. */
export interface WideValue {
  readonly table: string;
  readonly column: string;
  /** At least this many; compressed values may be larger. */
  readonly bytes: number;
  /** As text, which is how values travel: bytes are printed in hex. */
  readonly printed: number;
}

/** What was looked at in the rows themselves, within a bounded time. */
export interface RowFacts {
  readonly newest: readonly NewestRow[];
  readonly wide: readonly WideValue[];
  /** Tables that were not looked through: time was up. */
  readonly notSearched: readonly string[];
}

/** How much there is to do, from the servers' estimates. */
export interface WorkEstimate {
  readonly tables: number;
  /** Undefined where a table was never analyzed. */
  readonly rows: number | undefined;
  readonly bytes: number;
  /** At most about this long, on this machine and a fast network. */
  readonly seconds: number;
  /** Temporary files on each server, for tables whose keys have to be sorted. */
  readonly temporaryBytes: number;
}

/** The result of `pgmend check`. */
export interface Preflight {
  readonly mode: Mode;
  readonly postIsCurrent: boolean;
  readonly databases: Readonly<Record<DatabaseRole, DatabaseFacts>>;
  readonly rows: Readonly<Record<DatabaseRole, RowFacts>>;
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly tables: readonly Table[];
  readonly leftOut: readonly LeftOut[];
  readonly work: WorkEstimate;
}
