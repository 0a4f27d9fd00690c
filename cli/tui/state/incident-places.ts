import type { Key, PlannedRow, PlannedSignature, RowStory, TimelineSummary } from "../../../src/index.js";
import type { List } from "./list.js";

/** What the changes have in common, and what people call it. */
export interface SignaturesPlace {
  readonly screen: "signatures";
  readonly id: number;
  /** Undefined until they were read. */
  readonly found: FoundSignatures | undefined;
  readonly list: List;
}

export interface FoundSignatures {
  readonly list: readonly PlannedSignature[];
  /** Why the plan cannot be made again from here; undefined: it can. */
  readonly cannotPlan: string | undefined;
}

/** The rows of one signature. */
export interface SignatureRowsPlace {
  readonly screen: "signature-rows";
  readonly id: number;
  readonly signature: PlannedSignature;
  readonly list: List;
  readonly total: number;
  /** The part of the list that was read, from this number. */
  readonly page: { readonly from: number; readonly lines: readonly PlannedRow[] };
}

/** A row by its key; of a table without one, by that of the copy in the plan. */
export interface StoryOf {
  /** Label. */
  readonly table: string;
  readonly key: Key;
  /** The plan may not speak of it: then only databases know it. */
  readonly isPlanned: boolean;
}

export interface StoryPlace {
  readonly screen: "story";
  readonly id: number;
  readonly of: StoryOf;
  /** Undefined until it was found out, or where nobody knows of the row. */
  readonly story: RowStory | undefined;
  /** Why nobody does. */
  readonly why: string | undefined;
  /** Databases are being asked what they have now. */
  readonly isAsking: boolean;
  readonly list: List;
}

/** The timeline that lies in the folder. */
export interface TimelinePlace {
  readonly screen: "timeline";
  readonly id: number;
  /** Undefined until it was read. */
  readonly timeline: TimelineSummary | undefined;
  readonly list: List;
}
