import { UsageError } from "../../model/errors.js";
import type { PlanHeader } from "../../model/plan.js";
import { columnNames } from "../../model/table.js";
import type { TenantTally } from "../../model/tenant.js";
import { affectedCsv } from "../../report/csv/affected-csv.js";
import { conflictsCsv } from "../../report/csv/conflicts-csv.js";
import { rekeyedCsv } from "../../report/csv/rekeyed-csv.js";
import { reportHtml } from "../../report/html/report-html.js";
import { changesJsonl } from "../../report/jsonl/changes-jsonl.js";
import { conflictsJsonl } from "../../report/jsonl/conflicts-jsonl.js";
import { logProblemsJsonl } from "../../report/jsonl/log-problems-jsonl.js";
import { skippedJsonl } from "../../report/jsonl/skipped-jsonl.js";
import { reportMarkdown } from "../../report/report-markdown.js";
import { type Summary, summarize } from "../../report/summary.js";
import { findingsOf, type TimelineSummary } from "../../report/timeline/timeline-summary.js";
import type { PlanStore, RowFilter } from "../../store/plan-store.js";
import {
  redactedSummary,
  redactMore,
  redactorOf,
  shownActors,
  shownRows,
  shownTenants,
} from "../redaction.js";
import { unknownRedacted } from "../settings/unknown-redacted.js";
import type { RecoveryFile } from "./recovery-file.js";
import { type ReportRows, reportRows } from "./report-rows.js";

export interface ReportOptions {
  /** Columns that these files hide, besides those that the plan does: `schema.table.column`, globs. */
  readonly redact?: readonly string[];
  /** For report.html, where one has been made. */
  readonly timeline?: TimelineSummary | undefined;
}

export interface ReportFiles {
  readonly summary: Summary;
  readonly files: readonly RecoveryFile[];
  /** As they may be shown; undefined where the plan knows of none. */
  readonly tenants: readonly TenantTally[] | undefined;
}

/**
 * What a plan tells people and programs, each file as a stream of text: all of the recovery folder but the plan itself
 * and the patches.
 * @throws UsageError where `redact` names what is no column of the plan
 */
export async function reportFiles(
  store: PlanStore,
  { redact = [], timeline }: ReportOptions = {},
): Promise<ReportFiles> {
  const header = redactMore(await store.readHeader(), redact);
  const columns = header.tables.map((table) => ({
    label: table.label,
    columns: table.columns.map(({ name }) => name),
  }));
  const mistakes = unknownRedacted(() => "--redact", redact, columns);
  if (mistakes.length > 0) throw new UsageError(mistakes, "summary.json lists the tables of the plan");
  const redactor = redactorOf(header);
  const tenants = header.tenant === undefined ? undefined : await shownTenants(store, redactor);
  const actors = header.actor === undefined ? undefined : await store.countActors();
  const summary = redactedSummary(header, summarize(header, await store.tallies(), { tenants, actors }));
  return { summary, tenants, files: filesOf(store, header, summary, timeline) };
}

function filesOf(
  store: PlanStore,
  header: PlanHeader,
  summary: Summary,
  timeline: TimelineSummary | undefined,
): readonly RecoveryFile[] {
  const redactor = redactorOf(header);
  const shown = (filter: RowFilter) => shownRows(redactor, store.rows(filter));
  const conflicts = () => shown({ inConflict: true });
  // Where nothing is to be hidden, no more of the rows need be read than what is written.
  const written = { anyChange: true } as const;
  const isHidden = header.redaction !== undefined;
  const changes = isHidden ? shown(written) : store.writes(written);
  const listed = isHidden ? shown : (filter: RowFilter) => store.listed(filter);
  return [
    { name: "conflicts.csv", text: conflictsCsv(header, conflicts()) },
    { name: "conflicts.jsonl", text: conflictsJsonl(header, conflicts()) },
    {
      name: "skipped.jsonl",
      text: skippedJsonl(header.tables, shown({ outcomes: ["excluded", "skipped"] })),
    },
    { name: "changes.jsonl", text: changesJsonl(header.tables, changes) },
    ...rekeyedFile(header, shown),
    ...(header.postLog === undefined
      ? []
      : [{ name: "log-problems.jsonl", text: logProblemsJsonl(header, store.log.problems(), redactor) }]),
    {
      name: "report.html",
      text: reportHtml(header, summary, reportRows(listed), timeline && shownTimeline(header, timeline)),
    },
    { name: "report.md", text: reportMarkdown(header, summary) },
    { name: "summary.json", text: [`${JSON.stringify(summary, null, 2)}\n`] },
    ...(header.actor === undefined
      ? []
      : [{ name: "affected.csv", text: affectedCsv(header.tables, shownActors(store, redactor)) }]),
  ];
}

/** A timeline is made without a plan: what this one hides may be shown there. */
function shownTimeline({ redaction, tables }: PlanHeader, timeline: TimelineSummary): TimelineSummary {
  if (redaction === undefined) return timeline;
  const hidden = new Map(
    tables.map((table) => [table.label, new Set(columnNames(table, redaction.columns[table.label] ?? []))]),
  );
  // Of a table that the plan does not have, nothing says what may be shown.
  return findingsOf(timeline, (table, column) => hidden.get(table)?.has(column) ?? true);
}

/** Only replay hands out new keys. */
function rekeyedFile({ mode, tables }: PlanHeader, rows: ReportRows): readonly RecoveryFile[] {
  if (mode === "undo") return [];
  return [{ name: "rekeyed.csv", text: rekeyedCsv(tables, rows({ rekeyed: true, changes: ["insert"] })) }];
}
