import type { Mode } from "./value.js";

/** What `pgmend init` found out: what is plain is set, what is a guess is only suggested. */
export interface ConfigDraft {
  readonly mode: Mode;
  /** Variable by variable, without passwords: `PGMEND_PRE`, `postgresql://keeper@db1:5432/fleet_pre`. */
  readonly connections: readonly { readonly variable: string; readonly url: string }[];
  readonly tables: number;
  readonly touch: {
    /** Names of columns that pgmend takes for touch columns, or `schema.table.column` where not all of a name are. */
    readonly columns: readonly string[];
    /** Dates and times that may be touch columns under another name. */
    readonly maybe: readonly string[];
  };
  /** Likeliest first. */
  readonly tenants: readonly Candidate[];
  readonly actors: readonly Candidate[];
  readonly keyless: readonly Keyless[];
  readonly renames: readonly RenameSuggestion[];
  readonly exclusions: readonly Exclusion[];
  readonly strategies: readonly StrategySuggestion[];
  readonly sequences: number;
}

/** A column that many tables have and that leads to one table. */
export interface Candidate {
  readonly column: string;
  /** The table it refers to. */
  readonly parent: string;
  /** Tables in which it is a foreign key to that one. */
  readonly references: number;
  /** Tables that have a column of this name and no such foreign key. */
  readonly others: number;
}

/** A table without a key that all three databases have. */
export interface Keyless {
  readonly table: string;
  /** Columns that may tell them apart; undefined: nothing to go by. */
  readonly key: readonly string[] | undefined;
  readonly why: string;
}

/** What looks renamed; an entry of `renames` as it stands. */
export interface RenameSuggestion {
  readonly table: string;
  readonly column?: string;
  readonly pre?: string;
  readonly post?: string;
}

/** A table that is hardly worth recovering. */
export interface Exclusion {
  readonly table: string;
  readonly why: string;
}

/** One strategy for columns of one name. */
export interface StrategySuggestion {
  readonly use: string;
  readonly column: string;
  readonly tables: readonly string[];
  readonly why: string;
}
