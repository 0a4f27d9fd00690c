import type { PlannedRow } from "../../model/change.js";
import type { Decision, ResolutionWord } from "../../model/decision.js";
import type { PlanHeader, Tally } from "../../model/plan.js";
import type { Key, Value } from "../../model/value.js";
import type { ConflictSelection, GroupCount, JournalRange } from "../../store/plan-store.js";

/**
 * A plan under review: what is in conflict, in pages, and what people decide about it. Everything decided is saved
 * when the promise resolves, and can be taken back step by step. Nothing here reads a whole plan into memory.
 */
export interface Review {
  readonly header: PlanHeader;
  overview(): Promise<Overview>;
  /** Conflicts that are alike, counted anew; those with most that is open first. @param table index; all without it */
  groups(table?: number): Promise<readonly ConflictGroup[]>;
  count(selection: ConflictSelection): Promise<number>;
  /** In order of position, from the one with this number (from 0). */
  conflicts(selection: ConflictSelection, from: number, count: number): Promise<readonly ConflictLine[]>;
  /** One of them, by its number. @throws RangeError when there is none */
  conflict(selection: ConflictSelection, at: number): Promise<ConflictDetail>;
  /** What refers to the row and what it refers to, in the plan and in `current`. */
  relatives(position: number): Promise<Relatives>;
  /**
   * Decides all that is selected and open, or, where nothing of it is open, all of it anew.
   * @throws UsageError when the resolution is not possible for what is selected
   */
  decide(selection: ConflictSelection, resolution: WantedResolution): Promise<Step>;
  /** Leaves all that is selected open again. */
  withdraw(selection: ConflictSelection): Promise<Step>;
  undo(step: Step): Promise<void>;
  redo(step: Step): Promise<void>;
  close(): Promise<void>;
}

/** Conflicts that are alike. */
export interface ConflictGroup extends GroupCount {
  /** Of the table. */
  readonly label: string;
  /** Names of the columns in conflict. */
  readonly columns: readonly string[];
  /** What happened to each column, in words. */
  readonly described: readonly string[];
  readonly open: number;
}

export interface Overview {
  readonly tallies: readonly Tally[];
  /** By table (index): conflicts that are open, and those that are decided. */
  readonly conflicts: readonly { readonly table: number; readonly open: number; readonly decided: number }[];
  /** Decisions that the patch in the folder does not have yet, withdrawn ones included. */
  readonly notInPatch: number;
}

export interface WantedResolution {
  readonly resolution: ResolutionWord;
  /** With `value`: by column name. */
  readonly values?: Readonly<Record<string, Value>> | undefined;
  readonly reason: string | undefined;
}

/** One decision, or many taken at once; undone and redone as one. */
export interface Step extends JournalRange {
  /** How many conflicts it decided or left open. */
  readonly rows: number;
  /** How many of the selected had been decided before, and stayed as they were. */
  readonly untouched: number;
}

/** A conflict as one line of a list. */
export interface ConflictLine {
  readonly row: PlannedRow;
  /** Undefined: nobody decided; a strategy may have. */
  readonly decision: Decision | undefined;
}

export interface ConflictDetail extends ConflictLine {
  readonly group: ConflictGroup | undefined;
}

/** A row that is bound to another one by a foreign key. */
export interface Relative {
  readonly relation: "parent" | "child";
  readonly constraint: string;
  /** Label of its table. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly key: Key | undefined;
  /** What the plan does with it; undefined where the plan does not speak of it. */
  readonly planned: Pick<PlannedRow, "position" | "operation" | "outcome"> | undefined;
  /** Undefined: `current` was not asked. */
  readonly inCurrent: boolean | undefined;
}

export interface Relatives {
  readonly rows: readonly Relative[];
  /** More than are listed. */
  readonly more: boolean;
  /** Why `current` could not be asked; undefined where it was. */
  readonly withoutCurrent: string | undefined;
}
