import type { PlanHeader } from "../model/plan.js";
import { affectedCsv } from "../report/affected-csv.js";
import { changesJsonl } from "../report/changes-jsonl.js";
import { conflictsCsv } from "../report/conflicts-csv.js";
import { conflictsJsonl } from "../report/conflicts-jsonl.js";
import { reportHtml } from "../report/html/report-html.js";
import { logProblemsJsonl } from "../report/log-problems-jsonl.js";
import { rekeyedCsv } from "../report/rekeyed-csv.js";
import { reportMarkdown } from "../report/report-markdown.js";
import { skippedJsonl } from "../report/skipped-jsonl.js";
import { type Summary, summarize } from "../report/summary.js";
import { writtenByTenant } from "../report/tenants.js";
import type { PlanStore, RowFilter } from "../store/plan-store.js";
import { type PatchScope, patchText } from "./patch-text.js";
import type { RecoveryFile } from "./recovery-file.js";
import { redactedSummary, redactorOf, shownActors, shownRows, shownTenants } from "./redaction.js";
import { type ReportRows, reportRows } from "./report-rows.js";
import { tenantFiles } from "./tenant-files.js";

/** All files of the recovery folder but the plan store itself, each as a stream of text (design 3). */
export async function recoveryFiles(
  store: PlanStore,
): Promise<{ readonly summary: Summary; readonly files: readonly RecoveryFile[] }> {
  const header = await store.readHeader();
  const redactor = redactorOf(header);
  const shown = (filter: RowFilter) => shownRows(redactor, store.rows(filter));
  const tenants = header.tenant === undefined ? undefined : await shownTenants(store, redactor);
  const actors = header.actor === undefined ? undefined : await store.countActors();
  const summary = redactedSummary(header, summarize(header, await store.tallies(), { tenants, actors }));
  const whole: PatchScope = {
    source: async () => store,
    leftOut: leftOutOf(summary),
    tenants: tenants === undefined ? [] : writtenByTenant(tenants),
  };
  const conflicts = () => shown({ inConflict: true });
  const files: readonly RecoveryFile[] = [
    { name: "patch.sql", text: patchText(header, whole, "patch") },
    { name: "rollback.sql", text: patchText(header, whole, "rollback") },
    { name: "conflicts.csv", text: conflictsCsv(header, conflicts()) },
    { name: "conflicts.jsonl", text: conflictsJsonl(header, conflicts()) },
    {
      name: "skipped.jsonl",
      text: skippedJsonl(header.tables, shown({ outcomes: ["excluded", "skipped"] })),
    },
    { name: "changes.jsonl", text: changesJsonl(header.tables, shown({ anyChange: true })) },
    ...rekeyedFile(header, shown),
    ...(header.postLog === undefined
      ? []
      : [{ name: "log-problems.jsonl", text: logProblemsJsonl(header, store.log.problems(), redactor) }]),
    { name: "report.html", text: reportHtml(header, summary, reportRows(shown)) },
    { name: "report.md", text: reportMarkdown(header, summary) },
    { name: "summary.json", text: [`${JSON.stringify(summary, null, 2)}\n`] },
    ...(header.actor === undefined
      ? []
      : [{ name: "affected.csv", text: affectedCsv(header.tables, shownActors(store, redactor)) }]),
    ...(await tenantFiles(store, header, summary)),
  ];
  return { summary, files };
}

/** Only replay hands out new keys. */
function rekeyedFile({ mode, tables }: PlanHeader, rows: ReportRows): readonly RecoveryFile[] {
  if (mode === "undo") return [];
  return [{ name: "rekeyed.csv", text: rekeyedCsv(tables, rows({ rekeyed: true, changes: ["insert"] })) }];
}

/** What the incident delta has and the patch does not, table by table; then what was never compared. */
function leftOutOf({ tables, leftOut }: Summary): readonly string[] {
  const perTable = tables.flatMap((table) => {
    const conflicts = Object.entries(table.conflicts).map(([kind, rows]) => `${rows} in conflict (${kind})`);
    const others = (["kept", "excluded", "skipped", "already"] as const).flatMap((outcome) =>
      table[outcome] === 0
        ? []
        : [`${table[outcome]} ${outcome === "already" ? "already as wanted" : outcome}`],
    );
    const parts = [...conflicts, ...others];
    return parts.length === 0 ? [] : [`${table.table}: ${parts.join(", ")}`];
  });
  return [...perTable, ...leftOut.map(({ table, reason }) => `${table}: ${reason}`)];
}
