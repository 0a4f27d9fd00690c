import type {
  ApplyPreview,
  ApplyResult,
  Direction,
  RehearseResult,
  RowsDone,
  Signing,
  VerifyResult,
} from "../../../src/index.js";
import type { List } from "./list.js";

/** The steps from a written patch to a verified database, and back. */
export const recoverySteps = ["rehearse", "approve", "apply", "verify", "rollback"] as const;
export type RecoveryStep = (typeof recoverySteps)[number];

/** How far the recovery is, by what is in the plan; no database is asked. */
export interface Standing {
  readonly done: RowsDone;
  readonly signing: Signing;
  /** The config has `requireApproval`. */
  readonly needsApproval: boolean;
  /** Who would sign. */
  readonly signer: string;
  /** Whether a connection to the live database is known. */
  readonly knowsCurrent: boolean;
}

/** What became of a step in this session, in a sentence. */
export interface Verdict {
  readonly tone: "good" | "warning" | "error";
  readonly text: string;
}

/** The steps, and how far each is. */
export interface RecoveryPlace {
  readonly screen: "recovery";
  readonly id: number;
  readonly list: List;
}

/** What would be signed, and who has. */
export interface ApprovePlace {
  readonly screen: "approve";
  readonly id: number;
  readonly list: List;
}

/** Something that takes long, while it is under way and after. */
interface RunPlace {
  readonly id: number;
  /** `asking`: it waits for a person's word. `stopping`: it ends after what is at hand. */
  readonly phase: "looking" | "asking" | "running" | "stopping" | "over";
  readonly progress: RunProgress;
  /** Undefined until it is over. */
  readonly ended: Ended | undefined;
  /** Lines of what was found. */
  readonly list: List;
}

export interface RehearsePlace extends RunPlace {
  readonly screen: "rehearse";
  /** URL of a clone; empty: on current itself. */
  readonly on: string;
}

export interface ApplyPlace extends RunPlace {
  readonly screen: "apply";
  readonly direction: Direction;
  readonly onDrift: "stop" | "skip";
  readonly isPaused: boolean;
  /** What is asked about; undefined until current was looked at. */
  readonly preview: ApplyPreview | undefined;
}

export interface VerifyPlace extends RunPlace {
  readonly screen: "verify";
}

export type AnyRunPlace = RehearsePlace | ApplyPlace | VerifyPlace;

/** How far it is, gathered from what it tells. Times are milliseconds of the clock that comes with it. */
export interface RunProgress {
  readonly startedAt: number;
  readonly now: number;
  /** Of that time, spent waiting for others or for a person. */
  readonly idle: number;
  readonly table: string;
  readonly batch: number | undefined;
  readonly done: number;
  readonly total: number | undefined;
  /** Rows that were left. */
  readonly left: number;
  /** How often it gave way to somebody who held a lock. */
  readonly gaveWay: number;
  /** What it waits for just now. */
  readonly wait: string | undefined;
  readonly warnings: readonly string[];
}

/** How it ended. */
export type Ended =
  | { readonly kind: "rehearsed"; readonly result: RehearseResult }
  | { readonly kind: "applied"; readonly result: ApplyResult }
  | { readonly kind: "verified"; readonly result: VerifyResult }
  /** Somebody stopped it. */
  | { readonly kind: "stopped" }
  /** What went wrong, and what to do, a sentence a line. */
  | { readonly kind: "failed"; readonly lines: readonly string[] };
