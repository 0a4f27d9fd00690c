import type { Outcome } from "./change.js";
import type { ForeignKey } from "./table.js";

/** How the rows of one table are told to belong to a tenant: foreign keys to follow, then a column to read. */
export interface TenantWay {
  /** From the row to its parent, its parent's parent, …; empty where the row says it itself. */
  readonly keys: readonly ForeignKey[];
  /** Read in the table where the way ends. */
  readonly column: string;
}

/** What a plan knows of tenants besides its rows. */
export interface TenantScope {
  readonly column: string;
  /** The tenants that were asked for; empty: all. */
  readonly only: readonly string[];
  /** A patch for each tenant is written, too. */
  readonly patches: boolean;
  /** In words, by table label, how the tenant of a row was found; null where it cannot be. */
  readonly ways: Readonly<Record<string, string | null>>;
}

/** Whose rows they are, counted by what became of them. */
export interface TenantTally {
  /** Undefined: of no tenant that can be told. */
  readonly tenant: string | undefined;
  readonly outcome: Outcome;
  readonly conflictKind: string | undefined;
  readonly rows: number;
  /** How many of them the patch writes. */
  readonly written: number;
}

/** One person, as far as rows of one tenant go. */
export interface ActorTally {
  readonly actor: string | undefined;
  readonly tenant: string | undefined;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Indexes into the plan's tables, rising. */
  readonly tables: readonly number[];
}

export interface ActorCounts {
  readonly actors: number;
  /** Rows of which nobody is known to have written them. */
  readonly rowsWithout: number;
}
