import type {
  CallStep,
  ConflictDetail,
  ConflictGroup,
  ConflictLine,
  ConflictSelection,
  Mode,
  Overview,
  PlanHeader,
  Relatives,
  Step,
  Table,
} from "../../../src/index.js";
import type { SignatureRowsPlace, SignaturesPlace, StoryPlace, TimelinePlace } from "./incident-places.js";
import type { List } from "./list.js";
import type {
  ApplyPlace,
  ApprovePlace,
  RecoveryPlace,
  RecoveryStep,
  RehearsePlace,
  Standing,
  Verdict,
  VerifyPlace,
} from "./recovery-places.js";
import type { TextEntry } from "./text-entry.js";

/**
 * All that the terminal UI knows. It is data: what changes it is an action (`actions.ts`), by `reduce.ts` alone; what
 * reaches the world outside is an effect. Screens only show it.
 */
export interface State {
  readonly size: Size;
  /** Screens, one on top of another; the last one is shown, and never missing. */
  readonly places: readonly [Place, ...Place[]];
  readonly plan: PlanInfo | undefined;
  /** How far the recovery is; undefined until it was looked at. */
  readonly standing: Standing | undefined;
  /** What became of steps of it in this session. */
  readonly verdicts: Readonly<Partial<Record<RecoveryStep, Verdict>>>;
  /** What was decided in this session, to be taken back and done again. Without limit: the rows are in the store. */
  readonly history: History;
  /** The same for what signatures were called. */
  readonly calls: { readonly done: readonly Called[]; readonly undone: readonly Called[] };
  /** Goes with the decisions that follow. */
  readonly reason: string;
  readonly prompt: Prompt | undefined;
  readonly notice: Notice | undefined;
  /** What is under way, in words. No other decision is taken meanwhile. */
  readonly busy: string | undefined;
  /** Set when it is time to go. */
  readonly leaving: "left" | "interrupted" | undefined;
  /** Every place gets a number of its own, so that an answer that comes too late finds nobody. */
  readonly nextPlace: number;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface PlanInfo {
  readonly folder: string;
  readonly header: PlanHeader;
  readonly overview: Overview;
  /** Where the timeline of the incident is, as a person would name it; undefined: there is none. */
  readonly timeline?: string | undefined;
}

export interface Notice {
  readonly tone: "good" | "warning" | "error";
  readonly text: string;
}

export interface History {
  readonly done: readonly Decided[];
  readonly undone: readonly Decided[];
}

/** A step, and what it did, in words. */
export interface Decided {
  readonly step: Step;
  readonly what: string;
}

/** What signatures were called, and how to say it in words. */
export interface Called {
  readonly step: CallStep;
  readonly what: string;
}

/** A line of text that is being asked for. */
export interface Prompt {
  readonly asks: PromptKind;
  readonly label: string;
  readonly entry: TextEntry;
  /** Only of a value: it is to be NULL. */
  readonly isNull: boolean;
  /** Why the last answer was not taken. */
  readonly error: string | undefined;
}

export type PromptKind =
  | { readonly kind: "reason" }
  | { readonly kind: "search" }
  /** For a cell of the row that is open. */
  | { readonly kind: "value"; readonly column: string }
  /** The URL of a clone, or nothing. */
  | { readonly kind: "rehearse-on" }
  /** What was looked at before signing. */
  | { readonly kind: "sign" }
  /** To be typed before anything is written to a database. */
  | { readonly kind: "confirm"; readonly word: string };

export type Place =
  | ConnectPlace
  | ScanPlace
  | OverviewPlace
  | GroupsPlace
  | RowsPlace
  | RowPlace
  | DetailsPlace
  | PatchPlace
  | SignaturesPlace
  | SignatureRowsPlace
  | StoryPlace
  | TimelinePlace
  | RecoveryPlace
  | RehearsePlace
  | ApprovePlace
  | ApplyPlace
  | VerifyPlace
  | HelpPlace;
export type ScreenName = Place["screen"];

export interface ConnectPlace {
  readonly screen: "connect";
  readonly id: number;
  readonly fields: Readonly<Record<ConnectField, TextEntry>>;
  readonly mode: Mode;
  readonly focus: ConnectField;
  /** What is wrong, with the field it is about where there is one. */
  readonly errors: readonly { readonly field: ConnectField | undefined; readonly text: string }[];
  /** Where the recovery folder will be. */
  readonly folder: string;
}

export const connectFields = ["pre", "post", "current"] as const;
export type ConnectField = (typeof connectFields)[number];

export interface ScanPlace {
  readonly screen: "scan";
  readonly id: number;
  /** Milliseconds of the clock that progress comes with. */
  readonly startedAt: number;
  readonly now: number;
  readonly phase: string;
  readonly phaseStartedAt: number;
  /** Those to come, too. */
  readonly tables: readonly ScannedTable[];
  /** How many there are in all. */
  readonly tableCount: number;
  readonly done: number;
  readonly total: number | undefined;
  readonly warnings: readonly string[];
}

export interface ScannedTable {
  readonly table: string;
  readonly rows: number;
  /** How many rows it is thought to have. */
  readonly expected: number | undefined;
  /** Undefined: it waits for its turn. */
  readonly startedAt: number | undefined;
  /** Undefined until it is done. */
  readonly endedAt: number | undefined;
}

export interface OverviewPlace {
  readonly screen: "overview";
  readonly id: number;
  readonly list: List;
}

export interface GroupsPlace {
  readonly screen: "groups";
  readonly id: number;
  /** Index of the one table it is about; undefined: all of them. */
  readonly table: number | undefined;
  readonly search: string;
  /** Undefined until they were read. */
  readonly groups: readonly ConflictGroup[] | undefined;
  readonly list: List;
}

export interface RowsPlace {
  readonly screen: "rows";
  readonly id: number;
  /** What the rows have in common. */
  readonly title: string;
  /** All that is listed but for the search. */
  readonly of: ConflictSelection;
  readonly search: string;
  readonly list: List;
  /** How many there are; undefined until they were counted. */
  readonly total: number | undefined;
  /** The part of the list that was read, from this number. */
  readonly page: { readonly from: number; readonly lines: readonly ConflictLine[] };
}

export interface RowPlace {
  readonly screen: "row";
  readonly id: number;
  /** The list that it was opened from, and its number in it (from 0). */
  readonly among: ConflictSelection;
  readonly at: number;
  readonly total: number;
  readonly detail: ConflictDetail | undefined;
  readonly relatives: Relatives | undefined;
  readonly shows: "cells" | "all columns" | "relatives";
  readonly list: List;
}

/** A cell of a row, whole. */
export interface DetailsPlace {
  readonly screen: "details";
  readonly id: number;
  readonly detail: ConflictDetail;
  readonly table: Table;
  /** Position in the table. */
  readonly column: number;
  /** Lines. */
  readonly list: List;
}

export interface PatchPlace {
  readonly screen: "patch";
  readonly id: number;
  readonly search: string;
  readonly list: List;
  /** Undefined until the text was made. */
  readonly total: number | undefined;
  readonly page: { readonly from: number; readonly lines: readonly string[] };
  readonly isWritten: boolean;
}

export interface HelpPlace {
  readonly screen: "help";
  readonly id: number;
  /** The screen that it explains. */
  readonly about: ScreenName;
  readonly list: List;
}

export const placeOf = (state: State): Place => state.places.at(-1) ?? state.places[0];

/** What the rows screen lists. */
export function selectionOf({ of, search }: Pick<RowsPlace, "of" | "search">): ConflictSelection {
  return search === "" ? of : { ...of, text: search };
}

/** The groups that the search leaves, in order. */
export function listedGroups({ groups = [], search }: GroupsPlace): readonly ConflictGroup[] {
  const wanted = search.toLowerCase();
  return groups.filter(({ label, kind, columns, pattern }) =>
    [label, kind, ...columns, pattern].join(" ").toLowerCase().includes(wanted),
  );
}
