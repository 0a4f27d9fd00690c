import type { BetweenSettings, IntervalRange } from "./between.js";
import type { ConflictKind, Strategy } from "./conflict.js";
import type { Invariant, TouchWrite } from "./plan.js";
import type { PostLogSource } from "./post-log.js";
import type { DatabaseRole, Mode, Operation } from "./value.js";

/** A rule says what of the incident delta is damage; the first that matches a row decides it (design 2.2). */
export interface Rule {
  /** Where it stands, for messages: `pgmend.yaml:12:5 rules[0]`. */
  readonly where: string;
  readonly match: RuleMatch;
  readonly is: "damage" | "legitimate" | "excluded";
}

export interface RuleMatch {
  /** Globs over table labels; undefined matches every table. */
  readonly tables?: readonly string[] | undefined;
  readonly operations?: readonly Operation[] | undefined;
  /** Masks cells: the other columns of the row count as not touched by the incident. */
  readonly columns?: readonly string[] | undefined;
  /** A PostgreSQL expression over the row aliases pre, post and current. */
  readonly where?: string | undefined;
  /** `xmin` of the row in `post`. */
  readonly transactions?: readonly string[] | undefined;
  /** Ids, such as `S1`; where one means some columns only, it masks the others as `columns` does. */
  readonly signatures?: readonly string[] | undefined;
  /** What changed in one of these intervals. */
  readonly during?: IntervalRange | undefined;
}

/** One entry of the chain of strategies; the first that matches and answers settles the conflict (design 2.3). */
export interface StrategyEntry {
  readonly where: string;
  readonly match: {
    readonly tables?: readonly string[] | undefined;
    readonly columns?: readonly string[] | undefined;
    readonly kinds?: readonly ConflictKind[] | undefined;
  };
  readonly strategy: Strategy;
  readonly options: Readonly<Record<string, unknown>>;
}

/** How to reach one database: a URL, or what libpq's environment variables say. Holds secrets: never print it. */
export interface ConnectionTarget {
  readonly url: string;
}

/** Everything a plan needs to know, checked at the door: no later step meets a malformed setting. */
export interface PlanSettings {
  readonly mode: Mode;
  /** `post` may be left out: then `current` is read in its place. */
  readonly connections: Readonly<Record<Exclude<DatabaseRole, "post">, ConnectionTarget>> & {
    readonly post?: ConnectionTarget | undefined;
  };
  /** Read in the place of `post`; only in mode replay. */
  readonly postLog?: PostLogSource | undefined;
  /** Snapshots from inside the window; undefined: there are none. */
  readonly between?: BetweenSettings | undefined;
  readonly tables: readonly string[];
  readonly excludeTables: readonly string[];
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** What `pre` or `post` call otherwise than `current`; undefined: nothing. */
  readonly renames?: readonly Rename[] | undefined;
  readonly rules: readonly Rule[];
  /** What counts as damage where no rule matches; only in mode undo. */
  readonly damage: readonly Operation[];
  readonly strategies: readonly StrategyEntry[];
  readonly touch: TouchSettings;
  /** Columns that only make sense together, by table label. */
  readonly groups: Readonly<Record<string, readonly (readonly string[])[]>>;
  readonly granularity: "row" | "cell";
  readonly triggers: "fire" | "disable";
  readonly invariants: readonly Invariant[];
  readonly guard: GuardSettings;
  /** What is odd about them and no mistake, in words. */
  readonly warnings?: readonly string[] | undefined;
  /** Undefined: the config names none. */
  readonly tenant?: TenantSettings | undefined;
  readonly actor?: ActorSettings | undefined;
  /** Tables compared at a time, each over a connection to pre and one to post. */
  readonly jobs?: number | undefined;
  /** Connections over which rows of `current` are looked up; undefined: one, as it is at work. */
  readonly currentJobs?: number | undefined;
  /** False: rows are never told to be the same by their versions. */
  readonly lineage?: boolean | undefined;
  /** Columns that files do not show the values of: names or globs, optionally `schema.table.column`. */
  readonly redact?: readonly string[] | undefined;
  /** Where a name was written that the databases may not know: `pgmend.yaml:3:9 tables[0]`. Undefined: not in a file. */
  readonly placeOf?: ((setting: NamingSetting, name: string) => string | undefined) | undefined;
}

/** A table, or a column of one, by its name in `current`, and what it is called in the others where that differs. */
export interface Rename {
  readonly where: string;
  readonly table: string;
  readonly column?: string | undefined;
  readonly pre?: string | undefined;
  readonly post?: string | undefined;
}

/** Settings that name tables or columns. */
export type NamingSetting = "tables" | "excludeTables" | "keys" | "groups" | "touch" | "redact";

/** Limits beyond which the damage itself is suspected to be what is being replayed (design 2.6). */
export interface GuardSettings {
  /** A table that lost more than this share of its rows, and more than this many. */
  readonly massDelete: { readonly share: number; readonly rows: number };
}

/** Columns that record that a row was written, not what it says, and what becomes of them (design 2.3). */
export interface TouchSettings {
  /** Names or globs, optionally `schema.table.column`; undefined: the default names, and only date and time columns. */
  readonly columns?: readonly string[] | undefined;
  readonly write: TouchWrite;
}

/** Whose a row is (design 2.7). */
export interface TenantSettings {
  /** Where the column is named, for messages. */
  readonly where: string;
  readonly column: string;
  /** How to get from a table without the column to one that has it, where the shortest way is not the right one. */
  readonly paths: readonly TenantPath[];
  /** Tenants that were asked for; empty: all. */
  readonly only: readonly string[];
  /** A patch for each tenant, besides the whole one. */
  readonly patches: boolean;
}

export interface TenantPath {
  readonly where: string;
  readonly table: string;
  /** Each the name of a foreign key, or one of its columns. */
  readonly steps: readonly string[];
}

/** The column that says who wrote a row. */
export interface ActorSettings {
  readonly where: string;
  readonly column: string;
}
