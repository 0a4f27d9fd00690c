import type { Mode, Progress, Review } from "../../../src/index.js";
import type { ConnectField, PlanInfo } from "../state/state.js";
import type { Incident } from "./incident.js";
import type { Recovery } from "./recovery.js";

/**
 * Everything the terminal UI does to the world: the plan that lies on the desk, making one, and making its patch. Tests
 * give a desk of their own.
 */
export interface Desk {
  /** @throws PlanError when no plan is open */
  review(): Review;
  /** @throws PlanError when no plan is open */
  recovery(): Recovery;
  /**
   * Compares, merges, writes the recovery folder, and opens it.
   * @throws UsageError, ConnectionError or several of them in an AggregateError; nothing is left behind then
   */
  scan(request: ScanRequest, tell: (progress: Progress) => void): Promise<PlanInfo>;
  /** Ends what is under way, where it can be ended: a scan at once, writing after the batch at hand. */
  stop(): void;
  /** @throws PlanError when no plan is open */
  incident(): Incident;
  /** Makes the patch as decided so far, beside the one there is. @returns its lines */
  makePatch(): Promise<number>;
  patchLines(from: number, count: number): Promise<readonly string[]>;
  /** The next line with the text; undefined: there is none from here on. */
  findInPatch(text: string, after: number, backwards: boolean): Promise<number | undefined>;
  /** Puts what was made into the recovery folder. @returns the plan as it is now */
  writePatch(): Promise<PlanInfo>;
  /**
   * Compares and merges once more, by what signatures are called; the plan that is open gives way to the new one.
   * @throws UsageError, PlanError, ConnectionError, InterruptedError; the plan stands as it was then
   */
  planAgain(tell: (progress: Progress) => void): Promise<PlanInfo>;
}

export interface ScanRequest {
  readonly urls: Readonly<Record<ConnectField, string>>;
  readonly mode: Mode;
}
