/**
 * A sample incident whose right ending is known without any merge.
 *
 * A story is a list of steps, and each step knows the worlds it holds in. `truth` is one of these worlds: in it the
 * steps that ought to hold take place and the others do not, so that a recovered `current` has to equal it cell by
 * cell. In mode `undo` truth is a copy of `pre` on which people do what they did and the incident never happens. In
 * mode `replay` it is a copy of `pre` on which people do what they did in the lost window, as far as it can be put
 * back, and then what they did on the restored database.
 */
export interface Story {
  readonly name: string;
  readonly title: string;
  readonly mode: "undo" | "replay";
  /** `pgmend.yaml` as the person on call would have written it. */
  readonly config: string;
  play(stage: Stage): Promise<PlayedStory>;
}

/** The server a story plays on, and how large it gets. The same scale and seed give the same rows. */
export interface Stage {
  /** URL of a database on the server by name; `postgres` is the maintenance database. */
  url(database: string): string;
  /** 1 is the demo; rows and edits grow linearly with it. */
  readonly scale: number;
  readonly seed: number;
  /** Hears the turning points, such as "22:16 the rollback unpins every device". */
  readonly onStep?: (text: string) => void;
}

export interface PlayedStory {
  /** URLs of the four databases. */
  readonly pre: string;
  readonly post: string;
  readonly current: string;
  readonly truth: string;
  /** Every conflict that must be left open, and no other. In each of them current already is as it should be. */
  readonly conflicts: readonly ExpectedConflict[];
  /** Figures for the demo to tell, counted while the story was written, not read back from the databases. */
  readonly facts: Readonly<Record<string, number>>;
  /** What else a replay must come to; only in mode `replay`. */
  readonly replay?: Replay;
}

/** A row as a report names it. A row of the lost window goes by the key it has in `post`. */
export interface RowKey {
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
}

export interface ExpectedConflict extends RowKey {
  readonly kind: string;
  /**
   * The columns both sides changed, or those of the constraint that breaks; empty where the whole row is at stake,
   * as it is when a deletion meets rows that stay.
   */
  readonly columns: readonly string[];
  /**
   * Where a constraint breaks: the row in the way (the other holder of a unique value, the child that stays, the
   * parent that is not there), then what is in the way of that, and so on.
   */
  readonly cause?: readonly RowKey[];
}

export interface Replay {
  readonly excluded: readonly RowChange[];
  readonly skipped: readonly ExpectedSkip[];
  /** Rows that come back under another key. */
  readonly rekeyed: readonly {
    readonly table: string;
    readonly from: RowKey["key"];
    readonly to: RowKey["key"];
  }[];
  /** Every tenant that has a row in the incident delta. */
  readonly tenants: readonly TenantFigures[];
}

/** A row that differs between `pre` and `post`. */
export interface RowChange extends RowKey {
  readonly operation: "insert" | "update" | "delete";
}

export interface ExpectedSkip extends RowChange {
  /** What it needs, what that needs, … and last what is excluded. Left out where more than one such chain is true. */
  readonly cause?: readonly RowKey[];
}

export type ExpectedOutcome = "apply" | "already" | "conflict" | "kept" | "excluded" | "skipped";

/** Row changes of the incident delta by what becomes of them. */
export interface TenantFigures {
  readonly tenant: string;
  readonly outcomes: Readonly<Record<ExpectedOutcome, number>>;
  readonly conflicts: Readonly<Record<string, number>>;
}
