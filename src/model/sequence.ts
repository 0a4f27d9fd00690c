/** A sequence as one database has it. Numbers are whole and may need 64 bits. */
export interface Sequence {
  /** `schema.name`, quoted only where SQL needs it. */
  readonly label: string;
  /** Columns that take their numbers from it: its owner first, then by name; none where only code asks it. */
  readonly columns: readonly SequenceColumn[];
  /** Negative where it counts down: then "up" and "past" mean down. */
  readonly increment: bigint;
  readonly min: bigint;
  readonly max: bigint;
  readonly cycle: boolean;
  /** Undefined where the role may not read it. */
  readonly state: SequenceState | undefined;
}

export interface SequenceColumn {
  /** Label of the table; of a partition, that of its root. */
  readonly table: string;
  readonly column: string;
}

export interface SequenceState {
  readonly lastValue: bigint;
  /** Whether `lastValue` itself was handed out; if not, it is what comes next. */
  readonly isCalled: boolean;
}

/** A sequence that the patch moves up. Both numbers count as handed out: what comes next is one step further. */
export interface SequenceMove {
  readonly sequence: string;
  /** `schema.table.column` */
  readonly columns: readonly string[];
  readonly from: string;
  readonly to: string;
}

/** A sequence as the plan keeps it: numbers as text, for JSON has none of 64 bits. */
export type NumberingSequence = Omit<Sequence, "increment" | "min" | "max" | "state"> & {
  readonly increment: string;
  readonly min: string;
  readonly max: string;
  readonly state?: { readonly lastValue: string; readonly isCalled: boolean } | undefined;
};

/** Where the sequences of the three databases stood, and which of them the plan may move. */
export interface Numbering {
  readonly pre: readonly NumberingSequence[];
  readonly post: readonly NumberingSequence[];
  readonly current: readonly NumberingSequence[];
  /** Globs, as they were asked for; none: all. */
  readonly tables: readonly string[];
  readonly excludeTables: readonly string[];
}
