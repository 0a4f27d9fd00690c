/**
 * pgmend as a library: the same steps the program takes. docs/library.md says which of these are for programs like
 * yours, with an example; the others serve the command line. What is not exported here may change without notice.
 */

export { type BetweenSettings, endsOf, type IntervalRange, type SnapshotTarget } from "./model/between.js";
export {
  type Cause,
  type Change,
  type Outcome,
  outcomes,
  type PlannedConflict,
  type PlannedRow,
} from "./model/change.js";
export type { Candidate, ConfigDraft, Exclusion, Keyless, StrategySuggestion } from "./model/config-draft.js";
export {
  type Answer,
  type Conflict,
  type ConflictCell,
  type ConflictKind,
  conflictKinds,
  type Resolution,
  type Strategy,
  type StrategyContext,
} from "./model/conflict.js";
export {
  type Decision,
  type Deed,
  type Doer,
  deeds,
  type JournalEntry,
  type ResolutionWord,
  resolutions,
} from "./model/decision.js";
export {
  ConnectionError,
  InterruptedError,
  type Mistake,
  PgmendError,
  PlanError,
  QueryError,
  SchemaMismatchError,
  StrategyError,
  UsageError,
} from "./model/errors.js";
export type { Approval, Direction } from "./model/journal.js";
export { identifier } from "./model/names.js";
export type { CompareMethod, Invariant, PlanHeader, TouchWrite } from "./model/plan.js";
export type { PostLogSource } from "./model/post-log.js";
export type {
  DatabaseFacts,
  Finding,
  FindingLevel,
  NewestRow,
  Preflight,
  RowFacts,
  TableFacts,
  WorkEstimate,
} from "./model/preflight.js";
export type { RowStory } from "./model/row-story.js";
export type {
  ActorSettings,
  ConnectionTarget,
  NamingSetting,
  PlanSettings,
  Rule,
  StrategyEntry,
  TenantSettings,
  TouchSettings,
} from "./model/settings.js";
export type { Call } from "./model/signature.js";
export { type Column, columnNames, keyObject, type Table } from "./model/table.js";
export type { Timeline, TimelineSettings } from "./model/timeline.js";
export type { Key, Row } from "./model/value.js";
export {
  type DatabaseRole,
  databaseRoles,
  type Mode,
  type Operation,
  operations,
  type Value,
} from "./model/value.js";
export { visible } from "./model/visible.js";
export {
  type CheckedConnection,
  type CheckedTable,
  type CheckSummary,
  summarizeCheck,
} from "./report/check-summary.js";
export { checkText } from "./report/check-text.js";
export { configYaml } from "./report/config-yaml.js";
export type { SignatureSummary } from "./report/signatures.js";
export { storyFacts, storyText } from "./report/story-text.js";
export type { Summary, TableSummary } from "./report/summary.js";
export { number, plural, summaryText } from "./report/text.js";
export { timelineFile, timelineFileNames, timelineFiles } from "./report/timeline/timeline-files.js";
export { summarizeTimeline, type TimelineSummary } from "./report/timeline/timeline-summary.js";
export { timelineText } from "./report/timeline/timeline-text.js";
export { findingWords, headline, kindWords } from "./report/timeline/timeline-words.js";
export { type ConflictSelection, openPlanStore, type PlanStore } from "./store/plan-store.js";
export { apply } from "./workflow/apply/apply.js";
export { approve, type Signing, signingOf } from "./workflow/apply/approval.js";
export { driftedKeys } from "./workflow/apply/drifted-keys.js";
export { dryRun, type PlannedBatch } from "./workflow/apply/dry-run.js";
export { type Fingerprint, fingerprintOf } from "./workflow/apply/fingerprint.js";
export type { InvariantResult } from "./workflow/apply/invariants.js";
export type {
  ApplyLimits,
  ApplyOptions,
  ApplyPreview,
  ApplyResult,
  LeftRow,
} from "./workflow/apply/options.js";
export type { Pauses } from "./workflow/apply/pause.js";
export { type RehearseOptions, type RehearseResult, rehearse } from "./workflow/apply/rehearse.js";
export { type RowsDone, rowsDone } from "./workflow/apply/rows-done.js";
export { type CheckOptions, check } from "./workflow/check.js";
export { type Decided, type DecideOptions, decide, type Wish } from "./workflow/decide.js";
export {
  type ConflictFilter,
  type FoundConflict,
  findConflicts,
} from "./workflow/deciding/find-conflicts.js";
export type { Earlier } from "./workflow/deciding/reuse-decisions.js";
export type { Deciding } from "./workflow/deciding/take-decisions.js";
export { type DraftOptions, draft } from "./workflow/draft.js";
export { type ExplainOptions, explain, explainRow } from "./workflow/explain/explain.js";
export type { RecoveryFile, TextChunks } from "./workflow/files/recovery-file.js";
export { recoveryFiles } from "./workflow/files/recovery-files.js";
export { type ReportFiles, type ReportOptions, reportFiles } from "./workflow/files/report-files.js";
export { listConflicts } from "./workflow/list-conflicts.js";
export { type PlanOptions, plan } from "./workflow/plan.js";
export type { OnProgress, Progress } from "./workflow/progress.js";
export { type ResolveOptions, resolve } from "./workflow/resolve.js";
export { openReview, type ReviewOptions } from "./workflow/review/open-review.js";
export type {
  ConflictDetail,
  ConflictGroup,
  ConflictLine,
  Overview,
  Relative,
  Relatives,
  Review,
  Step,
  WantedResolution,
} from "./workflow/review/review.js";
export type { RowState } from "./workflow/row-states.js";
export { contradictionsIn } from "./workflow/settings/contradictions.js";
export { type GivenSettings, planSettings } from "./workflow/settings/plan-settings.js";
export { withCalls } from "./workflow/signatures/calls.js";
export {
  type CallStep,
  type Calls,
  openSignatures,
  type PlannedSignature,
  type Signatures,
} from "./workflow/signatures/open-signatures.js";
export { otherMaking } from "./workflow/signatures/other-making.js";
export { type TimelineOptions, timeline } from "./workflow/timeline/timeline.js";
export { type VerifyOptions, type VerifyResult, verify } from "./workflow/verify.js";
