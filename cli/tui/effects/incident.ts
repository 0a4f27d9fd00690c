import type { CallStep, Calls, PlannedRow, RowStory, TimelineSummary } from "../../../src/index.js";
import type { StorySource } from "../state/actions.js";
import type { FoundSignatures, StoryOf } from "../state/incident-places.js";

/** What can be known of the incident, from the plan and what lies beside it. */
export interface Incident {
  signatures(): Promise<FoundSignatures>;
  signatureRows(signature: string, from: number, count: number): Promise<readonly PlannedRow[]>;
  /** Keeps what signatures are called. */
  call(calls: Calls): Promise<CallStep>;
  /**
   * @returns undefined: no database is known that could tell more than the plan
   * @throws UsageError when nobody knows of such a row
   */
  story(of: StoryOf, from: StorySource): Promise<RowStory | undefined>;
  /** @throws UsageError when there is none, or the file is none */
  timeline(): Promise<TimelineSummary>;
}
