import type {
  ApplyPreview,
  CallStep,
  Calls,
  ConflictDetail,
  ConflictGroup,
  ConflictLine,
  ConflictSelection,
  Direction,
  Mode,
  Overview,
  PlannedRow,
  Progress,
  Relatives,
  RowStory,
  TimelineSummary,
  WantedResolution,
} from "../../../src/index.js";
import type { FoundSignatures, StoryOf } from "./incident-places.js";
import type { Ended, Standing } from "./recovery-places.js";
import type { ConnectField, Decided, PlanInfo, Size } from "./state.js";
import type { EntryEdit } from "./text-entry.js";

/** What a key asks for. Each stands in the key table (`cli/tui/keys/key-table.ts`). */
export type Command =
  | "up"
  | "down"
  | "page-up"
  | "page-down"
  | "first"
  | "last"
  | "open"
  | "back"
  | "next"
  | "previous"
  | "take-current"
  | "take-incoming"
  | "take-base"
  | "leave-open"
  | "take-current-all"
  | "take-incoming-all"
  | "take-base-all"
  | "leave-open-all"
  | "edit"
  | "reason"
  | "search"
  | "undo"
  | "redo"
  | "all-rows"
  | "all-columns"
  | "signatures"
  | "call-damage"
  | "call-legitimate"
  | "call-others"
  | "call-nothing"
  | "plan-again"
  | "timeline"
  | "story"
  | "relatives"
  | "patch"
  | "write"
  | "recover"
  | "rehearse"
  | "approve"
  | "apply"
  | "verify"
  | "rollback"
  | "leave-moved"
  | "pause"
  | "stop"
  | "accept"
  | "cancel"
  | "null"
  | "mode"
  | "help"
  | "quit";

/** Whatever happens, as data. `place` is the number of the place that asked. */
export type Action =
  | { readonly type: "do"; readonly command: Command }
  /** A key that does nothing here and now. */
  | { readonly type: "refused"; readonly why: string }
  | { readonly type: "type"; readonly edit: EntryEdit }
  /** Where there are no keys to get there: an item of the list by its number, a field by its name. */
  | { readonly type: "select"; readonly at: number }
  | { readonly type: "focus"; readonly field: ConnectField }
  | { readonly type: "interrupt" }
  | { readonly type: "resized"; readonly size: Size }
  /** @property at milliseconds */
  | { readonly type: "told"; readonly progress: Progress; readonly at: number }
  | { readonly type: "opened"; readonly plan: PlanInfo }
  | { readonly type: "scan-failed"; readonly errors: readonly ConnectError[] }
  | { readonly type: "overview-read"; readonly overview: Overview }
  | { readonly type: "groups-read"; readonly place: number; readonly groups: readonly ConflictGroup[] }
  | { readonly type: "rows-counted"; readonly place: number; readonly total: number }
  | {
      readonly type: "rows-read";
      readonly place: number;
      readonly from: number;
      readonly lines: readonly ConflictLine[];
    }
  | { readonly type: "row-read"; readonly place: number; readonly detail: ConflictDetail }
  | { readonly type: "relatives-read"; readonly place: number; readonly relatives: Relatives }
  | { readonly type: "decided"; readonly decided: Decided }
  | { readonly type: "undone"; readonly decided: Decided }
  | { readonly type: "redone"; readonly decided: Decided }
  | { readonly type: "value-refused"; readonly error: string }
  | { readonly type: "patch-made"; readonly place: number; readonly total: number }
  | {
      readonly type: "patch-read";
      readonly place: number;
      readonly from: number;
      readonly lines: readonly string[];
    }
  | { readonly type: "patch-found"; readonly place: number; readonly at: number | undefined }
  | {
      readonly type: "patch-written";
      readonly place: number;
      readonly plan: PlanInfo;
      readonly text: string;
    }
  | { readonly type: "standing-read"; readonly standing: Standing }
  | { readonly type: "signed"; readonly standing: Standing }
  /** @property at milliseconds */
  | { readonly type: "run-told"; readonly place: number; readonly progress: Progress; readonly at: number }
  /** Nothing was written yet. */
  | { readonly type: "apply-asks"; readonly place: number; readonly preview: ApplyPreview }
  | { readonly type: "run-ended"; readonly place: number; readonly ended: Ended }
  | { readonly type: "signatures-read"; readonly place: number; readonly found: FoundSignatures }
  | {
      readonly type: "signature-rows-read";
      readonly place: number;
      readonly from: number;
      readonly lines: readonly PlannedRow[];
    }
  | { readonly type: "called"; readonly step: CallStep; readonly what: string; readonly turn: Turn }
  | { readonly type: "planned-again"; readonly plan: PlanInfo }
  | { readonly type: "plan-again-failed"; readonly text: string }
  | {
      readonly type: "story-read";
      readonly place: number;
      readonly from: StorySource;
      readonly story: RowStory | undefined;
      readonly why?: string | undefined;
    }
  | { readonly type: "timeline-read"; readonly place: number; readonly timeline: TimelineSummary }
  | { readonly type: "failed"; readonly text: string };

/** Something new, or what was done before, taken back or done again. */
export type Turn = "new" | "undo" | "redo";
/** The plan alone, or databases as well. */
export type StorySource = "plan" | "databases";

export interface ConnectError {
  readonly field: ConnectField | undefined;
  readonly text: string;
}

/** What the reducer wants of the world outside; `cli/tui/effects/` carries it out and answers with actions. */
export type Effect =
  | {
      readonly kind: "scan";
      readonly urls: Readonly<Record<ConnectField, string>>;
      readonly mode: Mode;
    }
  /** Whatever is under way ends, where it can. */
  | { readonly kind: "stop" }
  | { readonly kind: "read-overview" }
  | { readonly kind: "read-groups"; readonly place: number; readonly table: number | undefined }
  | { readonly kind: "count-rows"; readonly place: number; readonly selection: ConflictSelection }
  | {
      readonly kind: "read-rows";
      readonly place: number;
      readonly selection: ConflictSelection;
      readonly from: number;
      readonly count: number;
    }
  | {
      readonly kind: "read-row";
      readonly place: number;
      readonly selection: ConflictSelection;
      readonly at: number;
    }
  | { readonly kind: "read-relatives"; readonly place: number; readonly position: number }
  | {
      readonly kind: "decide";
      readonly selection: ConflictSelection;
      readonly wanted: WantedResolution;
      readonly what: string;
    }
  | { readonly kind: "withdraw"; readonly selection: ConflictSelection; readonly what: string }
  | { readonly kind: "undo"; readonly decided: Decided }
  | { readonly kind: "redo"; readonly decided: Decided }
  | { readonly kind: "make-patch"; readonly place: number }
  | { readonly kind: "read-patch"; readonly place: number; readonly from: number; readonly count: number }
  | {
      readonly kind: "find-in-patch";
      readonly place: number;
      readonly text: string;
      readonly after: number;
      readonly backwards: boolean;
    }
  | { readonly kind: "write-patch"; readonly place: number }
  | { readonly kind: "read-standing" }
  | { readonly kind: "sign"; readonly comment: string | undefined }
  /** @property on URL of a clone; empty: current */
  | { readonly kind: "rehearse"; readonly place: number; readonly on: string }
  /** Looks at current, and asks. */
  | { readonly kind: "look"; readonly place: number; readonly direction: Direction }
  | {
      readonly kind: "apply";
      readonly place: number;
      readonly onDrift: "stop" | "skip";
      /** What a person agreed to. */
      readonly preview: ApplyPreview;
    }
  | { readonly kind: "verify"; readonly place: number }
  | { readonly kind: "read-signatures"; readonly place: number }
  | {
      readonly kind: "read-signature-rows";
      readonly place: number;
      readonly signature: string;
      readonly from: number;
      readonly count: number;
    }
  | { readonly kind: "call"; readonly calls: Calls; readonly what: string; readonly turn: Turn }
  | { readonly kind: "plan-again" }
  | { readonly kind: "read-story"; readonly place: number; readonly of: StoryOf; readonly from: StorySource }
  | { readonly kind: "read-timeline"; readonly place: number }
  | { readonly kind: "pause"; readonly isPaused: boolean };

/** A new state, and what is to be done about it. */
export interface Next<S> {
  readonly state: S;
  readonly effects: readonly Effect[];
}
