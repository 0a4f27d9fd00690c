import type { ConflictKind } from "./conflict.js";
import type { Value } from "./value.js";

/** How a conflict can be settled: a version of the row, or values of one's own. */
export const resolutions = ["current", "incoming", "base", "value"] as const;
export type ResolutionWord = (typeof resolutions)[number];

/** A resolution with who took it, when and why. Saved beside the plan, and asked before any strategy. */
export interface Decision {
  /** The id of the conflict, the same from run to run. */
  readonly conflict: string;
  /** Label of the table. */
  readonly table: string;
  /** By column name, in key order. */
  readonly key: Readonly<Record<string, Value>>;
  readonly kind: ConflictKind;
  readonly resolution: ResolutionWord;
  /**
   * By column name, with the resolution `value`. Cells not named keep what current has; where a constraint does not allow
   * a row, or current has none, what the incoming row has.
   */
  readonly values?: Readonly<Record<string, Value>> | undefined;
  readonly reason: string | undefined;
  /** The operating system's user, unless another name was given. */
  readonly by: string;
  /** ISO time. */
  readonly at: string;
  /** Of base, current and incoming as they were shown: it is reused only where the row is still the same. */
  readonly fingerprint: string;
}

/** Who did something about decisions, and when (ISO time). */
export interface Doer {
  readonly by: string;
  readonly at: string;
}

/**
 * - `decided`: taken, or taken anew in the place of another one
 * - `withdrawn`: the conflict is left open again
 * - `reused`: taken for an earlier plan, and taken over as the row is still the same
 * - `lapsed`: taken for an earlier plan, and not taken over
 */
export const deeds = ["decided", "withdrawn", "reused", "lapsed"] as const;
export type Deed = (typeof deeds)[number];

/** One line of the journal: nothing in it is ever changed or removed. */
export interface JournalEntry extends Doer {
  /** Counts up from 1. */
  readonly number: number;
  readonly deed: Deed;
  readonly decision: Decision;
}
