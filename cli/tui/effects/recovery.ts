import type {
  ApplyPreview,
  ApplyResult,
  Direction,
  Progress,
  RehearseResult,
  VerifyResult,
} from "../../../src/index.js";
import type { Standing } from "../state/recovery-places.js";

type Tell = (progress: Progress) => void;

/** What was agreed to; what has been found instead, where that is not so any more. */
export type Applied =
  | { readonly kind: "applied"; readonly result: ApplyResult }
  | { readonly kind: "changed"; readonly preview: ApplyPreview };

/** What happens to the database when the patch is written, and how far it is. One step at a time. */
export interface Recovery {
  standing(): Promise<Standing>;
  /** Signs what is planned now. */
  sign(comment: string | undefined): Promise<Standing>;
  /** In a transaction that is rolled back. @param on URL of a clone; empty: current itself */
  rehearse(on: string, tell: Tell): Promise<RehearseResult>;
  /** What there is to write, and where. Writes nothing. */
  look(direction: Direction, tell: Tell): Promise<ApplyPreview>;
  /**
   * Writes, if it is still what was agreed to.
   * @throws InterruptedError after `stop`; what was written by then is safe
   */
  apply(
    agreed: { readonly preview: ApplyPreview; readonly onDrift: "stop" | "skip" },
    tell: Tell,
  ): Promise<Applied>;
  verify(tell: Tell): Promise<VerifyResult>;
  /** Holds off after the batch at hand, or goes on. */
  pause(isPaused: boolean): void;
}
